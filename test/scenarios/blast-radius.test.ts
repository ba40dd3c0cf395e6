import assert from 'node:assert/strict';
import { before, after, test } from 'node:test';
import { deviceNode, diskNode, mountNode, StorageGraph } from '../../source/core/graph.js';
import { Now } from '../../source/core/probe.js';
import { startDemo, type Demo } from '../../source/demo/index.js';
import { disks } from '../../source/stacks/disks/index.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { stacks } from '../../source/stacks/index.js';
import { parseBlockDevices } from '../../source/tools/block-devices.js';
import { blockGraph } from '../../source/tools/block-graph.js';
import { lookAt, problemsOf } from '../support/demo.js';
import { recordedNow } from '../support/recordings.js';

let demo: Demo;
let whole: StorageGraph;

before(async () => {
  demo = await startDemo({ scenario: 'calm' });
  const world = await lookAt(demo);
  const now = new Now(world.at, world.hosts, world.readings);
  whole = new StorageGraph(stacks.map((stack) => stack.graph(now)));
});

after(() => demo.stop());

/** What becomes of a thing, by any of its names, when these go. */
function fate(id: string, ...gone: readonly string[]): string | undefined {
  return whole.whatIf(gone).get(whole.nameOf(id));
}

test('what several stacks say of one thing does not contradict', () => {
  assert.deepEqual(whole.contradictions, []);
});

test('a disk beneath DRBD takes its replica; the resource and its mounts go on with the peer', () => {
  const [one, other] = [deviceNode('kvm-1', 'sdb'), deviceNode('kvm-2', 'sdb')];
  assert.equal(fate('drbd.replica:kvm-1/r0', one), 'dead');
  assert.equal(fate('drbd.resource:r0', one), 'degraded');
  assert.equal(fate(deviceNode('kvm-1', '/dev/drbd0'), one), 'degraded');
  assert.equal(fate(mountNode('kvm-1', '/srv/vms'), one), 'degraded');
  assert.equal(fate(mountNode('kvm-2', '/srv/vms'), one), 'degraded');
  assert.equal(fate(mountNode('kvm-2', '/srv/vms'), one, other), 'dead');
});

test('a disk that a chunkserver stores on takes its folder, and the chunkserver goes on', () => {
  const disk = diskNode('0x500a0751100000062');
  assert.ok(whole.node(deviceNode('xs-1', 'sdb')));
  const sdb = deviceNode('xs-1', 'sdb');
  const folder = '/mnt/ata-CT250MX200SSD1_15371b';
  assert.equal(fate(mountNode('xs-1', folder), sdb), 'dead');
  assert.equal(fate(`lizardfs.disk:10.20.0.11:9422/${folder}/`, sdb), 'dead');
  assert.equal(fate('lizardfs.chunkserver:10.20.0.11:9422', sdb), 'degraded');
  assert.equal(fate(mountNode('xs-1', '/'), sdb), undefined);
  assert.ok(!whole.beneath([mountNode('xs-1', '/')]).has(disk));
});

test('a path carries its map only in part, and its LUN carries it all', () => {
  const map = deviceNode('san-1', '/dev/mapper/data');
  const path = [...whole.beneath([map])].find((id) => whole.node(id)?.kind === 'path');
  assert.ok(path);
  assert.equal(fate(mountNode('san-1', '/srv/data'), path), 'degraded');
  const lun = [...whole.beneath([map])].find((id) => id.startsWith('disk:'));
  assert.ok(lun);
  assert.equal(fate(mountNode('san-1', '/srv/data'), lun), 'dead');
});

test('a path that is pulled is told once', async (t) => {
  const pulled = await startDemo({ scenario: 'path-lost' });
  t.after(() => pulled.stop());
  const told = problemsOf(await lookAt(pulled));
  assert.equal(told.length, 1, told.join(', '));
});

test('a disk takes its volume group, volume, replica; a resource with peers goes on', async () => {
  const now = await recordedNow(drbd, 'drbd9-three-nodes');
  const host = 'fiori';
  const read = parseBlockDevices(
    [
      'from memory',
      'device NAME="sda" KNAME="sda" PKNAME="" TYPE="disk" RO="0" SIZE="1000" FSTYPE="LVM2_member"',
      'device NAME="vg0-data" KNAME="dm-0" PKNAME="sda" TYPE="lvm" RO="0" SIZE="500"',
    ].join('\n'),
  );
  assert.ok(read.ok);
  const graph = new StorageGraph([drbd.graph(now), blockGraph(host, read.value)]);
  const fates = graph.whatIf([deviceNode(host, 'sda')]);
  const named = [...fates].map(([id, what]) => `${graph.node(id)?.kind ?? id} ${what}`);
  for (const expected of ['volume group dead', 'logical volume dead', 'replica dead']) {
    assert.ok(named.includes(expected), `${expected} in ${named.join(', ')}`);
  }
  assert.ok(named.includes('resource degraded') && !named.includes('resource dead'));
});

test('a file system that fills and a mount that is lost are told, and end with their cause', async (t) => {
  const own = await startDemo({ scenario: 'calm' });
  t.after(() => own.stop());
  const make = (id: string): void => {
    const incident = own.incidents.find((one) => one.id === id);
    assert.ok(incident, id);
    incident.run();
  };
  make('file-system-fill');
  make('mount-lose');
  assert.deepEqual(problemsOf(await lookAt(own)), [
    'FILE_SYSTEM_NEARLY_FULL//srv/data@san-1',
    'FSTAB_NOT_MOUNTED//srv/backup@san-1',
  ]);
  make('file-system-clear');
  make('mount-restore');
  assert.deepEqual(problemsOf(await lookAt(own)), []);
});

test('every stack but the disks says what it stands on by names that the disks know', () => {
  const kinds = new Set(
    [...whole.nodes].filter(({ kind }) => kind === 'device').map(({ id }) => id),
  );
  assert.deepEqual([...kinds], [], `devices that ${disks.id} did not see`);
});
