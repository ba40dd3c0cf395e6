import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Demo } from '../../source/demo/index.js';
import { demoFor, lookAt, problemsOf } from '../support/demo.js';

interface Pair {
  readonly breaks: string;
  readonly mends: string;
  /** How long the fleet is left alone before each look, in ms. */
  readonly after: number;
  readonly healing: number;
  /** Must be among the problems, and then no more. */
  readonly code: string;
}

const PAIRS: readonly Pair[] = [
  {
    breaks: 'split-brain-make',
    mends: 'split-brain-heal',
    after: 12_000,
    healing: 60_000,
    code: 'DRBD_SPLIT_BRAIN',
  },
  {
    breaks: 'chunkserver-stop',
    mends: 'chunkserver-start',
    after: 3000,
    healing: 3000,
    code: 'LIZARDFS_CHUNKSERVER_DOWN',
  },
  {
    breaks: 'disk-damage',
    mends: 'disk-mend',
    after: 3000,
    healing: 3000,
    code: 'LIZARDFS_DISK_DAMAGED',
  },
  {
    breaks: 'osd-stop',
    mends: 'osd-start',
    after: 60_000,
    healing: 120_000,
    code: 'CEPH_OSD_DOWN',
  },
  {
    breaks: 'path-pull',
    mends: 'path-restore',
    after: 30_000,
    healing: 30_000,
    code: 'MULTIPATH_PATH_LOST',
  },
  {
    breaks: 'portal-pull',
    mends: 'portal-restore',
    after: 30_000,
    healing: 30_000,
    code: 'MULTIPATH_PATH_LOST',
  },
  {
    breaks: 'pbd-unplug',
    mends: 'pbd-plug',
    after: 1000,
    healing: 1000,
    code: 'XAPI_PBD_UNPLUGGED',
  },
  {
    breaks: 'hook-lose',
    mends: 'hook-restore',
    after: 1000,
    healing: 1000,
    code: 'XAPI_HOOK_LOST',
  },
  {
    breaks: 'location-lose',
    mends: 'location-restore',
    after: 1000,
    healing: 1000,
    code: 'XAPI_LOCATION_NOT_MOUNTED',
  },
  { breaks: 'host-kill', mends: 'host-revive', after: 8000, healing: 120_000, code: 'HOST_DOWN' },
];

for (const { breaks, mends, after, healing, code } of PAIRS) {
  test(`the incident ${breaks} brings ${code}, and ${mends} takes it away`, async (t) => {
    const demo = await demoFor(t, 'calm');
    happen(demo, breaks);
    demo.fleet.advance(after);
    assert.ok(codes(await lookAt(demo)).includes(code), `${code} did not appear`);
    happen(demo, mends);
    demo.fleet.advance(healing);
    const left = problemsOf(await lookAt(demo));
    assert.deepEqual(
      left.filter((key) => key.includes(code)),
      [],
    );
  });
}

test('a host that hangs costs only itself', async (t) => {
  const demo = await demoFor(t, 'calm');
  happen(demo, 'host-hang');
  const world = await lookAt(demo, 6000);
  const others = world.hosts.filter(({ name }) => name !== 'xs-2');
  assert.deepEqual([...new Set(others.map(({ phase }) => phase))], ['up']);
  assert.equal(world.hosts.find(({ name }) => name === 'xs-2')?.phase, 'down');
  const fresh = new Set(world.readings.filter((one) => one.kind === 'fresh').map((r) => r.host));
  for (const { name } of others.filter(({ name }) => !name.startsWith('ceph'))) {
    assert.ok(fresh.has(name), `${name} was not read`);
  }
});

test('a host that talks garbage is not believed, and the others are read', async (t) => {
  const demo = await demoFor(t, 'calm');
  happen(demo, 'host-garbage');
  const world = await lookAt(demo, 8000);
  const fresh = new Set(world.readings.filter((one) => one.kind === 'fresh').map((r) => r.host));
  for (const name of ['kvm-1', 'kvm-2', 'ceph-1', 'san-1']) assert.ok(fresh.has(name), name);
  assert.ok(!fresh.has('lfs-3'));
});

test('a slow host answers late and whole', async (t) => {
  const demo = await demoFor(t, 'calm');
  happen(demo, 'host-slow');
  const world = await lookAt(demo);
  assert.ok(
    world.readings.some(({ probe, kind }) => probe.id === 'ceph.status' && kind === 'fresh'),
  );
  assert.deepEqual(problemsOf(world), []);
});

function happen(demo: Demo, id: string): void {
  const found = demo.incidents.find((incident) => incident.id === id);
  assert.ok(found, id);
  found.run();
}

function codes(world: Awaited<ReturnType<typeof lookAt>>): readonly string[] {
  return world.problems.map(({ finding }) => finding.code);
}
