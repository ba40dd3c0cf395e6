import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runOfWay, why } from '../support/lab-run.js';
import { Killed } from '../support/mark-host.js';
import { enterLab, lab, leaveLab, load, onBoth, onLab, save } from '../support/lab.js';
import {
  ask,
  carryOut,
  DISK,
  faultsOf,
  NAME,
  retable,
  setUp,
  sum,
  until,
  write,
} from '../support/drbd-recovery-lab.js';

const skip = await enterLab('clean', 'lost peers and failed disks on a real DRBD');
/** A blank disk of fiori, by the name that the lab gives it. */
const SPARE = '/dev/disk/by-id/virtio-lab-fiori-d1';
const SCENE = 'test-drbd-recoveries';

/** A machine that was halted runs again for whoever comes next. */
after(async () => {
  if (skip === false) await load(SCENE);
  await leaveLab();
});
before(async () => {
  if (skip !== false) return;
  await setUp();
  await save(SCENE);
});

let isAsSetUp = true;

/** A test that begins with both sides UpToDate. */
function situation(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isAsSetUp) await load(SCENE);
    isAsSetUp = false;
    await body();
  });
}

situation('a peer that was taken down, its module gone, is brought back and resynced', async () => {
  await onLab('torchio', `drbdadm down ${NAME}; rmmod drbd; ! test -e /proc/drbd`);
  await onLab('fiori', `drbdadm primary ${NAME}`);
  await write('fiori', 8);
  const kept = await sum('fiori');
  const found = await ask('drbd.peer-lost');
  assert.equal(found.verdict, 'peer down', found.happened);
  assert.equal(
    await onLab('torchio', 'test -e /proc/drbd || echo none'),
    'none',
    'a look loaded it',
  );
  const run = await carryOut(found, 'bring-back-primary');
  console.log(run.commands.join('\n'), run.progress.join('\n'), found.happened);
  assert.ok(run.progress.length > 0);
  assert.equal(await sum('fiori'), kept, 'the survivor’s data changed');
  assert.equal(await sum('torchio'), kept);
  assert.match(await onLab('torchio', `drbdadm role ${NAME}`), /^Primary\/Primary/);
});

situation('a cut link is told as such, and heals by itself', async () => {
  await lab('cut', 'a');
  await until('fiori', 'cstate', 'WFConnection');
  await until('torchio', 'cstate', 'WFConnection');
  const found = await ask('drbd.peer-lost');
  assert.equal(found.verdict, 'network between them', found.happened);
  assert.match(found.todo, /does not answer fiori and torchio/);
  await lab('heal', 'a');
  await until('fiori', 'cstate', 'Connected');
});

situation(
  'a disk that fails is let go of, replaced by a blank one and filled, also when killed',
  async () => {
    await onLab('torchio', `drbdadm primary ${NAME}`);
    await onLab('fiori', `drbdadm primary ${NAME}`);
    await write('fiori', 6);
    await retable('fiori', 'error');
    await write('torchio', 4, 10);
    await until('fiori', 'dstate', 'Diskless/UpToDate');
    await until('torchio', 'dstate', 'UpToDate/Diskless');
    const kept = await sum('torchio');
    const failed = await ask('drbd.disk-failed', `${NAME} fiori`);
    assert.equal(failed.verdict, 'disk lost', failed.happened);
    assert.match(faultsOf(failed, 'attach'), /cannot be read/);
    console.log(JSON.stringify(failed.blocks, null, 1));
    await onLab(
      'fiori',
      'dd if=/dev/zero of=/dev/vdc bs=1M count=34 oflag=direct 2>/dev/null; true',
    );
    await retable('fiori', 'linear');
    const found = await ask('drbd.disk-failed', `${NAME} fiori`);
    assert.equal(found.recommended?.value, 'renew', found.todo);
    const run = runOfWay(found, 'renew');
    run.left = 2;
    await assert.rejects(run.apply(), Killed);
    run.left = undefined;
    assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
    console.log(run.commands.join('\n'), run.progress.join('\n'));
    assert.equal(await sum('torchio'), kept, 'the good side’s data changed');
    assert.equal(await sum('fiori'), kept);
  },
);

situation(
  'another disk takes the place of one that is gone, also when killed, and goes again',
  async () => {
    const files = () => onBoth(`cat /etc/drbd.d/${NAME}.res`);
    const before = await files();
    await onLab('fiori', `drbdadm primary ${NAME}`);
    await write('fiori', 6);
    await retable('fiori', 'error');
    await write('fiori', 4, 10);
    await until('fiori', 'dstate', 'Diskless/UpToDate');
    await onLab('fiori', 'dmsetup remove --retry hfdisk');
    const kept = await sum('torchio');
    const found = await ask('drbd.disk-failed', `${NAME} fiori`);
    console.log(found.happened, found.todo, found.ways.map(({ value }) => value).join(' '));
    const run = runOfWay(found, `renew:${SPARE}`);
    await run.finishDyingAt([1, 4, 7]);
    console.log(run.commands.join('\n'), run.progress.join('\n'));
    assert.match(await onLab('fiori', `drbdadm dstate ${NAME}`), /^UpToDate\/UpToDate/);
    assert.equal(await sum('torchio'), kept, 'the good side’s data changed');
    assert.equal(await sum('fiori', SPARE), kept);
    for (const text of await files()) assert.ok(text.includes(SPARE), text);
    // What is written from now on is on it, and what the file says is what a new start takes.
    await write('fiori', 2, 20);
    assert.equal(await sum('fiori', SPARE), await sum('torchio'));
    assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
    assert.deepEqual(await files(), before);
    assert.match(await onLab('fiori', `drbdadm dstate ${NAME}`), /^Diskless\/UpToDate/);
  },
);

situation('a disk that was detached by hand is attached again', async () => {
  await onLab('torchio', `drbdadm primary ${NAME}`);
  await onLab('fiori', `drbdadm detach ${NAME}`);
  await write('torchio', 4);
  const kept = await sum('torchio');
  const found = await ask('drbd.disk-failed');
  assert.equal(found.recommended?.value, 'attach', found.todo);
  const run = await carryOut(found, 'attach');
  console.log(run.commands.join('\n'), run.progress.join('\n'));
  assert.equal(await sum('torchio'), kept, 'the good side’s data changed');
  assert.equal(await sum('fiori'), kept);
});

situation('a node with a blank disk in the place of the old one is filled whole', async () => {
  await onLab('fiori', `drbdadm primary ${NAME}`);
  await write('fiori', 5);
  await onLab(
    'torchio',
    `drbdadm down ${NAME}; dd if=/dev/zero of=${DISK} bs=1M count=32 oflag=direct 2>/dev/null; true`,
  );
  const kept = await sum('fiori');
  const found = await ask('drbd.peer-lost');
  assert.equal(found.verdict, 'peer with a new disk', found.happened);
  const run = await carryOut(found, 'replace');
  console.log(run.commands.join('\n'));
  assert.equal(await sum('fiori'), kept, 'the survivor’s data changed');
  assert.equal(await sum('torchio'), kept);
});

situation('old data whose newer side answers is brought up to date, never forced', async () => {
  await onLab('torchio', `drbdadm disconnect ${NAME}; drbdadm outdate ${NAME}`);
  await onLab('fiori', `drbdadm primary ${NAME}`);
  await write('fiori', 3);
  await onLab('fiori', `drbdadm secondary ${NAME}; drbdadm down ${NAME}`);
  await onLab('torchio', `drbdadm connect ${NAME}`);
  const found = await ask('drbd.outdated');
  assert.equal(found.recommended?.value, 'bring-back', found.happened);
  assert.match(faultsOf(found, 'force'), /fiori answers and has its data/);
  const kept = await sum2('fiori');
  await carryOut(found, 'bring-back');
  assert.equal(await sum('torchio'), kept);
});

/** Of a side that is down: the size of the device is the other side's. */
async function sum2(node: string): Promise<string> {
  const bytes = Number(await onLab('torchio', 'cat /sys/block/drbd22/size')) * 512;
  const said = await onLab(
    node,
    `dd if=${DISK} iflag=direct bs=64k 2>/dev/null | head -c ${bytes} | sha256sum`,
  );
  return said.split(' ')[0] ?? '';
}

situation('without its peer a Secondary goes on, and old data counts only by force', async () => {
  await lab('halt', 'torchio');
  await until('fiori', 'cstate', 'WFConnection');
  const lost = await ask('drbd.peer-lost');
  assert.equal(lost.verdict, 'peer does not answer', lost.happened);
  const run = await carryOut(lost, 'promote');
  assert.match(await onLab('fiori', `drbdadm role ${NAME}`), /^Primary/);
  assert.equal(why(await run.undo()), 'finished');
  await onLab('fiori', `drbdadm outdate ${NAME}`);
  const old = await ask('drbd.outdated');
  assert.equal(old.verdict, 'outdated, no peer', old.happened);
  console.log(old.happened, old.ways.map(({ loses }) => loses.join('\n')).join('\n'));
  await carryOut(old, 'force');
  assert.match(await onLab('fiori', `drbdadm dstate ${NAME}`), /^UpToDate/);
});
