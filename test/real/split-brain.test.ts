import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Case, WayOut } from '../../source/core/recovery.js';
import { enterLab, LAB_NODES, leaveLab, load, onBoth, onLab, save } from '../support/lab.js';
import {
  ask,
  calm,
  configure,
  lvm,
  meet,
  part,
  plain,
  run,
  setUp,
  sum,
  type LabResource,
} from '../support/split-brain-lab.js';

const skip = await enterLab('clean', 'the recovery on a real DRBD');

const table: string[][] = [];

before(async () => {
  if (skip !== false) return;
  await setUp();
  await save('test-split-brain');
});

after(async () => {
  await leaveLab();
  if (skip !== false) return;
  console.log('\nshape | verdict | recommended victim | end | victim’s copy');
  for (const row of table) console.log(row.join(' | '));
});

let isAsSetUp = true;

/** A test of one shape. What one that failed left behind does not befall the next. */
function shape(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isAsSetUp) await load('test-split-brain');
    isAsSetUp = false;
    await body();
    isAsSetUp = true;
  });
}

function wayOf(found: Case, victim: string): WayOut {
  assert.equal(found.verdict, 'split brain', `${found.verdict}: ${found.happened}`);
  assert.equal(found.mendable, true);
  const way = found.ways.find(({ value }) => value === victim);
  assert.ok(way, `no way with ${victim} as the victim`);
  return way;
}

function said(name: string, found: Case, end: string, copy = '–'): void {
  table.push([name, found.verdict, found.recommended?.value ?? '–', end, copy]);
}

/** Mends, and proves that the survivor's data is untouched and the victim has the very same. */
async function mends(
  name: string,
  resource: LabResource,
  victim: string,
  keepCopy = false,
): Promise<Case> {
  const [survivor = ''] = LAB_NODES.filter((node) => node !== victim);
  const found = await ask(resource.name);
  const way = wayOf(found, victim);
  const sums = () =>
    Promise.all([survivor, victim].map((node) => sum(node, resource, resource.backing)));
  const [kept, given] = await sums();
  assert.notEqual(kept, given);
  const ran = await run(way, keepCopy);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  assert.equal(
    await sum(survivor, resource, resource.backing),
    kept,
    'the survivor’s data changed',
  );
  assert.equal(await sum(victim, resource, resource.backing), kept, 'the victim’s data differs');
  assert.deepEqual(
    ran.commands.filter((line) => !/→ (?:0|10)$/.test(line)),
    [],
  );
  let copy = keepCopy ? 'kept' : '–';
  if (keepCopy) {
    const volume = (await onLab(victim, 'lvs --noheadings -o lv_name -S origin=data hfvg')).trim();
    assert.equal(await sum(victim, resource, `/dev/hfvg/${volume}`), given, 'the copy differs');
    await onLab(victim, `lvremove -fq hfvg/${volume}`);
    copy = `kept as ${volume}, same sum`;
  }
  const healed = await ask(resource.name);
  assert.equal(healed.verdict, 'healed', healed.happened);
  assert.equal(healed.mendable, false);
  said(name, found, 'UpToDate/UpToDate', copy);
  return found;
}

shape('both stand alone, both wrote, both were Primary: the victim is Primary again', async () => {
  await part(plain, { fiori: 6, torchio: 4 });
  await meet(plain);
  await mends('both StandAlone, both wrote', plain, 'fiori');
  assert.match(await onLab('fiori', 'drbdadm role hfplain'), /^Primary\/Primary/);
  await calm(plain);
});

shape('one side waits and is the victim', async () => {
  await part(plain, { fiori: 2, torchio: 3 });
  await meet(plain);
  await onLab('torchio', 'drbdadm connect hfplain');
  await mends('victim WFConnection, other StandAlone', plain, 'torchio');
  await calm(plain);
});

shape('one side waits and is kept; the other wrote nothing', async () => {
  await part(plain, { fiori: 0, torchio: 5 });
  await meet(plain);
  await onLab('torchio', 'drbdadm connect hfplain');
  const found = await mends('survivor WFConnection, victim wrote nothing', plain, 'fiori');
  assert.equal(found.recommended?.value, 'fiori');
  assert.deepEqual(wayOf(found, 'fiori').loses, []);
  await calm(plain);
});

shape('on a logical volume the victim’s data is kept first', async () => {
  await part(lvm, { fiori: 3, torchio: 5 });
  await meet(lvm);
  await mends('LVM with room, both wrote', lvm, 'torchio', true);
  await calm(lvm);
});

shape('without room no copy is promised, and the rest is offered all the same', async () => {
  await part(lvm, { fiori: 0, torchio: 4 });
  await meet(lvm);
  await onBoth('lvcreate -q -y -n ballast -l 100%FREE hfvg');
  const refused = wayOf(await ask(lvm.name), 'fiori').plan({ keepCopy: true });
  assert.ok(!refused.ok && refused.faults.some(({ says }) => says.includes('0 B free')));
  await mends('LVM without room, one wrote', lvm, 'fiori');
  await onBoth('lvremove -fq hfvg/ballast');
  await calm(lvm);
});

shape('a victim in use is refused, and by whom is said', async () => {
  await part(plain, { fiori: 1, torchio: 1 });
  await meet(plain);
  await onLab('fiori', 'mkfs.ext4 -qF /dev/drbd20; mkdir -p /mnt/hf; mount /dev/drbd20 /mnt/hf');
  const found = await ask(plain.name);
  const drafted = wayOf(found, 'fiori').plan({ keepCopy: false });
  assert.ok(!drafted.ok && drafted.faults.some(({ says }) => says.includes('/mnt/hf (ext4)')));
  said('victim mounted', found, 'refused: /mnt/hf (ext4)');
  await onLab('fiori', 'umount /mnt/hf');
  const stale = wayOf(found, 'torchio').plan({ keepCopy: false });
  assert.ok(stale.ok);
  await onLab('torchio', 'drbdadm secondary hfplain');
  const { end } = await run(wayOf(found, 'torchio'), false);
  assert.ok(end.kind === 'failed' && end.failure.what.startsWith('the plan is stale'));
  said('state changed since the review', found, 'refused: stale');
  await mends('both StandAlone, victim Secondary', plain, 'torchio');
  await calm(plain);
});

async function leftAlone(name: string, verdict: string): Promise<void> {
  const found = await ask(plain.name);
  assert.equal(found.verdict, verdict, found.happened);
  assert.equal(found.mendable, false);
  assert.deepEqual(found.ways, []);
  said(name, found, 'left alone');
}

async function mismatch(theirs: string, ours: string): Promise<void> {
  await configure('fiori', plain, theirs);
  await configure('torchio', plain, ours);
  await onBoth('drbdadm disconnect hfplain 2>/dev/null; true');
  await onBoth('drbdadm adjust hfplain');
  const alone =
    'for i in $(seq 40); do [ $(drbdadm cstate hfplain) = StandAlone ] && exit 0; sleep 0.5; done; exit 1';
  await Promise.any(LAB_NODES.map((node) => onLab(node, alone)));
}

shape('settings or secrets that differ, and a peer that is down, are left alone', async () => {
  await mismatch('verify-alg crc32c;', '');
  await leftAlone('verify-alg differs', 'settings differ');
  await mismatch(
    'cram-hmac-alg sha1; shared-secret one;',
    'cram-hmac-alg sha1; shared-secret two;',
  );
  await leftAlone('secrets differ', 'secrets differ');
  for (const node of LAB_NODES) await configure(node, plain);
  await onBoth('drbdadm disconnect hfplain 2>/dev/null; drbdadm adjust hfplain');
  await calm(plain);
  await onLab('torchio', 'drbdadm down hfplain');
  await leftAlone('peer down', 'peer down');
});
