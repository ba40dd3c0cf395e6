import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addHddPath,
  hddEntries,
  markHddPath,
  parseHddFile,
  printHddFile,
  removeHddPath,
} from '../../source/files/mfshdd.js';

const TEXT = '# disks\n/mnt/a\n*/mnt/b/\n\n /mnt/with blank \n';

test('an mfshdd.cfg that is read and printed is the same bytes', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(printHddFile(parseHddFile(text)), text);
    }),
  );
});

test('paths, blanks in them and drain marks are read', () => {
  assert.deepEqual(hddEntries(parseHddFile(TEXT)), [
    { path: '/mnt/a', draining: false },
    { path: '/mnt/b/', draining: true },
    { path: '/mnt/with blank', draining: false },
  ]);
});

test('a disk is added once, whatever slash it ends with', () => {
  const file = addHddPath(parseHddFile(TEXT), '/mnt/c');
  assert.equal(printHddFile(file), `${TEXT}/mnt/c\n`);
  assert.equal(addHddPath(file, '/mnt/c/'), file);
  assert.equal(printHddFile(removeHddPath(file, '/mnt/c')), TEXT);
});

test('marking a disk for draining changes its line alone', () => {
  const marked = printHddFile(markHddPath(parseHddFile(TEXT), '/mnt/a', true));
  assert.equal(marked, TEXT.replace('/mnt/a', '*/mnt/a'));
  assert.equal(printHddFile(markHddPath(parseHddFile(marked), '/mnt/a', false)), TEXT);
});

test('a path that would be another line is refused', () => {
  assert.throws(() => addHddPath(parseHddFile(''), '/mnt/a\n/mnt/b'), RangeError);
});
