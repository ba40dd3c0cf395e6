import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportsWizard } from '../../source/stacks/nfs/wizards/exports/index.js';
import { whyFailed } from '../support/shell-fleet.js';
import { PAIR, Sick } from '../support/sick.js';

interface Mending {
  readonly scenario: string;
  readonly findings: readonly string[];
  readonly verdict: string;
  /** Recovery, subject, way. */
  readonly steps: readonly (readonly [string, string, string])[];
  readonly left?: readonly string[];
}

const MENDINGS: readonly Mending[] = [
  {
    scenario: 'peer-lost',
    findings: [
      'DRBD_MODULE_MISSING/kvm-2',
      'DRBD_NOT_UP/r0 kvm-2',
      'DRBD_NOT_UP/r1 kvm-2',
      'LIBVIRT_POOL_INACTIVE/kvm-2/vms',
    ],
    left: ['LIBVIRT_POOL_INACTIVE/kvm-2/vms'],
    verdict: 'peer down',
    steps: [
      ['drbd.peer-lost', 'r1', 'bring-back'],
      ['drbd.peer-lost', 'r0', 'bring-back-primary'],
      ['ocfs2.stuck', 'vms', 'kvm-2'],
    ],
  },
  {
    scenario: 'outdated',
    findings: [
      'DRBD_NO_UPTODATE_COPY/r1',
      'DRBD_OUTDATED/r1 kvm-2',
      'DRBD_WAITING_FOR_PEER/r0',
      'DRBD_WAITING_FOR_PEER/r1',
    ],
    verdict: 'outdated, no peer',
    steps: [['drbd.outdated', 'r1 kvm-2', 'force']],
    left: ['DRBD_WAITING_FOR_PEER/r0', 'DRBD_WAITING_FOR_PEER/r1'],
  },
  {
    scenario: 'unequal-secret',
    findings: ['DRBD_STANDALONE/r1'],
    verdict: 'secrets differ',
    steps: [['drbd.standalone', 'r1', 'kvm-1']],
  },
  {
    scenario: 'unequal-options',
    findings: ['DRBD_CONFIGS_DIFFER/r1', 'DRBD_STANDALONE/r1'],
    verdict: 'settings differ',
    steps: [['drbd.standalone', 'r1', 'kvm-1']],
  },
  {
    scenario: 'slow-resync',
    findings: ['DRBD_SYNC_RUNNING/r1'],
    verdict: 'running',
    steps: [['drbd.slow-resync', 'r1', 'full']],
  },
  {
    scenario: 'verify-differences',
    findings: ['DRBD_OUT_OF_SYNC/r1'],
    verdict: 'copies differ',
    steps: [
      ['drbd.verify-differences', 'r1', 'kvm-2'],
      ['drbd.verify-differences', 'r1', 'verify'],
    ],
  },
  {
    scenario: 'ocfs2-stuck',
    findings: [
      'LIBVIRT_POOL_INACTIVE/kvm-2/vms',
      'OCFS2_EVICTED/vms kvm-1',
      'OCFS2_MOUNTED_ON_SOME/vms',
      'OCFS2_OFFLINE/kvm-2',
    ],
    left: ['LIBVIRT_POOL_INACTIVE/kvm-2/vms'],
    verdict: 'node out',
    // By the name of the node, as its problem has it.
    steps: [['ocfs2.stuck', 'kvm-2', 'kvm-2']],
  },
];

for (const { scenario, findings, verdict, steps, left = [] } of MENDINGS) {
  test(`the scenario ${scenario} is mended by its recovery`, async () => {
    const sick = await Sick.of(scenario);
    assert.deepEqual(await sick.findings(), findings);
    const [[id, subject] = ['', '']] = steps;
    assert.equal((await sick.gather(id, subject)).verdict, verdict);
    for (const step of steps) await sick.mend(...step);
    assert.deepEqual(await sick.findings(), left);
  });
}

test('the export that fails is served again by the wizard of exports', async () => {
  const sick = await Sick.of('nfs-failed');
  assert.deepEqual(await sick.findings(), ['NFS_NOT_SERVING/kvm-1']);
  const row = { path: '/srv/data', client: '10.20.0.0/24', options: 'rw,sync,no_subtree_check' };
  const plan = await sick.box.plan(exportsWizard, { hosts: ['kvm-1'], exports: [row] }, PAIR);
  assert.equal(whyFailed(await sick.box.apply(plan)), '');
  assert.deepEqual(await sick.findings(), []);
});
