import assert from 'node:assert/strict';
import { test } from 'node:test';
import { degradedObjects, osdsUp, quorumOf } from '../../source/demo/fleet/ceph.js';
import { inTouch } from '../../source/demo/fleet/drbd/side.js';
import { incidentsOf } from '../../source/demo/fleet/incidents.js';
import { nineOf } from '../../source/demo/fleet/nine/state.js';
import { copiesOf, livingDisks } from '../../source/demo/fleet/lizardfs.js';
import { allScenarios, fleetOf } from '../../source/demo/fleet/scenarios.js';
import type { Fleet } from '../../source/demo/fleet/state.js';
import type { Replica } from '../../source/demo/fleet/drbd/state.js';

const NOW = Date.UTC(2026, 10, 20, 14, 2, 11);

function begin(scenario: string): Fleet {
  const fleet = fleetOf(scenario, NOW);
  assert.ok(fleet);
  return fleet;
}

function sides(fleet: Fleet, name: string): readonly [Replica, Replica] {
  const resource = fleet.drbd.resources.find((one) => one.name === name);
  assert.ok(resource);
  return resource.replicas;
}

function run(fleet: Fleet, id: string): void {
  const found = incidentsOf(fleet).find((one) => one.id === id);
  assert.ok(found, id);
  found.run();
}

/** Chunks with fewer, and with more copies than their goal asks for. */
function offGoal(fleet: Fleet): { readonly under: number; readonly over: number } {
  const living = livingDisks(fleet.lizardfs);
  const counts = { under: 0, over: 0 };
  for (const group of fleet.lizardfs.groups) {
    const copies = copiesOf(group, living);
    if (copies < group.wanted) counts.under += group.count;
    if (copies > group.wanted) counts.over += group.count;
  }
  return counts;
}

/** What is out of order, in the words of the systems themselves. */
function troubles(fleet: Fleet): readonly string[] {
  const drbd = fleet.drbd.resources.flatMap(({ name, replicas }) =>
    replicas
      .filter(({ connection, disk }) => connection !== 'Connected' || disk !== 'UpToDate')
      .map(({ machine, connection, disk }) => {
        return `${name} ${machine} ${connection === 'Connected' ? disk : connection}`;
      }),
  );
  const nine = (nineOf(fleet)?.resources ?? []).flatMap(({ name, nodes }) =>
    nodes.flatMap(({ machine, ends, client, disk }) => [
      ...(disk === 'UpToDate' || client ? [] : [`${name} ${machine} ${disk}`]),
      ...[...ends]
        .filter(([, { connection }]) => connection !== 'Connected')
        .map(([peer, { connection }]) => `${name} ${machine} ${peer} ${connection}`),
    ]),
  );
  return [
    ...drbd,
    ...nine,
    ...fleet.lizardfs.chunkservers
      .filter(({ connected }) => !connected)
      .map(({ machine }) => `chunkserver ${machine}`),
    ...fleet.lizardfs.metadataServers
      .filter(({ running }) => !running)
      .map(({ machine }) => `metadata server ${machine}`),
    ...fleet.lizardfs.metadataServers
      .filter(({ behind }) => behind > 0)
      .map(({ machine, behind }) => `${machine} ${behind} changes behind`),
    ...fleet.lizardfs.chunkservers
      .flatMap(({ disks }) => disks)
      .filter(({ lastError }) => lastError > 0)
      .map(({ id }) => `disk ${id}`),
    ...(offGoal(fleet).under > 0 ? ['undergoal'] : []),
    ...fleet.ceph.osds.filter(({ up }) => !up).map(({ id }) => `osd.${id}`),
    ...(quorumOf(fleet).length < fleet.ceph.monitors.length ? ['quorum'] : []),
    ...fleet.san.paths.filter(({ usable }) => !usable).map(({ dev }) => `path ${dev}`),
    ...fleet.machines.filter(({ reach }) => reach !== 'up').map(({ name }) => `host ${name}`),
  ];
}

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  calm: [],
  'split-brain': ['r0 kvm-1 StandAlone', 'r0 kvm-2 StandAlone'],
  'split-brain-files': ['r0', 'r1'].flatMap((name) =>
    ['kvm-1', 'kvm-2'].map((host) => `${name} ${host} StandAlone`),
  ),
  'chunkserver-down': ['chunkserver lfs-3', 'undergoal'],
  'lost-master': ['metadata server xs-1'],
  'lost-master-behind': ['metadata server xs-1', 'xs-2 4211 changes behind'],
  'disk-errors': ['disk xs-2:1'],
  'osd-down': ['osd.1'],
  'path-lost': ['path sdc'],
  'host-dead': [
    'r0 kvm-1 WFConnection',
    // What a dead host believed is nobody's knowledge: it stays as it was.
    'r1 kvm-1 WFConnection',
    'host kvm-2',
  ],
  'disk-failed': ['r1 kvm-1 Diskless'],
  'node-lost': ['data kvm-1 WFConnection', 'host kvm-2'],
  'disk-gone': ['r1 kvm-1 Diskless'],
  'peer-lost': [
    'r0 kvm-1 WFConnection',
    'r0 kvm-2 StandAlone',
    'r1 kvm-1 WFConnection',
    'r1 kvm-2 StandAlone',
  ],
  outdated: [
    'r0 kvm-2 WFConnection',
    'r1 kvm-1 WFConnection',
    'r1 kvm-2 WFConnection',
    'host kvm-1',
  ],
  'unequal-secret': ['r1 kvm-1 StandAlone', 'r1 kvm-2 StandAlone'],
  'unequal-options': ['r1 kvm-1 StandAlone', 'r1 kvm-2 StandAlone'],
  'slow-resync': ['r1 kvm-1 SyncSource', 'r1 kvm-2 SyncTarget'],
  'verify-differences': [],
  'ocfs2-stuck': [],
  'nfs-failed': [],
  'bare-lizardfs': [],
  'bare-kvm': [],
  'drbd9-split-brain': [
    'r0 kvm-1 kvm-2 StandAlone',
    'r0 kvm-1 kvm-3 StandAlone',
    'r0 kvm-2 kvm-1 StandAlone',
    'r0 kvm-3 kvm-1 StandAlone',
  ],
  'drbd9-three-ways': [
    'kvm-1 kvm-2',
    'kvm-1 kvm-3',
    'kvm-2 kvm-1',
    'kvm-2 kvm-3',
    'kvm-3 kvm-1',
    'kvm-3 kvm-2',
  ].map((ends) => `r0 ${ends} StandAlone`),
  'drbd9-peer-down': [
    'r0 kvm-1 kvm-3 Connecting',
    'r0 kvm-2 kvm-3 Connecting',
    'r0 kvm-3 kvm-1 StandAlone',
    'r0 kvm-3 kvm-2 StandAlone',
  ],
  'drbd9-disk-failed': ['r0 kvm-2 Diskless'],
  'drbd9-quorum': [
    'r0 kvm-1 kvm-2 Connecting',
    'r0 kvm-1 kvm-3 Connecting',
    'r0 kvm-2 kvm-1 Connecting',
    'r0 kvm-3 kvm-1 Connecting',
  ],
  maps: [],
  'maps-first-roll': [],
  'maps-locked': [],
  'maps-in-use': [],
  'maps-container-gone': ['host vm-container-0-1'],
  'maps-nas-restarted': [],
  'maps-stalled': [],
  'maps-invalid': [],
  'maps-overflow': [],
  'maps-stale-row': [],
  'maps-temp-write': [],
  'maps-mismatch': [],
  resync: ['r1 kvm-1 SyncSource', 'r1 kvm-2 SyncTarget'],
};

for (const { id } of allScenarios) {
  test(`the scenario ${id} is what it says, now, and nothing else`, () => {
    const fleet = begin(id);
    assert.equal(fleet.clock.now, NOW);
    assert.deepEqual(troubles(fleet), EXPECTED[id]);
  });
}

test('nothing goes wrong by itself in an hour of calm', () => {
  const fleet = begin('calm');
  fleet.advance(3_600_000);
  assert.deepEqual(troubles(fleet), []);
});

test('a fleet that is made twice is the same', () => {
  const state = (fleet: Fleet) =>
    JSON.stringify([fleet.drbd, fleet.ceph, fleet.lizardfs, fleet.san]);
  assert.equal(state(begin('split-brain')), state(begin('split-brain')));
});

test('both sides of a split brain have data of their own since the same moment', () => {
  const [one, two] = sides(begin('split-brain'), 'r0');
  assert.notEqual(one.current, two.current);
  assert.equal(one.bitmap.slice(0, -1), two.bitmap.slice(0, -1));
  assert.ok(one.outOfSync > 0 && two.outOfSync > 0);
});

test('a split brain that was made is mended again, and the side that gave up has the other’s data', () => {
  const fleet = begin('calm');
  run(fleet, 'split-brain-make');
  fleet.advance(10_000);
  assert.deepEqual(troubles(fleet), EXPECTED['split-brain']);
  run(fleet, 'split-brain-heal');
  fleet.advance(60_000);
  assert.deepEqual(troubles(fleet), []);
  const [one, two] = sides(fleet, 'r0');
  assert.equal(one.current, two.current);
  assert.deepEqual([one.role, two.role], ['Primary', 'Primary']);
});

test('a cut link is noticed after a while; r1, where one side wrote, resyncs when it is back', () => {
  const fleet = begin('calm');
  const [source, target] = sides(fleet, 'r1');
  run(fleet, 'link-cut');
  assert.ok(inTouch(source));
  fleet.advance(60_000);
  assert.equal(source.connection, 'WFConnection');
  run(fleet, 'link-heal');
  fleet.advance(2000);
  assert.equal(target.disk === 'UpToDate', target.outOfSync === 0);
  fleet.advance(60_000);
  assert.deepEqual([source.connection, target.connection], ['Connected', 'Connected']);
  assert.equal(source.current.slice(0, -1), target.current.slice(0, -1));
});

test('a resync ends, and both sides are up to date', () => {
  const fleet = begin('resync');
  fleet.advance(600_000);
  assert.deepEqual(troubles(fleet), []);
});

test('a resync that is broken off leaves the target without data of its own', () => {
  const fleet = begin('resync');
  run(fleet, 'link-cut');
  fleet.advance(10_000);
  const [, target] = sides(fleet, 'r1');
  assert.equal(target.disk, 'Inconsistent');
  assert.ok(target.outOfSync > 0);
  run(fleet, 'link-heal');
  fleet.advance(600_000);
  assert.deepEqual([target.disk, target.connection], ['UpToDate', 'Connected']);
});

test('chunks are copied while a server is away; when it returns those too many are deleted', () => {
  const fleet = begin('chunkserver-down');
  const first = offGoal(fleet).under;
  fleet.advance(60_000);
  assert.ok(offGoal(fleet).under < first);
  run(fleet, 'chunkserver-start');
  fleet.advance(1000);
  assert.deepEqual([offGoal(fleet).under, offGoal(fleet).over > 0], [0, true]);
  fleet.advance(3_600_000);
  assert.deepEqual(offGoal(fleet), { under: 0, over: 0 });
  const chunks = fleet.lizardfs.groups.reduce((sum, { count }) => sum + count, 0);
  assert.equal(chunks, 4843);
});

test('an OSD that returns is recovered, and nothing is missing at the end', () => {
  const fleet = begin('osd-down');
  const degraded = degradedObjects(fleet.ceph);
  run(fleet, 'osd-start');
  fleet.advance(10_000);
  assert.equal(osdsUp(fleet.ceph), 3);
  assert.ok(degradedObjects(fleet.ceph) < degraded && degradedObjects(fleet.ceph) > 0);
  fleet.advance(600_000);
  assert.equal(degradedObjects(fleet.ceph), 0);
});

test('every incident that breaks something is undone by the one after it', () => {
  const fleet = begin('calm');
  const settle = () => fleet.advance(900_000);
  const pairs = [
    ['chunkserver-stop', 'chunkserver-start'],
    ['disk-damage', 'disk-mend'],
    ['osd-stop', 'osd-start'],
    ['quorum-stop', 'quorum-start'],
    ['path-pull', 'path-restore'],
    ['portal-pull', 'portal-restore'],
    ['host-hang', 'host-unhang'],
    ['host-kill', 'host-revive'],
  ] as const;
  for (const [breaks, mends] of pairs) {
    run(fleet, breaks);
    fleet.advance(30_000);
    // A disk's chunks may be copied already: that it is damaged is what is wrong.
    const damaged = fleet.lizardfs.chunkservers.some(({ disks }) => disks.some((d) => d.damaged));
    assert.ok(damaged || troubles(fleet).length > 0, breaks);
    run(fleet, mends);
    settle();
    assert.deepEqual(troubles(fleet), [], mends);
  }
});
