import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, WayOut } from '../../source/core/recovery.js';
import type { Draft } from '../../source/core/wizard.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { draftOf } from '../support/carry-out.js';
import { ShellFleet, whyFailed } from '../support/shell-fleet.js';

const NODES = ['kvm-1', 'kvm-2'];

function ask(box: ShellFleet, subject: string): Promise<Case> {
  const recovery = drbd.recoveries?.find(({ id }) => id === 'drbd.split-brain');
  assert.ok(recovery);
  return recovery.gather(subject, new Map(NODES.map((name) => [name, box.host(name)])));
}

function wayOf(found: Case, value: string): WayOut {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${found.verdict}: ${found.ways.map((one) => one.value).join()}`);
  return way;
}

async function carryOut(box: ShellFleet, draft: Draft): Promise<void> {
  const origin = { kind: 'recovery', id: 'drbd.split-brain', answers: {} } as const;
  const about = { origin, cluster: 'demo', madeBy: 'me@here' };
  const run = await box.apply(makePlan(draft, about, systemClock));
  assert.equal(whyFailed(run), '');
}

/** The names that differ. */
function names({ blocks }: Case): readonly string[] {
  return blocks.flatMap((block) =>
    block.kind === 'table' ? block.rows.map(([name]) => name?.text ?? '') : [],
  );
}

const left = async (box: ShellFleet, name: string): Promise<string> =>
  box.says(
    name,
    'sh',
    '-c',
    'lvs --noheadings -o lv_name; ls -d /run/holdfast* 2>/dev/null; findmnt -n',
  );

test('both sides are compared, the victim’s files copied aside, and the other side is kept', async () => {
  const box = await ShellFleet.start('split-brain-files');
  const first = await ask(box, 'r0');
  assert.equal(first.verdict, 'split brain', first.happened);
  assert.ok(!first.ways.some(({ value }) => value.includes('copy-files')));
  await carryOut(box, draftOf(wayOf(first, 'compare').plan({ keepCopy: false })));
  for (const name of NODES) assert.doesNotMatch(await left(box, name), /r\d-compare|snapshot/);
  const found = await ask(box, 'r0');
  assert.deepEqual(names(found), [
    '/projects/tower/sheet-1204.dwg',
    '/projects/plan.ods',
    '/home/anna/scan-0419.pdf',
    '/projects/tower/cover letter.odt',
    '/home/ben/invoice-2208.pdf',
    '/home/anna/notes.txt',
    '/home/ben/invoice-2207.pdf',
    '/tmp/export.csv',
  ]);
  // Somebody serves kvm-1's: kvm-2 is the one that can give way.
  await carryOut(box, draftOf(wayOf(found, 'kvm-2:copy-files').plan({ keepCopy: false })));
  assert.equal((await ask(box, 'r0')).verdict, 'healed');
  const aside = await box.says('kvm-2', 'sh', '-c', 'find / -path "*aside*" -type f');
  assert.match(aside, /aside\/r0-\d{8}-\d{6}\/home\/ben\/invoice-2207\.pdf/);
  for (const name of NODES)
    assert.doesNotMatch(await left(box, name), /r\d-compare|\/run\/holdfast/);
});

test('two resources are mended by one plan, each with a victim of its own', async () => {
  const box = await ShellFleet.start('split-brain-files');
  await box.host('kvm-1').run({
    argv: ['umount', '/srv/mail'],
    effect: 'changes',
    deadline: 8000,
  });
  const session = wayOf(await ask(box, 'r0'), 'each').asks?.({ keepCopy: false });
  assert.ok(session);
  for (const resource of box.fleet.drbd.resources) Object.assign(resource, { size: 1_048_576 });
  await carryOut(box, draftOf(session.plan({ r0: 'kvm-2', r1: 'kvm-1' })));
  for (const name of ['r0', 'r1']) assert.equal((await ask(box, name)).verdict, 'healed');
});
