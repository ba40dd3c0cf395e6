import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addFstabEntry,
  fstabEntries,
  fstabFaults,
  parseFstab,
  printFstab,
  removeFstabEntries,
} from '../../source/files/fstab.js';

const TEXT = `# /etc/fstab: static file system information.
UUID=8f3c\t/\text4 errors=remount-ro 0 1

/dev/disk/by-id/ata-CT250-part1   /mnt/my\\040disk xfs  defaults,nofail 0 2   # slow one
192.0.2.9:/srv /srv nfs _netdev
`;

test('an fstab that is read and printed is the same bytes', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '# a comment',
      '',
      '/dev/sda1 / ext4 defaults 0 1',
      'a b',
      '\t',
      'x /y z o 0 0 7',
    ),
  );
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, newline) => {
      const text = lines.join('\n') + (newline ? '\n' : '');
      assert.equal(printFstab(parseFstab(text)), text);
    }),
  );
});

test('fields are read with their escapes, and missing ones have their defaults', () => {
  const [root, disk, nfs] = fstabEntries(parseFstab(TEXT));
  assert.deepEqual(root?.options, ['errors=remount-ro']);
  assert.equal(disk?.target, '/mnt/my disk');
  assert.deepEqual(disk.options, ['defaults', 'nofail']);
  assert.deepEqual([nfs?.dump, nfs?.pass], [0, 0]);
});

test('an added entry changes nothing else, and taking it out gives the file back', () => {
  const entry = {
    source: '/dev/disk/by-id/ata-X',
    target: '/mnt/with blank',
    type: 'ext4',
    options: ['defaults', 'nofail'],
    dump: 0,
    pass: 2,
  };
  const added = addFstabEntry(parseFstab(TEXT), entry);
  const text = printFstab(added);
  assert.equal(text, `${TEXT}/dev/disk/by-id/ata-X /mnt/with\\040blank ext4 defaults,nofail 0 2\n`);
  assert.deepEqual(fstabEntries(parseFstab(text)).at(-1), entry);
  const taken = removeFstabEntries(added, ({ source }) => source === entry.source);
  assert.equal(printFstab(taken), TEXT);
});

test('the lines of the LizardFS procedure that lack the mount point are told', () => {
  const text =
    '/dev/disk/by-id/ata-A defaults,nofail 0 2\n/dev/disk/by-id/ata-B ext4 defaults 0 2\n';
  assert.deepEqual(
    fstabFaults(parseFstab(text)).map(({ line }) => line),
    [1, 2],
  );
});

test('a field that would break the line is refused', () => {
  const entry = { source: 'a\nb', target: '/x', type: 'ext4', options: ['x'], dump: 0, pass: 0 };
  assert.throws(() => addFstabEntry(parseFstab(''), entry), RangeError);
});
