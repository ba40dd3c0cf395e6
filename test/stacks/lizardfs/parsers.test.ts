import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Parsed } from '../../../source/core/parsed.js';
import { inspectors } from '../../../source/stacks/lizardfs/inspectors.js';
import { parseChunkservers } from '../../../source/stacks/lizardfs/tools/chunkservers.js';
import { parseChunksHealth } from '../../../source/stacks/lizardfs/tools/chunks-health.js';
import { parseDisks } from '../../../source/stacks/lizardfs/tools/disks.js';
import { goalShape, parseGoals } from '../../../source/stacks/lizardfs/tools/goals.js';
import { parseInfo } from '../../../source/stacks/lizardfs/tools/info.js';
import { parseMetadataServers } from '../../../source/stacks/lizardfs/tools/metadata-servers.js';
import { parseMounts } from '../../../source/stacks/lizardfs/tools/mounts.js';

/** A text that must be understood as a whole. */
function whole<T>(result: Parsed<T>): T {
  assert.ok(result.ok, result.ok ? '' : `line ${result.line}: expected ${result.expected}`);
  assert.deepEqual(result.unread, []);
  return result.value;
}

for (const { id, sample, inspect } of inspectors) {
  test(`the sample of ${id} is understood as a whole`, () => {
    assert.deepEqual(whole(inspect(sample)).unread, []);
  });

  test(`${id} puts the remarks of a capture into unread`, () => {
    const result = inspect(`${sample}# --- cmd: lizardfs-admin\n# exit=0\n`);
    assert.deepEqual(result.ok && result.unread, ['# --- cmd: lizardfs-admin', '# exit=0']);
  });

  test(`${id} says of another text at which line it is not its kind`, () => {
    const result = inspect("\nError: Can't connect to 127.0.0.11:9421\n");
    assert.equal(result.ok, false);
    assert.equal(result.line, 2);
  });

  test(`${id} drops no line that it does not understand`, () => {
    const line = fc
      .string({ unit: 'binary' })
      .map((text) => `\u0001${text.replace(/[\r\n]/g, '')}`);
    fc.assert(
      fc.property(fc.array(line), (strange) => {
        const result = inspect(sample + strange.join('\n'));
        assert.deepEqual(result.ok && result.unread, strange);
      }),
      { numRuns: 50 },
    );
  });

  test(`${id} never throws, whatever its fields are`, () => {
    const words = sample.split(/\s+/);
    const line = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })));
    const text = fc.array(line.map((some) => some.join(' '))).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (some) => {
        inspect(some);
      }),
      { numRuns: 100 },
    );
  });
}

test('a disconnected chunkserver is in the list with nothing known of it', () => {
  const { servers } = whole(parseChunkservers('127.0.0.23:9422 - 0 0 0 0 0 0 0 -\n'));
  assert.equal(servers[0]?.connected, false);
  assert.equal(servers[0].version, '-');
  assert.equal(servers[0].label, '-');
});

test('the fields of a chunkserver come in the order of the tool', () => {
  const { servers } = whole(parseChunkservers('10.0.0.1:9422 3.13.0 1 2 3 4 5 6 7 ssd\n'));
  assert.deepEqual(servers[0], {
    address: '10.0.0.1:9422',
    connected: true,
    version: '3.13.0',
    chunks: 1,
    usedBytes: 2,
    totalBytes: 3,
    toDeleteChunks: 4,
    toDeleteUsedBytes: 5,
    toDeleteTotalBytes: 6,
    errors: 7,
    label: 'ssd',
  });
});

test('a blank in the path of a disk does not shift its fields', () => {
  const { disks } = whole(parseDisks('10.0.0.1:9422 /mnt/my disk  2/ yes no yes 5 6 7 8 9\n'));
  assert.deepEqual(disks[0], {
    server: '10.0.0.1:9422',
    path: '/mnt/my disk  2/',
    toDelete: true,
    damaged: false,
    scanning: true,
    lastErrorChunk: 5,
    lastErrorAt: 6,
    totalBytes: 7,
    usedBytes: 8,
    chunks: 9,
  });
});

test('the statistics of a disk are told apart from the plain fields', () => {
  const numbers = Array.from({ length: 24 }, (_, index) => index + 1).join(' ');
  const { disks } = whole(parseDisks(`10.0.0.1:9422 /mnt/a b/ no no no 0 0 7 8 9 ${numbers}\n`));
  assert.equal(disks[0]?.path, '/mnt/a b/');
  assert.equal(disks[0].chunks, 9);
  assert.equal(disks[0].lastMinute?.readBytes, 1);
  assert.equal(disks[0].lastHour?.slowestReadMicros, 11);
  assert.equal(disks[0].lastDay?.fsyncs, 24);
});

test('no output means no disks, and no mounts', () => {
  assert.deepEqual(whole(parseDisks('')), { disks: [] });
  assert.deepEqual(whole(parseMounts('')), { mounts: [] });
});

test('a capture without any record has only its remarks unread', () => {
  const result = parseDisks('# --- cmd: lizardfs-admin list-disks --porcelain\n# exit=0\n');
  assert.deepEqual(result.ok && result.value, { disks: [] });
  assert.equal(result.ok && result.unread.length, 2);
});

test('a goal whose name has a blank is read from the right end', () => {
  const { availability, deletion } = whole(
    parseChunksHealth('AVA my goal 3 2 1\nDEL my goal 0 1 2 3 4 5 6 7 8 9 10\n'),
  );
  assert.deepEqual(availability, [{ goal: 'my goal', safe: 3, endangered: 2, lost: 1 }]);
  assert.deepEqual(deletion[0]?.counts.length, 11);
});

test('the 15 fields of SaunaFS have symlinks before chunks', () => {
  const info = whole(parseInfo('4.3.0 1 2 3 4 5 6 7 8 9 10 11 12 13 13\n'));
  assert.equal(info.symlinks, 11);
  assert.equal(info.chunks, 12);
  assert.equal(info.copies, 13);
});

test('the 14 fields of LizardFS have no symlinks', () => {
  const info = whole(parseInfo('3.13.0 1 2 3 4 5 6 7 8 9 10 11 12 12\n'));
  assert.equal(info.symlinks, undefined);
  assert.equal(info.files, 10);
  assert.equal(info.chunks, 11);
  assert.equal(info.copies, 12);
});

test('a shadow that has not told its port yet is read as the tool prints it', () => {
  const { servers } = whole(parseMetadataServers('10.0.0.2 0 unknown unknown unknown 0 3.13.0\n'));
  assert.equal(servers[0]?.port, 0);
  assert.equal(servers[0].personality, 'unknown');
});

test('quotes and backslashes in a goal are taken off', () => {
  const { goals } = whole(parseGoals('3 "a \\"b\\"" "c: $std {_ \\\\}"\n4 d $std _\n'));
  assert.deepEqual(goals, [
    { id: 3, name: 'a "b"', definition: 'c: $std {_ \\}', shape: { servers: 2, survives: 1 } },
    { id: 4, name: 'd', definition: '$std _', shape: { servers: 1, survives: 0 } },
  ]);
});

test('the shape of a goal says how many servers it needs and outlives', () => {
  assert.deepEqual(goalShape('1: $std _'), { servers: 1, survives: 0 });
  assert.deepEqual(goalShape('fast: $std {ssd _}'), { servers: 2, survives: 1 });
  assert.deepEqual(goalShape('x: $xor3 {_ _ _ _}'), { servers: 4, survives: 1 });
  assert.deepEqual(goalShape('e: $ec(5,2)'), { servers: 7, survives: 2 });
  assert.deepEqual(goalShape('two: $std {_ _} $ec(2,1) {_ _ _}'), { servers: 3, survives: 3 });
  assert.equal(goalShape('what is this'), undefined);
});

test('blanks in a mount point and in its folder do not shift the fields', () => {
  const line = '7 10.0.0.9 /mnt/my files 3.13.0 /vm disks/x 0 0 999 998 yes no no no yes 2 3 - 60';
  assert.deepEqual(whole(parseMounts(`${line}\n`)).mounts[0], {
    session: 7,
    ip: '10.0.0.9',
    mountPoint: '/mnt/my files',
    version: '3.13.0',
    rootFolder: '/vm disks/x',
    rootUid: 0,
    rootGid: 0,
    mapAllUid: 999,
    mapAllGid: 998,
    readOnly: true,
    restrictedIp: false,
    ignoreGid: false,
    allCanChangeQuota: false,
    mapAll: true,
    minGoal: 2,
    maxGoal: 3,
    maxTrashSeconds: 60,
  });
});

test('a mount in which two words could be the version is left unread, not guessed', () => {
  const plain = '1 10.0.0.9 /mnt 3.13.0 / 0 0 999 999 no yes no no no';
  const odd = '2 10.0.0.9 /mnt/a 1.2.3 /b 3.13.0 / 0 0 999 999 no yes no no no';
  const result = parseMounts(`${plain}\n${odd}\n`);
  assert.equal(result.ok && result.value.mounts.length, 1);
  assert.deepEqual(result.ok && result.unread, [odd]);
});
