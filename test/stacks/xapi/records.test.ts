import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explainXe, parseXeError } from '../../../source/stacks/xapi/read/errors.js';
import { parseSrs } from '../../../source/stacks/xapi/read/lists.js';
import { parseMap, parseMinimal, parseRecords } from '../../../source/stacks/xapi/read/records.js';
import {
  mountOf,
  parseMountLine,
  pathInside,
} from '../../../source/stacks/xapi/read/mount-table.js';

function fields(text: string, ...keys: readonly string[]) {
  const read = parseRecords(text);
  assert.ok(read.ok);
  assert.deepEqual(read.unread, []);
  return read.value.map((record) => keys.map((key) => record.get(key)));
}

test('records are told apart, whatever their first key is and however they are padded', () => {
  const text = `resident-on ( RO)    : 8f69621a
         dom-id ( RO): 98


resident-on ( RO)    : 9f69621a
         dom-id ( RO): 99


`;
  assert.deepEqual(fields(text, 'resident-on', 'dom-id'), [
    ['8f69621a', '98'],
    ['9f69621a', '99'],
  ]);
});

test('empty values, brackets, backslashes and colons stay as they are', () => {
  const text = `uuid ( RO)                : 00000000
          name-label ( RW):
    name-description ( RW): SMB [\\\\192.168.0.1\\ISO]: old
           tags ( SRW) [DEPRECATED]: a; b
`;
  assert.deepEqual(fields(text, 'name-label', 'name-description', 'tags'), [
    ['', 'SMB [\\\\192.168.0.1\\ISO]: old', 'a; b'],
  ]);
});

test('a description of several lines, an empty one among them, belongs to its field', () => {
  const text = `uuid ( RO)                : 1
    name-description ( RW): one

two
          name-label ( RW): x


uuid ( RO)                : 2
          name-label ( RW): y
`;
  assert.deepEqual(fields(text, 'name-description', 'name-label'), [
    ['one\ntwo', 'x'],
    ['', 'y'],
  ]);
});

test('no record is an empty list, and what is no list is refused', () => {
  assert.deepEqual(fields(''), []);
  const read = parseRecords('\nThe uuid you supplied was invalid.\n');
  assert.ok(!read.ok && read.line === 2);
});

test('sizes that the server does not know are not numbers', () => {
  const record = (size: string) =>
    `uuid ( RO)             : 1\n    physical-size ( RO): ${size}\n             type ( RO): iso\n`;
  for (const [size, known] of [
    ['-1', undefined],
    ['0', undefined],
    ['64768442368', 64768442368],
  ] as const) {
    const read = parseSrs(record(size));
    assert.ok(read.ok);
    assert.equal(read.value[0]?.size, known);
  }
});

test('a map keeps colons and semicolons in its values', () => {
  const map = parseMap('location: nas:/export; odd; options: a=1; server: 10.0.0.1');
  assert.deepEqual(
    [...map],
    [
      ['location', 'nas:/export; odd'],
      ['options', 'a=1'],
      ['server', '10.0.0.1'],
    ],
  );
  assert.deepEqual([...parseMap('')], []);
});

test('what --minimal escapes comes back as it was', () => {
  const escape = (value: string) => value.replace(/[\\,]/g, '\\$&');
  const value = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      assert.deepEqual(parseMinimal(`${values.map(escape).join(',')}\n`), values);
    }),
  );
  assert.deepEqual(parseMinimal('\n'), []);
});

test('both shapes of an error are read', () => {
  const driver = parseXeError(
    'Error code: SR_BACKEND_FAILURE_47\nError parameters: , The SR is not available [opterr=ceph is not installed],\n',
  );
  assert.deepEqual(
    [driver.code, driver.says, driver.detail],
    ['SR_BACKEND_FAILURE_47', 'The SR is not available', 'ceph is not installed'],
  );
  const known = parseXeError('The uuid you supplied was invalid.\ntype: PBD\nuuid: 1\n');
  assert.deepEqual(
    [known.code, known.says, [...known.params]],
    [
      undefined,
      'The uuid you supplied was invalid.',
      [
        ['type', 'PBD'],
        ['uuid', '1'],
      ],
    ],
  );
  const outcome = { kind: 'exited', code: 1, stdout: '', stderr: 'Lost.\nsr: 1\n' } as const;
  assert.equal(explainXe(outcome), 'Lost.: sr 1');
});

test('values of an error that are missing say nothing, and those that are too many are kept', () => {
  const said = (lines: string): string | undefined =>
    explainXe({ kind: 'exited', code: 1, stdout: '', stderr: `In use\n${lines}` });
  assert.equal(said('vdi: 1 (files 0)\noperation: <unknown>\n'), 'In use: vdi 1 (files 0)');
  assert.equal(
    said('vdi: 1\noperation: 2\n<extra>: 3\n<extra>: 4\n'),
    'In use: vdi 1, operation 2, and 3, 4',
  );
  assert.equal(said('VM: 1\nVM: 2\n'), 'In use: VM 1, 2');
});

test('the mount beneath a path is the deepest, and the last of several on one point', () => {
  const mounts = [
    '25 1 8:1 / / rw shared:1 - ext3 /dev/sda1 rw',
    '26 25 0:41 / /mnt/a rw - fuse mfs#m:9421 rw',
    '27 25 0:42 /sub /mnt/a rw - fuse mfs#n:9421 rw',
    '28 25 0:43 / /mnt/a\\040b rw - nfs s:/x rw',
  ].flatMap((line) => parseMountLine(line) ?? []);
  assert.equal(mounts.length, 4);
  const on = mountOf(mounts, '/mnt/a/sr');
  assert.ok(on);
  assert.equal(on.source, 'mfs#n:9421');
  assert.equal(pathInside(on, '/mnt/a/sr'), '/sub/sr');
  assert.equal(mountOf(mounts, '/mnt/ab')?.target, '/');
  assert.equal(mountOf(mounts, '/mnt/a b/c')?.type, 'nfs');
});
