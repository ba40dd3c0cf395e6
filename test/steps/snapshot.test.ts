import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reader } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { StepKinds, type BoundStep } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';
import { lookAtSnapshot } from '../../source/steps/logical-volume/snapshot.js';

const ID = '00000000-0000-4000-8000-000000000001';
const OWN = { vg: 'hfvg', lv: 'e4', name: 'e4-snap', id: ID };
const MOUNT = { vg: 'hfvg', name: 'e4-snap', type: 'ext4', target: '/run/holdfast-snapshot-e4.0' };
const kinds = new StepKinds(generalSteps);

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

/** A host that prints this, whatever it is asked. */
function saying(stdout: string, code = 0): Reader {
  return {
    name: 'fiori',
    run: () => Promise.resolve({ kind: 'exited', code, stdout, stderr: code === 0 ? '' : 'no\n' }),
  };
}

/** As lvs of LVM 2.03.16 prints them in one group. */
function lvs(attributes: string, tags = `holdfast_${ID}`): Reader {
  return saying(
    `  e4||owi-aos---||\n  e4-snap|e4|${attributes}|0.08|${tags}\n  oc||-wi-ao----||\n`,
  );
}

test('a snapshot is known by its name, its origin and its tag, with how full it is', async () => {
  assert.deepEqual(await lookAtSnapshot(lvs('swi-a-s---'), OWN), { kind: 'there', filled: 0.0008 });
  assert.deepEqual(await lookAtSnapshot(saying('  e4||-wi-ao----||\n'), OWN), { kind: 'none' });
  assert.deepEqual(await lookAtSnapshot(lvs('swi-I-s---'), OWN), { kind: 'overflowed' });
  assert.deepEqual(await lookAtSnapshot(lvs('swi-a-s---', ''), OWN), { kind: 'foreign' });
  assert.equal((await lookAtSnapshot(saying('', 5), OWN)).kind, 'not known');
});

test('somebody else’s snapshot of that name is neither used nor removed', async () => {
  const foreign = lvs('swi-a-s---', 'backup');
  const take = bind('lvm.snapshot', { ...OWN, sizeBytes: 67_108_864 });
  for (const step of [take, bind('lvm.remove-snapshot', OWN)]) {
    const verdict = await step.check(foreign);
    assert.match(verdict.kind === 'refused' ? verdict.because : '', /this plan did not make it/);
  }
});

test('one that is full is still removed, by the plan and by undo', async () => {
  const full = lvs('swi-I-s---');
  const take = bind('lvm.snapshot', { ...OWN, sizeBytes: 67_108_864 });
  const verdict = await take.check(full);
  assert.match(verdict.kind === 'done' ? (verdict.says ?? '') : '', /is full and of no use/);
  assert.equal((await bind('lvm.remove-snapshot', OWN).check(full)).kind, 'notYet');
  assert.deepEqual(take.undo.kind === 'commands' ? take.undo.commands[0]?.argv : [], [
    ...['lvremove', '-f', '--', 'hfvg/e4-snap'],
  ]);
});

test('a snapshot is mounted read-only, by its type and beside the original', () => {
  const [line] = bind('file-system.mount-copy', MOUNT).preview.lines;
  const at = '/dev/mapper/hfvg-e4--snap /run/holdfast-snapshot-e4.0';
  assert.equal(line, `mount -t ext4 -o ro,nosuid,nodev,noexec ${at}`);
  const [xfs = ''] = bind('file-system.mount-copy', { ...MOUNT, type: 'xfs' }).preview.lines;
  assert.match(xfs, /-o ro,nouuid,/);
  for (const target of ['/mnt/x', '/run/../etc', '/run/a b']) {
    const bound = kinds.bind({ kind: 'file-system.mount-copy', params: { ...MOUNT, target } });
    assert.equal(bound.ok, false, target);
  }
});

test('that a full snapshot cannot be mounted is told as what it is', () => {
  const { explain } = bind('file-system.mount-copy', MOUNT);
  const stderr = "mount: can't read superblock on /dev/mapper/hfvg-e4--snap.";
  const ended = { kind: 'exited', code: 32, stderr } as const;
  assert.match(explain({ ...ended, stdout: 'full\n' }) ?? '', /hfvg\/e4-snap is full/);
  assert.equal(explain({ ...ended, stdout: '' }), undefined);
});

test('it is unmounted when nothing is there any more, the mount point included', async () => {
  const { check } = bind('file-system.unmount-copy', MOUNT);
  assert.equal((await check(saying('/dev/mapper/hfvg-e4--snap\nfolder\n'))).kind, 'notYet');
  assert.equal((await check(saying('folder\n'))).kind, 'notYet');
  assert.equal((await check(saying(''))).kind, 'done');
  assert.equal((await check(saying('/dev/sdz1\nfolder\n'))).kind, 'refused');
});
