import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDisk } from '../../../../source/stacks/drbd/recoveries/disk-failed/elsewhere.js';
import { errorLines } from '../../../../source/stacks/drbd/recoveries/disk-failed/disk.js';
import { assertFinished, failureOf } from '../../../support/carry-out.js';
import { hostsOf } from '../split-brain/support.js';
import { LivingPair, type Node } from './pair.js';
import { ask, carried, draft, faults, killedAnywhere, kindsOf, recovery } from './support.js';

const ID = 'drbd.disk-failed';

/** The pair after fiori lost its disk while both were Connected. */
function diskless(more: Partial<Node> = {}): LivingPair {
  const pair = new LivingPair();
  pair.nodes.torchio.generation = pair.nodes.fiori.generation;
  Object.assign(pair.nodes.fiori, { disk: 'Diskless', ...more });
  return pair;
}

test('a disk that is sound again is attached, and what was missed is copied', async () => {
  const pair = diskless();
  const before = JSON.stringify(pair.nodes.torchio);
  const found = await ask(pair, ID, 'r0 fiori');
  assert.equal(found.verdict, 'disk lost', found.happened);
  assert.equal(found.recommended?.value, 'attach');
  assert.deepEqual(kindsOf(found, 'attach'), [
    'fiori drbd.attach',
    'fiori drbd.wait-in-sync',
    'torchio drbd.wait-in-sync',
  ]);
  assert.equal(JSON.stringify(pair.nodes.torchio), before, 'a look changed something');
  assertFinished(await carried(draft(found, 'attach'), pair).apply());
  assert.deepEqual(pair.ran, ['fiori: drbdadm attach r0']);
  assert.equal(pair.nodes.fiori.disk, 'UpToDate');
});

test('a new disk gets metadata and everything; the path is typed, and nothing runs on the good side', async () => {
  const pair = diskless({ holds: [] });
  const found = await ask(pair, ID);
  assert.equal(found.recommended?.value, 'renew');
  const plan = draft(found, 'renew');
  assert.equal(plan.confirmations[0]?.word, '/dev/vdb');
  assert.match(plan.confirmations[0].accepts, /\/dev\/vdb of fiori .* overwritten .* torchio/);
  assertFinished(await carried(plan, pair).apply());
  assert.deepEqual(pair.ran, ['fiori: drbdadm create-md --force r0', 'fiori: drbdadm attach r0']);
});

test('killed at any instant and gone on with, it ends the same', async () => {
  await killedAnywhere(() => diskless({ holds: [] }), ID, 'renew');
  await killedAnywhere(() => diskless(), ID, 'renew');
  await killedAnywhere(() => diskless(), ID, 'attach');
});

test('while the other side is not UpToDate or not connected, nothing is touched', async () => {
  const pair = diskless({ holds: [] });
  pair.nodes.torchio.disk = 'Outdated';
  for (const way of ['attach', 'renew']) {
    assert.match(faults(await ask(pair, ID), way), /disk of torchio is Outdated: no side has good/);
  }
  pair.nodes.torchio.disk = 'UpToDate';
  pair.cut = true;
  assert.match(faults(await ask(pair, ID), 'renew'), /bring torchio back first/);
});

test('a peer that goes between the review and the step stops it before anything is written', async () => {
  const pair = diskless({ holds: [] });
  const plan = { ...draft(await ask(pair, ID), 'renew'), basis: [] };
  pair.cut = true;
  const end = await carried(plan, pair).apply();
  assert.match(failureOf(end), /the other side must be connected and UpToDate/);
  assert.deepEqual(pair.ran, []);
});

test('a disk that holds data, cannot be read, is gone or too small is not written on', async () => {
  const found = (more: Partial<Node>) => ask(diskless(more), ID);
  assert.match(faults(await found({ holds: ['ext4'] }), 'renew'), /\/dev\/vdb of fiori holds ext4/);
  assert.match(faults(await found({ reads: false }), 'renew'), /cannot be read: replace what/);
  assert.match(faults(await found({ holds: null }), 'renew'), /\/dev\/vdb is not a block device/);
  assert.match(faults(await found({ holds: [] }), 'attach'), /no metadata of DRBD/);
  const small = diskless({ holds: [] });
  small.backingBytes = 200_000_000;
  assert.match(faults(await ask(small, ID), 'renew'), /are needed with the metadata/);
});

test('a disk that was swapped after the review is refused', async () => {
  const pair = diskless({ holds: [] });
  const plan = draft(await ask(pair, ID), 'renew');
  pair.nodes.fiori.holds = ['xfs'];
  assert.match(failureOf(await carried(plan, pair).apply()), /holds xfs/);
  pair.nodes.fiori.holds = [];
  pair.backingBytes = 300_000_000;
  assert.match(failureOf(await carried(plan, pair).apply()), /not 268435456/);
  assert.deepEqual(pair.ran, []);
});

test('whoever has his disk is told so', async () => {
  const found = await ask(new LivingPair(), ID);
  assert.equal(found.verdict, 'no disk lost', found.happened);
  assert.deepEqual(found.ways, []);
});

test('a recorded detached disk is recognised, and the good side is the other', async () => {
  const found = await recovery(ID).gather('r0 fiori', await hostsOf('disk-detached'));
  assert.equal(found.verdict, 'disk lost', found.happened);
  assert.match(found.happened, /fiori is Diskless .* torchio has the good copy/);
});

test('errors of the kernel log are those of the disk and of what is beneath it', () => {
  const log = [
    '[1.0] I/O error, dev vdb, sector 2048 op 0x0:(READ) flags 0x0',
    '[2.0] Buffer I/O error on dev vdc, logical block 0',
    '[3.0] block drbd0: disk( UpToDate -> Failed )',
    'vdb1 error',
  ].join('\n');
  assert.deepEqual(errorLines(log, ['vdb', 'dm-0']), [log.split('\n')[0]]);
});

const TEXT = `resource r0 {
  on fiori { device /dev/drbd0 minor 0; disk /dev/vdb; meta-disk internal; address 192.0.2.1:7788; }
  on torchio {
    volume 0 { device /dev/drbd0 minor 0; disk /dev/vdb; meta-disk internal; }
    volume 1 { device /dev/drbd1 minor 1; disk /dev/vdc; meta-disk /dev/vdd; }
    address 192.0.2.2:7788;
  }
}
`;

test('another disk is named for one volume of one host, and nothing else changes', () => {
  const change = { resource: 'r0', host: 'fiori', volume: 0, path: '/dev/vg1/r0' };
  const own = changeDisk(TEXT, change);
  assert.equal(own.ok && own.text, TEXT.replace('/dev/vdb', '/dev/vg1/r0'));
  const numbered = changeDisk(TEXT, { ...change, host: 'torchio' });
  assert.equal(
    numbered.ok && numbered.text,
    TEXT.replace(
      'volume 0 { device /dev/drbd0 minor 0; disk /dev/vdb',
      'volume 0 { device /dev/drbd0 minor 0; disk /dev/vg1/r0',
    ),
  );
  const outside = changeDisk(TEXT, { ...change, host: 'torchio', volume: 1 });
  assert.ok(!outside.ok && outside.because.includes('device of their own'));
  const other = changeDisk(TEXT, { ...change, host: 'braciere' });
  assert.ok(!other.ok && other.because.includes('no section `on braciere`'));
});
