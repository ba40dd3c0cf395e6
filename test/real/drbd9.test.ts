import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Finding } from '../../source/core/finding.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { readNow } from '../support/lab-now.js';
import { runOfWay } from '../support/lab-run.js';
import { lab, leaveLab, load, onLab, save } from '../support/lab.js';
import {
  adjust,
  ask,
  carryOut,
  carryOutDying,
  configure,
  enterNine,
  NAME,
  settled,
  setUp,
  sum,
  sums,
  THREE,
  until,
  VOLUMES,
  write,
} from '../support/nine-lab.js';

const skip = await enterNine('lost peers, disks and quorum of three nodes on a real DRBD 9');
const CALM = 'test-nine';

before(async () => {
  if (skip !== false) return;
  await setUp();
  await save(CALM);
});
after(leaveLab);

let isAsSetUp = true;

/** A test that begins with all three connected and UpToDate. */
function situation(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isAsSetUp) await load(CALM);
    isAsSetUp = false;
    await body();
  });
}

async function findings(): Promise<readonly Finding[]> {
  const now = await readNow(drbd, THREE);
  for (const probe of drbd.probes) {
    for (const reading of now.of(probe)) {
      assert.equal(reading.kind, 'fresh', `${reading.host} ${probe.id}`);
      assert.deepEqual(reading.unread, [], `${reading.host} ${probe.id}`);
    }
  }
  return drbd.diagnose(now);
}

const codes = (found: readonly Finding[]) => found.map(({ code }) => code).sort();

/** All are connected and UpToDate, and have what the first has. */
async function allAlike(): Promise<Readonly<Record<string, string>>> {
  for (const node of THREE) await settled(node);
  const now = await sums();
  assert.equal(new Set(Object.values(now)).size, 1, JSON.stringify(now));
  let found = codes(await findings());
  for (let tries = 0; found.length > 0 && tries < 5; tries += 1) {
    for (const node of THREE) await settled(node);
    found = codes(await findings());
  }
  assert.deepEqual(found, []);
  return now;
}

situation('a node that is down is brought back, and the other two go on', async () => {
  await onLab('pavone', `drbdadm down ${NAME}`);
  await write('fiori', 4, 1);
  const before = await sums(['fiori', 'torchio']);
  assert.equal(before.fiori, before.torchio);
  assert.deepEqual(codes(await findings()), ['DRBD_NOT_UP']);
  const found = await ask('drbd.peer-lost');
  assert.equal(found.verdict, 'peer down', found.happened);
  const run = await carryOut(found, 'bring-back');
  console.log(run.commands.join('\n'));
  assert.equal((await allAlike()).fiori, before.fiori);
});

situation('a volume that lost its disk gets it back, the console dying at every step', async () => {
  await onLab('torchio', `drbdadm detach ${NAME}/1`);
  await write('fiori', 3, 2);
  assert.deepEqual(codes(await findings()), ['DRBD_DISKLESS']);
  const before = await sums(['fiori', 'pavone']);
  const found = await ask('drbd.disk-failed');
  assert.equal(found.verdict, 'disk lost', found.happened);
  const run = runOfWay(found, 'attach');
  console.log(await carryOutDying(run), run.commands.join('\n'));
  assert.equal((await allAlike()).fiori, before.fiori);
});

situation('a new disk in the place of the lost one is filled whole', async () => {
  const [, { disk }] = VOLUMES;
  await onLab(
    'torchio',
    `drbdadm detach ${NAME}/1; dd if=/dev/zero of=${disk} bs=1M count=30 oflag=direct; wipefs -qa ${disk}; dd if=/dev/zero of=${disk} bs=1M seek=220 oflag=direct; true`,
  );
  await write('fiori', 3, 4);
  const before = await sums(['fiori', 'pavone']);
  const found = await ask('drbd.disk-failed');
  const run = await carryOut(found, 'renew');
  console.log(run.commands.join('\n'));
  assert.equal((await allAlike()).fiori, before.fiori);
});

situation(
  'a Primary without quorum holds its I/O, and goes on by itself when it has it again',
  async () => {
    await configure({ options: 'quorum majority; on-no-quorum suspend-io;' });
    await adjust();
    await write('fiori', 1, 1);
    await lab('cut', 'fiori');
    await until('fiori', 'cstate', 2, 'Connecting');
    const lost = codes(await findings());
    assert.ok(lost.includes('DRBD_QUORUM_LOST') && lost.includes('DRBD_IO_SUSPENDED'), lost.join());
    const split = await ask('drbd.split-brain');
    assert.equal(split.mendable, false, split.verdict);
    await lab('heal', 'fiori');
    await allAlike();
    assert.equal((await onLab('fiori', `drbdadm role ${NAME}`)).trim(), 'Primary');
  },
);

situation('while a node is cut off nothing is discarded, and it comes back by itself', async () => {
  await lab('cut', 'pavone');
  await until('pavone', 'cstate', 2, 'Connecting');
  await write('fiori', 2, 3);
  const before = await sums(['fiori', 'torchio']);
  const split = await ask('drbd.split-brain');
  assert.equal(split.mendable, false, split.happened);
  await lab('heal', 'pavone');
  assert.equal((await allAlike()).fiori, before.fiori);
});

situation(
  'a verify towards one of two peers tells what differs, and the side that gives way takes just that',
  async () => {
    const [{ disk, minor }] = VOLUMES;
    await onLab('fiori', `drbdadm primary ${NAME}`);
    await onLab(
      'pavone',
      `dd if=/dev/urandom of=${disk} bs=64k count=2 seek=40 oflag=direct 2>/dev/null`,
    );
    const found = await ask('drbd.verify-differences', `${NAME} fiori–pavone`);
    assert.equal(found.verdict, 'no difference known', found.happened);
    const run = await carryOut(found, 'verify');
    const said = JSON.stringify(run.lines);
    console.log(
      run.commands.join('\n'),
      await onLab(
        'fiori',
        `drbdsetup status ${NAME} --statistics; dmesg | grep drbd${minor} | tail -12`,
      ),
    );
    assert.match(said, /128 KiB differ/);
    const known = await ask('drbd.verify-differences', `${NAME} fiori–pavone`);
    assert.equal(known.verdict, 'copies differ', known.happened);
    assert.match(known.happened, /128 KiB/);
    assert.equal(known.recommended?.value, 'pavone');
    const right = await sums(['fiori', 'torchio']);
    const mended = await carryOut(known, 'pavone');
    console.log(mended.commands.join('\n'));
    assert.match(mended.commands.join('\n'), /invalidate --reset-bitmap=no \S+:fiori/);
    assert.equal((await allAlike()).fiori, right.fiori);
  },
);

situation(
  'what a verify with all peers found is forgotten by DRBD, told from its log, and copied whole',
  async () => {
    const [{ disk, minor }] = VOLUMES;
    await onLab('fiori', `drbdadm primary ${NAME}`);
    await onLab(
      'pavone',
      `dd if=/dev/urandom of=${disk} bs=64k count=2 seek=40 oflag=direct 2>/dev/null`,
    );
    await onLab('fiori', `drbdadm verify ${NAME}/0`);
    const done = `dmesg | grep "drbd${minor} pavone" | grep -q "Online verify done"`;
    await onLab('fiori', `until ${done}; do sleep 0.5; done`);
    const known = await ask('drbd.verify-differences', `${NAME} fiori–pavone`);
    assert.equal(known.verdict, 'copies differ, not marked', known.happened);
    const right = await sums(['fiori', 'torchio']);
    assert.notEqual(await sum('pavone'), right.fiori);
    const mended = await carryOut(known, 'pavone');
    console.log(mended.commands.join('\n'));
    assert.equal((await allAlike()).fiori, right.fiori);
  },
);
