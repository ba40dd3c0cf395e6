import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import {
  assertFinished,
  assertGolden,
  Carried,
  draftOf,
  failureOf,
  faultsOf,
} from '../../../support/carry-out.js';
import { StepClock } from '../../../support/clock.js';
import { draftText } from '../../../support/draft-text.js';
import { Killed } from '../../../support/mark-host.js';
import { SplitPair } from '../../../support/split-pair.js';

const AT = Date.UTC(2026, 10, 21, 14, 2, 11);
const golden = (name: string) =>
  new URL(`../../../../../test/stacks/drbd/compare/${name}`, import.meta.url);

/** A clock whose time passes as soon as somebody waits for it. */
class HastyClock extends StepClock {
  override readonly after = (_ms: number, call: () => void): (() => void) => {
    const timer = setImmediate(call);
    return () => clearImmediate(timer);
  };
}

const COMMON = {
  '': '2 d 4096 100.5 100.5 755 0:0',
  'same.img': '12 f 1048576 50.1 50.1 644 0:0',
};

/** Both made files of their own, both wrote one, and fiori took one away. */
function pair(): SplitPair {
  return new SplitPair({
    fiori: {
      ...COMMON,
      'mail/new': '20 f 300 200.5 200.5 600 8:8',
      both: '13 f 10 210.0 210.0 644 0:0',
    },
    torchio: {
      ...COMMON,
      'web/upload.jpg': '20 f 5000 220.5 220.5 644 33:33',
      both: '13 f 12 230.0 230.0 644 0:0',
      old: '14 f 7 40.0 40.0 644 0:0',
    },
  });
}

function ask(on: SplitPair): Promise<Case> {
  return splitBrainRecovery(() => AT).gather('r0', on.hosts);
}

function plan(found: Case, value: string, keepCopy = false) {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${found.happened} ${found.ways.map((one) => one.value).join()}`);
  return way.plan({ keepCopy });
}

function carried(draft: Draft, on: SplitPair): Carried {
  return new Carried(draft, drbd, on.hosts, new HastyClock());
}

async function compared(on = pair()): Promise<SplitPair> {
  assertFinished(await carried(draftOf(plan(await ask(on), 'compare')), on).apply());
  return on;
}

/** The rows of the table of differences. */
function rowsOf({ blocks }: Case): readonly string[] {
  return blocks.flatMap((block) =>
    block.kind === 'table' ? block.rows.map((row) => row.map(({ text }) => text).join(' | ')) : [],
  );
}

const ids = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');

test('both sides are read from snapshots, as it was reviewed once', async () => {
  const draft = draftOf(plan(await ask(pair()), 'compare'));
  assertGolden(golden('compare.txt'), ids(draftText(draft, drbd.steps)));
  assert.deepEqual([draft.confirmations, draft.loses], [[], []]);
  assert.match(draft.next ?? '', /What differs is in the recovery now/);
});

test('after it the recovery lists exactly what differs, the newest first, and nothing is left', async () => {
  const on = await compared();
  assert.equal(on.left, 0);
  const found = await ask(on);
  assert.deepEqual(
    rowsOf(found).map((row) =>
      row.replaceAll(/01-01 \d\d:(\d\d:\d\d)/g, '$1').replaceAll(/ +/g, ' '),
    ),
    [
      '/both | 10 B 03:30 | 12 B 03:50 | size, time',
      '/web/upload.jpg | – | 4.9 KiB 03:40 | only there',
      '/mail/new | 300 B 03:20 | – | only there',
      '/old | – | 7 B 00:40 | only there',
    ],
  );
  assert.ok(!on.ran.some((line) => /drbdadm|drbdsetup/.test(line)), 'DRBD was touched');
});

test('a comparison says nothing once the data has another generation', async () => {
  const on = await compared();
  on.sides.torchio.generation = 'F';
  const found = await ask(on);
  assert.deepEqual(rowsOf(found), []);
  assert.match(JSON.stringify(found.blocks), /of no use any more: the data has another generation/);
  assert.ok(!found.ways.some(({ value }) => value.endsWith('copy-files')));
});

test('no volume, or no room for a snapshot: why not is said, by host', async () => {
  const plain = pair();
  plain.plain = true;
  assert.match(
    faultsOf(plan(await ask(plain), 'compare')).join(),
    /fiori: .*no logical volume.*torchio/,
  );
  const full = pair();
  full.vgFree = 4_194_304;
  const says = faultsOf(plan(await ask(full), 'compare')).join();
  assert.match(says, /vg0 has 4\.0 MiB free, and a snapshot of vg0\/r0 needs 64\.0 MiB/);
});

test('what carries no file system is compared by its blocks', async () => {
  const on = pair();
  on.type = '';
  const sums = ['0', '1', '2', '3'].map((digit) => digit.repeat(32));
  on.sums = { fiori: sums, torchio: [...sums.slice(0, 2), 'f'.repeat(32), 'e'.repeat(32)] };
  const draft = draftOf(plan(await ask(on), 'compare'));
  assert.ok(draft.steps.some(({ kind }) => kind === 'drbd.sum-blocks'));
  assert.match(draft.warnings.join(), /read whole on both sides/);
  await compared(on);
  const text = JSON.stringify((await ask(on)).blocks);
  assert.match(text, /2 of 4 parts of 1\.0 MiB differ \(2\.0 MiB – 4\.0 MiB\)/);
});

test('a snapshot of OCFS2 has a UUID of its own before it is mounted, also when files are copied', async () => {
  const on = pair();
  on.type = 'ocfs2';
  const draft = draftOf(plan(await ask(on), 'compare'));
  const text = ids(draftText(draft, drbd.steps));
  assert.match(
    text,
    /drbd\.own-ocfs2-copy[^]*tunefs\.ocfs2 --cloned-volume \/dev\/mapper\/vg0-r0--compare\n *fsck\.ocfs2 -fy [^]*tunefs\.ocfs2 -M local [^]*mount -t ocfs2 -o ro,/,
  );
  await compared(on);
  const found = await ask(on);
  assert.equal(rowsOf(found).length, 4);
  assertFinished(await carried(draftOf(plan(found, 'torchio:copy-files')), on).apply());
  assert.equal(on.sides.torchio.aside.size, 1);
  assert.equal(on.left, 0);
});

test('a reading that fails stops with its reason; undo takes everything away', async () => {
  const on = pair();
  on.fails = 'the snapshot vg0/r0-compare was full before all was read';
  const run = carried(draftOf(plan(await ask(on), 'compare')), on);
  assert.match(failureOf(await run.apply()), /was full before all was read/);
  assert.ok(on.left > 0);
  assertFinished(await run.undo());
  assert.equal(on.left, 0);
});

test('killed at any instant, resume ends the same and undo leaves nothing', async () => {
  const whole = pair();
  let instants = 0;
  whole.instant = () => void (instants += 1);
  await compared(whole);
  assert.ok(instants >= 16, String(instants));
  for (let at = 1; at <= instants; at += 1) {
    for (const how of ['resume', 'undo'] as const) {
      const on = pair();
      const run = carried(draftOf(plan(await ask(on), 'compare')), on);
      let left = at;
      on.instant = () => {
        left -= 1;
        if (left === 0) throw new Killed();
      };
      await assert.rejects(run.apply(), Killed);
      assertFinished(how === 'resume' ? await run.apply() : await run.undo());
      assert.equal(on.left, 0, `${how} after instant ${at}`);
      if (how === 'resume') assert.equal(rowsOf(await ask(on)).length, 4);
      else assert.equal(on.sides.fiori.kept.size + on.sides.torchio.kept.size, 0, `instant ${at}`);
    }
  }
});

test('the victim’s own files are copied when nothing can write, before anything is discarded', async () => {
  const on = await compared();
  // Written after the comparison: it is copied as well.
  on.sides.torchio.files = { ...on.sides.torchio.files, late: '30 f 5 300.0 300.0 644 0:0' };
  const draft = draftOf(plan(await ask(on), 'torchio:copy-files'));
  assertGolden(golden('copy-files.txt'), ids(draftText(draft, drbd.steps)));
  assertFinished(await carried(draft, on).apply());
  const target = '/var/lib/holdfast/aside/r0-20261121-140211';
  assert.deepEqual(
    [...on.sides.torchio.aside],
    [[target, ['both', 'late', 'old', 'web/upload.jpg']]],
  );
  const discarded = on.ran.findIndex((line) => line.includes('--discard-my-data'));
  const copied = on.ran.findIndex((line) => line.includes('holdfast/aside'));
  const secondary = on.ran.findIndex((line) => line.includes('drbdadm secondary'));
  assert.ok(secondary < copied && copied < discarded, on.ran.join('\n'));
  assert.equal(on.left, 0);
  assert.equal(on.sides.fiori.kept.size + on.sides.torchio.kept.size, 0, 'the comparison is left');
});

test('a copy that is not whole stops the recovery before anything is discarded', async () => {
  const on = await compared();
  on.fails = 'the copy is not the same as what it was made of';
  const run = carried(draftOf(plan(await ask(on), 'torchio:copy-files')), on);
  assert.match(
    failureOf(await run.apply()),
    /not the same as what it was made of; nothing was given up/,
  );
  assert.ok(!on.ran.some((line) => line.includes('--discard-my-data')));
  assertFinished(await run.undo());
  assert.equal(on.left, 0);
  assert.equal(on.sides.torchio.role, 'Primary');
});

test('the copy is killed at any instant: it ends with all files aside and the sides together', async () => {
  const whole = await compared();
  let instants = 0;
  const first = carried(draftOf(plan(await ask(whole), 'torchio:copy-files')), whole);
  whole.instant = () => void (instants += 1);
  assertFinished(await first.apply());
  for (let at = 1; at <= instants; at += 1) {
    const on = await compared();
    const run = carried(draftOf(plan(await ask(on), 'torchio:copy-files')), on);
    let left = at;
    on.instant = () => {
      left -= 1;
      if (left === 0) throw new Killed();
    };
    await assert.rejects(run.apply(), Killed);
    assertFinished(await run.apply());
    assert.equal(on.state, whole.state, `killed at instant ${at}`);
  }
});

test('without room on the victim’s host no files are copied, and how much is needed is said', async () => {
  const on = await compared();
  on.df = on.df.replace('8000000', '1000');
  const says = faultsOf(plan(await ask(on), 'torchio:copy-files')).join();
  assert.match(
    says,
    /64\.0 MiB are needed for the files of torchio, and .* more than 1\.0 MiB free/,
  );
});

test('a list that cannot be read any more is not taken for one without differences', async () => {
  const on = await compared();
  const { kept } = on.sides.torchio;
  for (const [folder, lines] of kept) {
    kept.set(
      folder,
      lines.filter((line) => !line.startsWith('list ')),
    );
  }
  const found = await ask(on);
  assert.deepEqual(rowsOf(found), []);
  assert.match(JSON.stringify(found.blocks), /of no use any more: the lists could not be read/);
});
