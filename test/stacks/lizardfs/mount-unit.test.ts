import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  mountUnitName,
  parseMountUnit,
} from '../../../source/stacks/lizardfs/mounting/mount-unit.js';

test('a mount unit has the name that systemd-escape gives its path', () => {
  // As `systemd-escape -p --suffix=mount` prints them (systemd 252).
  for (const [path, name] of [
    ['/mnt/lizardfs', 'mnt-lizardfs.mount'],
    ['/mnt/my-vms/web_1', 'mnt-my\\x2dvms-web_1.mount'],
    ['//mnt//a.b/', 'mnt-a.b.mount'],
    ['/.hidden', '\\x2ehidden.mount'],
    ['/mnt/a@b', 'mnt-a\\x40b.mount'],
    ['/mnt/ä', 'mnt-\\xc3\\xa4.mount'],
  ] as const) {
    assert.equal(mountUnitName(path), name);
  }
});

test('a unit is known by where it mounts', () => {
  assert.deepEqual(parseMountUnit('/etc/systemd/system/mnt-x.mount /mnt/x/'), {
    path: '/etc/systemd/system/mnt-x.mount',
    target: '/mnt/x',
  });
});
