import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Case, WayOut } from '../../source/core/recovery.js';
import { enterLab, LAB_NODES, leaveLab, onBoth, onLab } from '../support/lab.js';
import {
  ask,
  calm,
  configure,
  LAB_SECRET,
  plain,
  run,
  setUp,
  sum,
} from '../support/split-brain-lab.js';

const skip = await enterLab('clean', 'DRBD’s links on a real kernel');

before(async () => {
  if (skip === false) await setUp();
});

after(leaveLab);

function wayOf(found: Case, value: string): WayOut {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(
    way,
    `${found.verdict}: ${found.happened} (${found.ways.map((one) => one.value).join()})`,
  );
  return way;
}

/** Gives the two machines settings that do not fit, and waits until DRBD has refused. */
async function mismatch(fiori: string, torchio: string): Promise<void> {
  await configure('fiori', plain, fiori);
  await configure('torchio', plain, torchio);
  await onBoth('drbdadm disconnect hfplain 2>/dev/null; true');
  await onBoth('drbdadm adjust hfplain');
  const alone =
    'for i in $(seq 60); do [ $(drbdadm cstate hfplain) = StandAlone ] && exit 0; sleep 0.5; done; exit 1';
  await Promise.any(LAB_NODES.map((node) => onLab(node, alone)));
}

/** Mends, and proves that both have the same bytes and talk again. */
async function mends(found: Case, way: string): Promise<string> {
  const ran = await run(wayOf(found, way), false);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  const sums = await onBoth('sha256sum < /etc/drbd.d/hfplain.res');
  assert.equal(sums[0], sums[1], 'the files differ');
  for (const said of await onBoth('drbdadm cstate hfplain; drbdadm dstate hfplain')) {
    assert.equal(said, 'Connected\nUpToDate/UpToDate');
  }
  assert.equal((await ask('hfplain', 'drbd.standalone')).verdict, 'healed');
  return ran.journal;
}

test(
  'a verify-alg that differs is named, compared, mended in the file, and both are connected',
  { skip },
  async () => {
    await mismatch('verify-alg crc32c;', '');
    const found = await ask('hfplain', 'drbd.standalone');
    assert.equal(found.verdict, 'settings differ', found.happened);
    assert.match(found.happened, /Different verify-alg settings/);
    await mends(found, 'fiori');
    for (const said of await onBoth('drbdsetup show hfplain'))
      assert.match(said, /verify-alg\s+"?crc32c/);
    await calm(plain);
  },
);

test('secrets that differ: both get a new one, which nobody reads', { skip }, async () => {
  await mismatch(
    'cram-hmac-alg sha1; shared-secret "horse one";',
    'cram-hmac-alg sha1; shared-secret "horse two";',
  );
  const found = await ask('hfplain', 'drbd.standalone');
  assert.equal(found.verdict, 'secrets differ', found.happened);
  assert.doesNotMatch(JSON.stringify(found), /horse/);
  const journal = await mends(found, 'torchio');
  assert.doesNotMatch(journal, new RegExp(`horse|${LAB_SECRET}`));
  for (const said of await onBoth('drbdsetup show hfplain; stat -c %a /etc/drbd.d/hfplain.res')) {
    assert.match(said, new RegExp(`shared-secret\\s+"${LAB_SECRET}"[^]*600$`));
  }
  await calm(plain);
});

/** The rows of the table of stretches that differ. */
function places(found: Case): readonly string[] {
  const table = found.blocks.find((block) => block.kind === 'table');
  return table?.kind === 'table'
    ? table.rows.map((row) => row.map(({ text }) => text).join(' '))
    : [];
}

async function verified(): Promise<Case> {
  const ran = await run(wayOf(await ask('hfplain', 'drbd.verify-differences'), 'verify'), false);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  return ask('hfplain', 'drbd.verify-differences');
}

/** Writes past DRBD, as a wrong mount of the backing device would. */
async function writeBehind(node: string): Promise<void> {
  await onLab(
    node,
    'dd if=/dev/urandom of=/dev/vdb bs=4k seek=512 count=4 oflag=direct conv=notrunc',
  );
}

test(
  'what was written behind DRBD’s back is found, shown, and copied from the side that is chosen',
  { skip },
  async () => {
    for (const node of LAB_NODES) await configure(node, plain, 'verify-alg crc32c;');
    await onBoth('drbdadm adjust hfplain');
    await onLab('fiori', 'drbdadm primary hfplain');
    await writeBehind('torchio');
    const found = await verified();
    assert.equal(found.verdict, 'copies differ', found.happened);
    assert.match(found.happened, /16\.0 KiB of hfplain differ/);
    assert.deepEqual(places(found), ['/dev/drbd20 2097152 512 16.0 KiB']);
    assert.equal(found.recommended?.value, 'torchio');
    const right = await sum('fiori', plain, plain.backing);
    const ran = await run(wayOf(found, 'torchio'), false);
    assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
    assert.equal(await sum('fiori', plain, plain.backing), right);
    assert.equal(await sum('torchio', plain, plain.backing), right);
    assert.equal((await verified()).verdict, 'no difference known');
  },
);

test('the other side can be the right one, also where nobody is Primary', { skip }, async () => {
  await onLab('fiori', 'drbdadm secondary hfplain');
  await writeBehind('torchio');
  const found = await verified();
  assert.equal(found.recommended, undefined);
  const right = await sum('torchio', plain, plain.backing);
  const ran = await run(wayOf(found, 'fiori'), false);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  assert.equal(await sum('fiori', plain, plain.backing), right);
  assert.match(await onLab('fiori', 'drbdadm role hfplain'), /^Secondary\/Secondary/);
});

const RATE = "drbdsetup show hfplain | sed -n 's/.*resync-rate[[:blank:]]*\\([0-9]*k\\).*/\\1/p'";

test(
  'a resync at a low rate is hurried for now, and the rate is put back at its end',
  { skip },
  async () => {
    await onBoth('drbdadm disk-options --resync-rate=300k hfplain');
    await onLab('torchio', 'drbdadm invalidate hfplain');
    const found = await ask('hfplain', 'drbd.slow-resync');
    assert.equal(found.verdict, 'running', found.happened);
    const ran = await run(wayOf(found, 'full'), false);
    assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
    assert.equal((await onLab('torchio', RATE)).trim(), '300k');
    assert.match(await onLab('torchio', 'drbdadm dstate hfplain'), /UpToDate\/UpToDate/);
    await onBoth('drbdadm adjust hfplain');
  },
);

test('a paused resync goes on where it was paused', { skip }, async () => {
  await onLab(
    'torchio',
    'drbdadm disk-options --resync-rate=300k hfplain; drbdadm invalidate hfplain',
  );
  await onLab(
    'torchio',
    'drbdadm pause-sync hfplain; drbdadm disk-options --resync-rate=40M hfplain',
  );
  const found = await ask('hfplain', 'drbd.slow-resync');
  assert.equal(found.verdict, 'paused', found.happened);
  assert.match(found.happened, /somebody paused it on torchio/);
  const ran = await run(wayOf(found, 'resume'), false);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  await onBoth('drbdadm adjust hfplain');
});
