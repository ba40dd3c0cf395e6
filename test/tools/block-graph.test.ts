import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deviceNode, diskNode, mountNode, StorageGraph } from '../../source/core/graph.js';
import { parseBlockDevices, type BlockDevices } from '../../source/tools/block-devices.js';
import { blockGraph } from '../../source/tools/block-graph.js';
import { membersNeeded } from '../../source/tools/block-groups.js';
import { deviceNames, volumeOf } from '../../source/tools/block-names.js';

const real = readFileSync(
  new URL('../../../fixtures/block-devices/fiori.txt', import.meta.url),
  'utf8',
);

function devices(...lines: readonly string[]): BlockDevices {
  const read = parseBlockDevices(lines.join('\n'));
  assert.ok(read.ok);
  assert.deepEqual(read.unread, []);
  return read.value;
}

function line(name: string, kernel: string, type: string, on = '', more = ''): string {
  return `device NAME="${name}" KNAME="${kernel}" PKNAME="${on}" TYPE="${type}" RO="0" SIZE="1000000" ${more}`;
}

function graphOf(...lines: readonly string[]): StorageGraph {
  return new StorageGraph([blockGraph('a', devices(...lines))]);
}

const dev = (name: string) => deviceNode('a', name);

test('a real machine: the LUN carries both paths, the map, and nothing else', () => {
  const graph = new StorageGraph([blockGraph('fiori', devices(real.trimEnd()))]);
  const lun = diskNode('360000000000000000e00000000020001');
  const at = (name: string) => deviceNode('fiori', name);
  assert.deepEqual([...graph.above([lun])].sort(), [at('dm-0'), at('sda'), at('sdb')].sort());
  assert.equal(graph.node(at('sda'))?.kind, 'path');
  assert.equal(graph.whatIf([at('sda')]).get(at('dm-0')), 'degraded');
  assert.equal(graph.whatIf([lun]).get(at('dm-0')), 'dead');
  assert.deepEqual(graph.contradictions, []);
});

test('a real machine: a disk that goes takes its volume group and volume, DRBD lives on', () => {
  const graph = new StorageGraph([blockGraph('fiori', devices(real.trimEnd()))]);
  const fates = graph.whatIf([deviceNode('fiori', 'vdd')]);
  const fate = (path: string) => fates.get(graph.nameOf(deviceNode('fiori', path)));
  assert.equal(fates.get('vg:fiori/hfvg'), 'dead');
  assert.equal(fate('/dev/hfvg/data'), 'dead');
  assert.equal(fate('/dev/mapper/hfvg-data'), 'dead');
  assert.equal(fate('/dev/drbd21'), 'degraded');
  assert.ok(graph.beneath([mountNode('fiori', '/')]).has(deviceNode('fiori', 'vda')));
});

test('an array needs as many members as its level, and a spare is no member', () => {
  const raid = (level: string, disks: number) => membersNeeded({ level, disks });
  assert.deepEqual(
    [raid('raid1', 3), raid('raid5', 4), raid('raid6', 6), raid('raid10', 4), raid('raid0', 2)],
    [1, 3, 4, 3, 2],
  );
  const graph = graphOf(
    ...['sda', 'sdb', 'sdc', 'sdd'].flatMap((disk) => [
      line(disk, disk, 'disk'),
      line('md0', 'md0', 'raid5', disk),
    ]),
    'raid md0 raid5 3',
    'member md0 sda in_sync',
    'member md0 sdb in_sync,write_mostly',
    'member md0 sdc in_sync',
    'member md0 sdd spare',
  );
  const after = (...gone: readonly string[]) => graph.whatIf(gone.map(dev)).get(dev('md0'));
  assert.equal(after('sda'), 'degraded');
  assert.equal(after('sdd'), 'degraded');
  assert.equal(after('sda', 'sdd'), 'degraded');
  assert.equal(after('sda', 'sdb'), 'dead');
});

test('an array that has lost a member already has none to spare', () => {
  const graph = graphOf(
    line('sda', 'sda', 'disk'),
    line('sdb', 'sdb', 'disk'),
    line('md0', 'md0', 'raid5', 'sda'),
    line('md0', 'md0', 'raid5', 'sdb'),
    'raid md0 raid5 3',
    'member md0 sda in_sync',
    'member md0 sdb in_sync',
  );
  assert.equal(graph.whatIf([dev('sda')]).get(dev('md0')), 'dead');
});

test('a mirrored volume outlives one of its disks, a plain one does not', () => {
  const graph = graphOf(
    line('sda', 'sda', 'disk'),
    line('sdb', 'sdb', 'disk'),
    line('vg-m_rmeta_0', 'dm-0', 'lvm', 'sda'),
    line('vg-m_rimage_0', 'dm-1', 'lvm', 'sda'),
    line('vg-m_rmeta_1', 'dm-2', 'lvm', 'sdb'),
    line('vg-m_rimage_1', 'dm-3', 'lvm', 'sdb'),
    ...['dm-0', 'dm-1', 'dm-2', 'dm-3'].map((one) => line('vg-m', 'dm-4', 'lvm', one)),
    line('vg-plain', 'dm-5', 'lvm', 'sda'),
  );
  const fates = graph.whatIf([dev('sda')]);
  assert.equal(fates.get(dev('dm-4')), 'degraded');
  assert.equal(fates.get(dev('dm-5')), 'dead');
  assert.equal(fates.get('vg:a/vg'), 'degraded');
});

test('mounts, swap and those who have it open hold a device', () => {
  const graph = graphOf(
    line('sda', 'sda', 'disk', '', 'FSTYPE="ext4"'),
    line('sdb', 'sdb', 'disk', '', 'FSTYPE="swap"'),
    'number sda 8:0',
    'mount 36 35 8:0 / /mnt/my\\040disk rw - ext4 /dev/sda rw',
    'mount 37 35 8:0 /sub /srv rw - ext4 /dev/sda rw',
    'mount 38 35 0:40 / /far rw - nfs4 filer:/x rw',
    'mount 39 35 0:4 / /proc rw - proc proc rw',
    'swap /dev/sdb partition 1 0 -2',
    'open sda 712 qemu-system-x86',
  );
  const above = graph.above([dev('sda')]);
  assert.ok(above.has(mountNode('a', '/mnt/my disk')) && above.has(mountNode('a', '/srv')));
  assert.ok(above.has('user:a/sda/the process qemu-system-x86 (712)'));
  assert.deepEqual(graph.holders(dev('sdb')), ['swap:a/sdb']);
  assert.ok(graph.node(mountNode('a', '/far')));
  assert.equal(graph.node(mountNode('a', '/proc')), undefined);
});

test('a loop device stands on the file system that its file lies in', () => {
  const graph = graphOf(
    line('sda', 'sda', 'disk'),
    line('loop0', 'loop0', 'loop'),
    'file loop0 /images/vm 1.img',
    'number sda 8:0',
    'mount 36 35 8:0 / /images rw - ext4 /dev/sda rw',
  );
  assert.equal(graph.whatIf([dev('sda')]).get(dev('loop0')), 'dead');
});

test('one LUN on two hosts is one disk, in use on both', () => {
  const wwn = 'WWN="0x6001405e1a2b3c4d5e6f708192a3b4c5"';
  const sda = line('sda', 'sda', 'disk', '', wwn);
  const graph = new StorageGraph([
    blockGraph('a', devices(sda, 'number sda 8:0', 'mount 36 35 8:0 / /x rw - ocfs2 /dev/sda rw')),
    blockGraph('b', devices(sda)),
  ]);
  const above = graph.above([diskNode('36001405e1a2b3c4d5e6f708192a3b4c5')]);
  assert.ok(above.has(mountNode('a', '/x')) && above.has(deviceNode('b', 'sda')));
});

test('the doubled dashes of LVM are undone', () => {
  const of = (name: string) => volumeOf({ type: 'lvm', name });
  assert.deepEqual(of('my--vg-my--lv'), { group: 'my-vg', name: 'my-lv' });
  assert.deepEqual(of('vg-pool-tpool'), { group: 'vg', name: 'pool-tpool' });
  assert.equal(of('odd'), undefined);
  const [device] = devices(line('my--vg-lv', 'dm-3', 'lvm')).devices;
  assert.ok(device);
  assert.deepEqual(deviceNames(device), ['/dev/dm-3', '/dev/mapper/my--vg-lv', '/dev/my-vg/lv']);
});

test('after a glance udev tells what a disk holds, after the deep script the disk itself', () => {
  const disk = line('sda', 'sda', 'disk', '', 'FSTYPE="xfs"');
  assert.deepEqual(devices('from memory', disk).devices[0]?.signatures, ['xfs']);
  assert.deepEqual(devices(disk, 'signature sda 0x438,u,,ext4').devices[0]?.signatures, ['ext4']);
});
