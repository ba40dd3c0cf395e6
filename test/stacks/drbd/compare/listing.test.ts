import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContents } from '../../../../source/stacks/drbd/compare/contents.js';
import { parseRoom } from '../../../../source/stacks/drbd/compare/aside.js';
import {
  differencesOf,
  unlikeBuckets,
  unlikeParts,
} from '../../../../source/stacks/drbd/compare/differences.js';
import {
  parseEntries,
  parseSideRead,
  type FileEntry,
} from '../../../../source/stacks/drbd/compare/listing.js';
import { extentOf } from '../../../../source/stacks/drbd/compare/place.js';
import { snapshotSize } from '../../../../source/stacks/drbd/compare/room.js';

const HEAD = 'id 0-1\ngeneration CCCCCCCCCCCCCCC\nat 1795284826\n';
const SUM = '576275a061d89ca5e22cdd7419a110a8';

/** An entry that was not changed since the sides were one. */
function file(path: string, more: Partial<FileEntry> = {}): FileEntry {
  const same = { inode: '12', type: 'f', size: 5, modified: '10.5', changed: '10.5' };
  return { ...same, owned: '644 0:0', path, ...more };
}

test('what a host keeps is read with its head, and is nothing without one', () => {
  const files = parseSideRead(`${HEAD}kind files\n${SUM}  -\nbucket 290 2 1795284826.7789609550\n`);
  assert.deepEqual(files?.found, {
    kind: 'files',
    buckets: [{ number: '290', sum: SUM, count: 2, newest: 1_795_284_826.778_961 }],
  });
  const blocks = parseSideRead(`${HEAD}kind blocks\n0 ${SUM}\n1 ${SUM}\n`);
  assert.deepEqual(blocks?.found, { kind: 'blocks', sums: [SUM, SUM] });
  assert.equal(parseSideRead(''), undefined);
  assert.equal(parseSideRead('kind files\n'), undefined, 'a list that was not finished counts');
  assert.equal(parseSideRead(`${HEAD}kind dreams\n`), undefined);
});

test('names may hold blanks and newlines; a torn line is counted and not guessed', () => {
  const { entries, unread } = parseEntries(
    [
      '2377372 d 4096 1795284826.78 1795284826.78 755 0:0 ',
      '2377375 f 0 1795284826.77 1795284826.77 644 33:33 a dir/c d',
      '2377376 f 1 1795284826.77 1795284826.77 644 0:0 n\u0001l',
      '2377377 f 12 17952',
    ].join('\n'),
  );
  assert.deepEqual(
    entries.map(({ path }) => path),
    ['/', '/a dir/c d', '/n\nl'],
  );
  assert.equal(entries[1]?.owned, '644 33:33');
  assert.equal(unread, 1);
});

test('only here, only there, and in what two of one name differ; the newest first', () => {
  const here = [
    file('/same'),
    file('/both', { size: 9, modified: '30.0', changed: '30.0' }),
    file('/a', { changed: '20.0' }),
  ];
  const there = [
    file('/same'),
    file('/both', { modified: '40.0', changed: '40.0' }),
    file('/b', { changed: '25.0' }),
  ];
  const found = differencesOf(here, there).map((one) =>
    one.kind === 'only'
      ? `${one.side} ${one.entry.path}`
      : `${one.entries[0].path} ${one.in.join()}`,
  );
  assert.deepEqual(found, ['/both size,time', '1 /b', '0 /a']);
});

test('a file whose size and times were put back is found by the time of its change', () => {
  const [found] = differencesOf([file('/x', { changed: '99.1' })], [file('/x')]);
  assert.ok(found?.kind === 'unlike');
  assert.deepEqual(found.in, ['change']);
  const folder = { type: 'd' };
  const touched = differencesOf(
    [file('/d', { ...folder, modified: '9.0', changed: '9.0' })],
    [file('/d', folder)],
  );
  assert.deepEqual(touched, [], 'a folder differs by what is in it');
  const [rights] = differencesOf(
    [file('/d', { ...folder, owned: '700 0:0' })],
    [file('/d', folder)],
  );
  assert.ok(rights?.kind === 'unlike' && rights.in.join() === 'rights');
});

test('of very many names those of the newest stretches are compared, and how many are left is known', () => {
  const bucket = (number: string, newest: number, sum = number, count = 100) => ({
    ...{ number, sum: sum.repeat(32).slice(0, 32), count, newest },
  });
  const here = [bucket('1', 10), bucket('2', 30, 'a'), bucket('3', 20, 'a')];
  const there = [bucket('1', 10), bucket('2', 5), bucket('3', 5), bucket('4', 25)];
  assert.deepEqual(unlikeBuckets(here, there, 1000), { buckets: ['2', '4', '3'], left: 0 });
  assert.deepEqual(unlikeBuckets(here, there, 200), { buckets: ['2', '4'], left: 1 });
  assert.deepEqual(unlikeBuckets(here, there, 1).buckets, ['2'], 'one is always compared');
});

test('a million files that are alike need no list at all', () => {
  const buckets = Array.from({ length: 15_000 }, (_, at) => ({
    ...{ number: String(at), sum: 'a'.repeat(32), count: 70, newest: at },
  }));
  assert.deepEqual(unlikeBuckets(buckets, buckets, 40_000), { buckets: [], left: 0 });
});

test('parts that differ are found by their sums, also where one side is shorter', () => {
  assert.deepEqual(unlikeParts(['a', 'b', 'c'], ['a', 'x', 'c']), [1]);
  assert.deepEqual(unlikeParts(['a', 'b'], ['a']), [1]);
  assert.equal(extentOf(256 * 2 ** 20), 2 ** 20);
  assert.equal(extentOf(2 * 2 ** 40), 2 * 2 ** 30);
});

test('what a volume carries: its size without DRBD’s own, and the file system that blkid knows', () => {
  assert.deepEqual(parseContents('130976\next4\nended 0\n'), {
    type: 'ext4',
    sizeBytes: 67_059_712,
  });
  assert.deepEqual(parseContents('130976\nended 2\n'), { type: undefined, sizeBytes: 67_059_712 });
  assert.deepEqual(parseContents('ended 2\n'), { type: undefined, sizeBytes: undefined });
});

test('room is looked for where /var/lib lies, then where there is most', () => {
  const head = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n';
  const all = `${head}/dev/vda1 9000000 100 1000 1% /\n/dev/sdb1 9000000 100 7000 1% /srv\n/dev/sdc1 900 1 9000 1% /big disk\n`;
  const rooms = parseRoom(`${all}default\n${head}/dev/vda1 9000000 100 1000 1% /\n`);
  assert.deepEqual(
    rooms.map(({ at, freeBytes }) => `${at} ${freeBytes}`),
    ['/ 1024000', '/big disk 9216000', '/srv 7168000'],
  );
});

test('a snapshot to read from has a tenth of the volume, and never more than can be needed', () => {
  const [mib, gib] = [2 ** 20, 2 ** 30];
  assert.equal(snapshotSize(100 * gib, 4 * mib), 10 * gib);
  assert.equal(snapshotSize(200 * mib, 4 * mib), 64 * mib);
  assert.equal(snapshotSize(24 * mib, 4 * mib), 32 * mib);
});
