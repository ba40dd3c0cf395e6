import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitFor } from '../../source/cli/report/exit-rule.js';
import { demoFor, gapsIn, lookAt, problemsOf } from '../support/demo.js';

interface Expected {
  readonly exit: number;
  /** In brackets: what another problem explains. */
  readonly problems: readonly string[];
  readonly down?: readonly string[];
}

const SCENARIOS: Readonly<Record<string, Expected>> = {
  calm: { exit: 0, problems: [] },
  'split-brain': { exit: 2, problems: ['DRBD_SPLIT_BRAIN/r0'] },
  'chunkserver-down': {
    exit: 2,
    problems: [
      '(LIZARDFS_CHUNKS_ENDANGERED/goal 2)',
      '(LIZARDFS_CHUNKS_UNDERGOAL/goal 3)',
      'LIZARDFS_CHUNKSERVER_DOWN/10.20.0.13:9422',
    ],
  },
  'osd-down': {
    exit: 2,
    problems: [
      '(CEPH_OSD_HOST_DOWN/cluster)',
      '(CEPH_PG_DEGRADED/cluster)',
      'CEPH_OSD_DOWN/cluster',
    ],
  },
  'path-lost': { exit: 1, problems: ['MULTIPATH_PATH_LOST/data@san-1'] },
  'host-dead': {
    exit: 2,
    problems: ['(DRBD_WAITING_FOR_PEER/r0)', '(DRBD_WAITING_FOR_PEER/r1)', 'HOST_DOWN/kvm-2'],
    down: ['kvm-2'],
  },
  'disk-failed': { exit: 2, problems: ['DRBD_DISKLESS/r1 kvm-1'] },
  resync: { exit: 1, problems: ['DRBD_SYNC_RUNNING/r1'] },
  'peer-lost': {
    exit: 2,
    problems: [
      '(DRBD_NOT_UP/r0 kvm-2)',
      '(DRBD_NOT_UP/r1 kvm-2)',
      'DRBD_MODULE_MISSING/kvm-2',
      'LIBVIRT_POOL_INACTIVE/kvm-2/vms',
    ],
  },
  outdated: {
    exit: 2,
    problems: [
      '(DRBD_NO_UPTODATE_COPY/r1)',
      '(DRBD_WAITING_FOR_PEER/r0)',
      '(DRBD_WAITING_FOR_PEER/r1)',
      'DRBD_OUTDATED/r1 kvm-2',
      'HOST_DOWN/kvm-1',
    ],
    down: ['kvm-1'],
  },
  'unequal-secret': { exit: 2, problems: ['DRBD_STANDALONE/r1'] },
  'unequal-options': { exit: 2, problems: ['DRBD_CONFIGS_DIFFER/r1', 'DRBD_STANDALONE/r1'] },
  'slow-resync': { exit: 1, problems: ['DRBD_SYNC_RUNNING/r1'] },
  'verify-differences': { exit: 2, problems: ['DRBD_OUT_OF_SYNC/r1'] },
  'ocfs2-stuck': {
    exit: 2,
    problems: [
      'LIBVIRT_POOL_INACTIVE/kvm-2/vms',
      'OCFS2_EVICTED/vms kvm-1',
      'OCFS2_MOUNTED_ON_SOME/vms',
      'OCFS2_OFFLINE/kvm-2',
    ],
  },
  'nfs-failed': { exit: 2, problems: ['NFS_NOT_SERVING/kvm-1'] },
};

for (const [scenario, { exit, problems, down = [] }] of Object.entries(SCENARIOS)) {
  test(`the scenario ${scenario} is seen as what it is, with nothing unread`, async (t) => {
    const world = await lookAt(await demoFor(t, scenario));
    assert.deepEqual(problemsOf(world), problems);
    assert.deepEqual(gapsIn(world), []);
    assert.deepEqual(
      world.hosts.filter(({ phase }) => phase !== 'up').map(({ name }) => name),
      down,
    );
    assert.equal(exitFor(world), exit);
  });
}

test('a split brain is shown with both generations and the kernel’s own words', async (t) => {
  const world = await lookAt(await demoFor(t, 'split-brain'));
  const evidence = JSON.stringify(world.problems[0]?.finding.evidence);
  assert.match(evidence, /get-gi 0/);
  assert.match(evidence, /Split-Brain detected but unresolved, dropping connection!/);
});

test('a resync moves between two looks, with a rate and a time left, and ends', async (t) => {
  const demo = await demoFor(t, 'resync');
  const [before] = (await lookAt(demo)).running;
  demo.fleet.advance(30_000);
  const [after] = (await lookAt(demo)).running;
  assert.ok((after?.share ?? 0) > (before?.share ?? 1));
  assert.ok((after?.bytesPerSecond ?? 0) > 0);
  assert.ok((after?.secondsLeft ?? 0) > 0);
  demo.fleet.advance(600_000);
  const world = await lookAt(demo);
  assert.deepEqual(world.running, []);
  assert.deepEqual(problemsOf(world), []);
});
