import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '../../source/core/recovery.js';
import type { Stack } from '../../source/core/stack.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { ocfs2 } from '../../source/stacks/ocfs2/index.js';
import { draftOf, faultsOf } from '../support/carry-out.js';
import { enterLab, lab, LAB_NODES, labHost, leaveLab, onBoth, onLab } from '../support/lab.js';
import { labPlan, LabRun } from '../support/lab-run.js';

/** Both machines have /mnt/data mounted, an OCFS2 on a DRBD that is Primary on both sides. */
const skip = await enterLab('ocfs2', 'a stuck OCFS2 on a real kernel');
after(leaveLab);

async function ask(stack: Stack, id: string, subject: string): Promise<Case> {
  const recovery = stack.recoveries?.find((one) => one.id === id);
  assert.ok(recovery);
  return recovery.gather(subject, new Map(LAB_NODES.map((name) => [name, labHost(name)])));
}

const stuck = () => ask(ocfs2, 'ocfs2.stuck', 'data');

/** Asks until the verdict is this one; the kernel takes its minute to throw a node out. */
async function until(verdict: string): Promise<Case> {
  for (let tries = 0; ; tries += 1) {
    const found = await stuck();
    if (found.verdict === verdict || tries > 40) {
      assert.equal(found.verdict, verdict, found.happened);
      return found;
    }
    await pause(3000);
  }
}

async function carry(found: Case, value: string, id = 'ocfs2.stuck'): Promise<LabRun> {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `no way ${value}: ${found.happened}`);
  const run = new LabRun(labPlan(draftOf(way.plan({ keepCopy: false })), id));
  await run.finish();
  return run;
}

test('what is in order is left alone', { skip }, async () => {
  // fstab is what a mount goes by; the lab mounts without it.
  await onBoth('echo "/dev/drbd0 /mnt/data ocfs2 _netdev 0 0" >> /etc/fstab');
  const found = await stuck();
  assert.deepEqual([found.verdict, found.mendable, found.ways], ['in order', false, []]);
});

test('parted by a cut link: one lets go, DRBD is mended, and it comes back', { skip }, async () => {
  await onLab('fiori', 'echo kept > /mnt/data/kept; sync');
  await lab('cut', 'a');
  const parted = await until('parted');
  await onLab('fiori', 'echo ours > /mnt/data/ours; sync');
  await onLab('torchio', 'echo theirs > /mnt/data/theirs; sync');
  await lab('heal', 'a');
  const user = onLab('torchio', 'cd /mnt/data && exec sleep 20');
  const busy = await stuck();
  const way = busy.ways.find(({ value }) => value === 'torchio');
  assert.match(
    faultsOf(way?.plan({ keepCopy: false }) ?? { ok: false, faults: [] }).join(),
    /sleep/,
  );
  await user;
  assert.equal(parted.mendable, true);
  await carry(await stuck(), 'torchio');
  assert.equal(await onLab('torchio', 'findmnt -n /mnt/data || echo gone'), 'gone');
  assert.equal(await onLab('torchio', 'o2cb cluster-status || true'), 'offline');
  const split = await ask(drbd, 'drbd.split-brain', 'r0');
  assert.equal(split.verdict, 'split brain', split.happened);
  await carry(split, 'torchio', 'drbd.split-brain');
  await onLab('torchio', 'drbdadm role r0 | grep -q ^Primary || drbdadm primary r0');
  const out = await until('node out');
  assert.equal(out.recommended?.value, 'torchio');
  await carry(out, 'torchio');
  assert.equal(
    await onLab('torchio', 'cat /mnt/data/kept /mnt/data/ours; ls /mnt/data'),
    'kept\nours\nkept\nlost+found\nours',
  );
  assert.equal((await stuck()).verdict, 'in order');
});

test(
  'a node whose DRBD is Secondary is not brought back before it is promoted',
  { skip },
  async () => {
    await onLab('torchio', 'umount /mnt/data; drbdadm secondary r0');
    const out = await until('node out');
    const way = out.ways.find(({ value }) => value === 'torchio');
    assert.ok(way);
    const run = new LabRun(labPlan(draftOf(way.plan({ keepCopy: false })), 'ocfs2.stuck'));
    const end = await run.apply();
    assert.ok(end.kind === 'failed', end.kind);
    assert.match(end.failure.what + end.failure.means, /DRBD is Connected Secondary\/Primary/);
    await onLab('torchio', 'drbdadm primary r0; mount /mnt/data');
  },
);

test('mounted nowhere it is checked by one node, and left as it was', { skip }, async () => {
  await onBoth('umount /mnt/data');
  const found = await until('mounted nowhere');
  const run = await carry(found, 'check');
  assert.ok(run.did > 0);
  await onBoth('mount /mnt/data');
  assert.equal((await stuck()).verdict, 'in order');
});
