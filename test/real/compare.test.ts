import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Case } from '../../source/core/recovery.js';
import { draftOf } from '../support/carry-out.js';
import { enterLab, LAB_NODES, leaveLab, load, onLab, save } from '../support/lab.js';
import { labPlan, LabRun } from '../support/lab-run.js';
import {
  ext4,
  factsOf,
  leftOn,
  mounted,
  raw,
  setUp,
  split,
  xfs,
  type LabVolume,
} from '../support/compare-lab.js';
import { ask } from '../support/split-brain-lab.js';

const ID = 'drbd.split-brain';
const skip = await enterLab('clean', 'the comparison of a real split brain');

before(async () => {
  if (skip !== false) return;
  await setUp();
  await save('test-compare');
});

after(leaveLab);

let isAsSetUp = true;

function shape(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isAsSetUp) await load('test-compare');
    isAsSetUp = false;
    await body();
  });
}

function plan(found: Case, value: string, keepCopy = false): LabRun {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${value} is not among ${found.ways.map((one) => one.value).join()}`);
  return new LabRun(labPlan(draftOf(way.plan({ keepCopy })), ID));
}

/** The names that differ, with in what. */
function listedIn({ blocks }: Case): readonly string[] {
  const rows = blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
  return rows.map((row) => `${row[0]?.text ?? ''} ${row[3]?.text ?? ''}`).sort();
}

async function nothingIsLeft(allowed = ''): Promise<void> {
  for (const node of LAB_NODES) assert.equal(await leftOn(node), allowed, node);
}

const CHANGES: Readonly<Record<string, readonly string[]>> = {
  fiori: [
    'echo from fiori > both; rm web/gone; echo hello > mail/box/1',
    `printf x > "$(printf 'two\\nlines')"; chmod 600 same`,
    'printf "[%s]\\n" "a b" > " blank "',
  ],
  torchio: [
    'echo from torchio, longer > both; mkdir -p web/new; dd if=/dev/urandom of=web/new/up.jpg bs=1k count=100 2>/dev/null',
    'touch -d 2020-01-01 web/new/up.jpg; chown 33:33 web/new/up.jpg; chmod 640 web/new/up.jpg',
    // As large as before, and its time put back: only that of its change tells.
    't=$(stat -c %y same.img); dd if=/dev/urandom of=same.img bs=64k count=16 conv=notrunc 2>/dev/null; touch -d "$t" same.img',
  ],
};

const DIFFER = [
  '/ blank  only there',
  '/both size, time',
  '/mail/box/1 only there',
  '/same rights',
  '/same.img rewritten',
  '/two^Jlines only there',
  '/web/gone only there',
  '/web/new/ only there',
  '/web/new/up.jpg only there',
].sort();

/** What torchio alone has, or has otherwise. */
const OF_TORCHIO = ['both', 'same', 'same.img', 'web/gone', 'web/new/up.jpg'];
const OF_FIORI = ['both', 'same', 'same.img', 'mail/box/1', ' blank ', 'two\nlines'];

async function parts(volume: LabVolume, stays = false): Promise<void> {
  await split(volume, async (node) => {
    await mounted(node, volume, CHANGES[node] ?? [], stays);
  });
}

async function compares(volume: LabVolume): Promise<Case> {
  await plan(await ask(volume.name), 'compare').finish();
  await nothingIsLeft('/run/holdfast-compare');
  const found = await ask(volume.name);
  assert.deepEqual(listedIn(found), DIFFER);
  return found;
}

/** The files lie aside with the very facts that they had on the victim. */
async function copied(
  volume: LabVolume,
  { victim, was }: { victim: string; was: string },
  files: readonly string[],
): Promise<void> {
  const [folder = ''] = (await onLab(victim, 'ls -d /var/lib/holdfast/aside/*'))
    .split('\n')
    .filter((line) => line.includes(`/${volume.name}-`));
  assert.equal(await factsOf(victim, folder, files), was);
  const there = await onLab(
    victim,
    `cd ${folder}; find . ! -type d -print0 | tr -cd '\\0' | wc -c`,
  );
  assert.equal(Number(there.trim()), files.length);
}

shape(
  'ext4: exactly the different files are listed, copied aside, and one side is kept',
  async () => {
    await parts(ext4);
    const found = await compares(ext4);
    const was = await onLab('torchio', 'mount -o ro /dev/drbd22 /mnt/hfext').then(() =>
      factsOf('torchio', '/mnt/hfext', OF_TORCHIO),
    );
    await onLab('torchio', 'umount /mnt/hfext');
    const run = plan(found, 'torchio:copy-files');
    await run.finish();
    await copied(ext4, { victim: 'torchio', was }, OF_TORCHIO);
    assert.equal((await ask(ext4.name)).verdict, 'healed');
    await onLab('torchio', 'drbdadm secondary hfext 2>/dev/null; true');
    await onLab('fiori', 'mount -o ro /dev/drbd22 /mnt/hfext');
    assert.equal(await onLab('fiori', 'cat /mnt/hfext/both'), 'from fiori');
    await onLab('fiori', 'umount /mnt/hfext');
    await nothingIsLeft('');
  },
);

shape(
  'xfs, mounted on both: what was written last is seen, and the victim is released',
  async () => {
    await parts(xfs, true);
    const found = await compares(xfs);
    const was = await factsOf('fiori', '/mnt/hfxfs', OF_FIORI);
    // Written after the comparison.
    await onLab('fiori', 'cd /mnt/hfxfs; echo late > late; sync');
    const late = await factsOf('fiori', '/mnt/hfxfs', [...OF_FIORI, 'late']);
    assert.notEqual(late, was);
    const run = plan(found, 'fiori:copy-files');
    await run.finish();
    await copied(xfs, { victim: 'fiori', was: late }, [...OF_FIORI, 'late']);
    assert.equal((await ask(xfs.name)).verdict, 'healed');
    assert.equal(await onLab('torchio', 'cat /mnt/hfxfs/both'), 'from torchio, longer');
    await nothingIsLeft('');
  },
);

shape('a disk without a file system is compared by its parts', async () => {
  await split(raw, async (node) => {
    const seek = node === 'fiori' ? 3 : 9;
    await onLab(node, `dd if=/dev/urandom of=/dev/drbd24 bs=1M count=2 seek=${seek} oflag=direct`);
  });
  await plan(await ask(raw.name), 'compare').finish();
  const text = JSON.stringify((await ask(raw.name)).blocks);
  assert.match(
    text,
    /4 of 24 parts of 1\.0 MiB differ \(3\.0 MiB – 5\.0 MiB, 9\.0 MiB – 11\.0 MiB\)/,
  );
  await nothingIsLeft('/run/holdfast-compare');
});

shape('killed anywhere, undo leaves nothing and resume ends with the list', async () => {
  await parts(ext4);
  for (const [at, how] of [
    [7, 'undo'],
    [4, 'resume'],
  ] as const) {
    const run = plan(await ask(ext4.name), 'compare');
    run.left = at;
    await assert.rejects(run.apply());
    run.left = undefined;
    if (how === 'resume') {
      await run.finish();
      assert.deepEqual(listedIn(await ask(ext4.name)), DIFFER);
    }
    assert.equal((await run.undo()).kind, 'finished', `${how} at ${at}`);
    await nothingIsLeft('');
  }
});

shape('a snapshot that runs full is told, and undo takes it away', async () => {
  await parts(ext4);
  const run = plan(await ask(ext4.name), 'compare');
  // The first command takes a snapshot; then a writer fills it.
  run.left = 3;
  await assert.rejects(run.apply());
  run.left = undefined;
  await onLab('fiori', 'dd if=/dev/urandom of=/dev/drbd22 bs=1M count=80 oflag=direct; true');
  const end = await run.apply();
  assert.ok(end.kind === 'failed', end.kind);
  assert.equal((await run.undo()).kind, 'finished');
  await nothingIsLeft('');
});
