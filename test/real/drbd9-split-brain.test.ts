import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runOfWay } from '../support/lab-run.js';
import { lab, leaveLab, load, onEach, onLab, save } from '../support/lab.js';
import {
  ask,
  carryOut,
  carryOutDying,
  enterNine,
  NAME,
  settled,
  setUp,
  sums,
  THREE,
  until,
  VOLUMES,
  write,
  type Node,
} from '../support/nine-lab.js';

const skip = await enterNine('the split brain of three nodes on a real DRBD 9');
const CALM = 'test-nine-split';
const TWO_AND_ONE = 'test-nine-two-and-one';
const THREE_WAYS = 'test-nine-three-ways';

before(async () => {
  if (skip !== false) return;
  await setUp();
  await save(CALM);
});
after(leaveLab);

/** Cuts some off, lets one of each party write, and brings them together until DRBD has refused. */
async function split(cut: readonly Node[], writers: Readonly<Partial<Record<Node, number>>>) {
  for (const node of cut) await lab('cut', node);
  for (const node of cut) await until(node, 'cstate', 2, 'Connecting');
  const all = Object.entries(writers).map(([node, mib], index) => write(node, mib, 1 + 6 * index));
  await Promise.all(all);
  for (const node of cut) await lab('heal', node);
  for (const node of cut) await until(node, 'cstate', 2, 'StandAlone');
}

/** All have the survivor's data, and the survivor has what it had. */
async function allHave(kept: string | undefined): Promise<void> {
  for (const node of THREE) await settled(node);
  const now = await sums();
  for (const node of THREE) assert.equal(now[node], kept, `${node} has other data`);
  const healed = await ask('drbd.split-brain');
  assert.equal(healed.verdict, 'healed', healed.happened);
}

test('two against one: the one gives way, and nothing of the two changes', { skip }, async () => {
  await split(['pavone'], { fiori: 4, pavone: 3 });
  await save(TWO_AND_ONE);
  const had = await sums();
  assert.equal(had.fiori, had.torchio);
  assert.notEqual(had.fiori, had.pavone);
  const found = await ask('drbd.split-brain');
  assert.equal(found.verdict, 'split brain', found.happened);
  assert.deepEqual(found.ways.map(({ value }) => value).sort(), ['fiori+torchio', 'pavone']);
  const run = await carryOut(found, 'pavone');
  console.log(run.commands.join('\n'));
  await allHave(had.fiori);
  assert.equal((await onLab('fiori', `drbdadm role ${NAME}`)).trim(), 'Primary');
});

test('two against one: the two give way, the console dying at every step', { skip }, async () => {
  await load(TWO_AND_ONE);
  const had = await sums();
  const run = runOfWay(await ask('drbd.split-brain'), 'fiori+torchio');
  const deaths = await carryOutDying(run);
  console.log(deaths, run.commands.join('\n'));
  assert.ok(deaths >= 4, String(deaths));
  await allHave(had.pavone);
});

test('three ways: one is kept, and the others take its data', { skip }, async () => {
  await load(CALM);
  await split(THREE, { fiori: 2, torchio: 3, pavone: 4 });
  await save(THREE_WAYS);
  const had = await sums();
  assert.equal(new Set(Object.values(had)).size, 3);
  const found = await ask('drbd.split-brain');
  assert.equal(found.ways.length, 3, found.happened);
  assert.equal(found.recommended, undefined);
  const run = await carryOut(found, 'fiori+torchio');
  console.log(run.commands.join('\n'));
  await allHave(had.pavone);
});

test('three ways: the console dies at every step, and the end is the same', { skip }, async () => {
  await load(THREE_WAYS);
  const had = await sums();
  const run = runOfWay(await ask('drbd.split-brain'), 'torchio+pavone');
  const deaths = await carryOutDying(run);
  console.log(deaths, run.commands.join('\n'));
  await allHave(had.fiori);
});

test(
  'a victim in use is refused by name, and stopped first where that is chosen',
  { skip },
  async () => {
    await load(TWO_AND_ONE);
    const [{ minor }] = VOLUMES;
    await onLab(
      'pavone',
      `mkfs.ext4 -qF /dev/drbd${minor}; mkdir -p /mnt/hf; mount /dev/drbd${minor} /mnt/hf`,
    );
    const found = await ask('drbd.split-brain');
    const drafted = found.ways.find(({ value }) => value === 'pavone')?.plan({ keepCopy: false });
    assert.ok(drafted && !drafted.ok);
    assert.ok(drafted.faults.some(({ says }) => says.includes('/mnt/hf (ext4)')));
    const had = await sums();
    await carryOut(found, 'pavone:stop-first');
    await onEach(THREE, '! grep -q /mnt/hf /proc/mounts');
    await allHave(had.fiori);
  },
);
