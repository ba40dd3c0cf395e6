import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { open } from '../../source/core/form.js';
import type { Block, Row } from '../../source/core/pane.js';
import { sessionOf } from '../../source/core/wizard.js';
import { aCase, fakeChanges } from '../support/changes.js';
import { findingKey } from '../../source/core/finding.js';
import { openScreen } from '../support/term.js';
import { aFinding, aProblem, aWorld } from '../support/world.js';

const finding = aFinding({
  title: 'split brain',
  subject: 'r0',
  severity: 'alert',
  remedies: ['mirror.mend'],
});

/** The console on some problems, with something to mend them. */
async function opened(t: TestContext, problems = [aProblem(finding)]) {
  const changes = fakeChanges();
  const screen = await openScreen({ world: aWorld({ problems }), options: { changes } });
  t.after(() => screen.close());
  return { screen, changes };
}

const evidence: Block = {
  kind: 'lines',
  label: 'EVIDENCE',
  lines: Array.from({ length: 60 }, (_, at) => `line ${at}`),
};

test('the overview begins at the first problem', async (t) => {
  const { screen } = await opened(t);
  assert.match(screen.selected(), /split brain +r0/);
});

test('at 80x24 the verdict, the sides and the ways out are seen at once', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const { blocks } = aCase();
  changes.find({ ok: true, made: aCase({ blocks: [...blocks, evidence] }) });
  await screen.idle();
  const text = screen.text();
  assert.match(text, /both sides wrote\n[^]*left +right\n[^]*wrote +12 MiB[^]*2 WAYS OUT/);
  assert.match(screen.selected(), /left gives way +recommended/);
  assert.match(text, /⏎ make the plan/);
});

test('the evidence is read while the ways out stay', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const { blocks } = aCase();
  changes.find({ ok: true, made: aCase({ blocks: [...blocks, evidence] }) });
  await screen.idle();
  await screen.press('G');
  assert.match(screen.text(), /line 59\n[^]*2 WAYS OUT[^]*left gives way/);
  await screen.press('page-up');
  assert.doesNotMatch(screen.text(), /line 59\n/);
  await screen.press('g');
  assert.match(screen.text(), /left +right\n/);
  await screen.press('down');
  assert.match(screen.selected(), /right gives way/);
  await screen.press('down', 'up');
  assert.match(screen.selected(), /left gives way/);
});

test('many ways out leave room to read, and the marked one is in sight with its loss', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const { blocks, ways } = aCase();
  const [left] = ways;
  assert.ok(left);
  const many = Array.from({ length: 14 }, (_, at) => ({ ...left, value: `way-${at}` }));
  const { recommended: _none, ...rest } = aCase({ blocks: [...blocks, evidence], ways: many });
  changes.find({ ok: true, made: rest });
  await screen.idle();
  assert.match(screen.text(), /left +right\n[^]*14 WAYS OUT[^]*way-0/);
  const rows = screen.text().split('\n');
  const read = rows.findIndex((row) => row.includes('WAYS OUT'));
  assert.ok(read >= rows.length / 2, `half of the screen is to be read: ${read}`);
  for (let at = 0; at < 13; at += 1) await screen.press('down');
  assert.match(screen.selected(), /way-13/);
  assert.match(screen.text(), /left +right\n[^]*14 WAYS OUT[^]*way-13/);
  await screen.press('G');
  assert.match(screen.text(), /line 59\n[^]*14 WAYS OUT[^]*way-13/);
});

test('a way out that asks more does so, and its plan comes from the answers', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const [left] = aCase().ways;
  assert.ok(left);
  const choices = ['r0', 'r1'].map((value) => ({ value, cells: [{ text: value }], gate: open }));
  const session = sessionOf(
    {
      answers: z.strictObject({ which: z.enum(['r0', 'r1']) }),
      questions: () => [
        { kind: 'one', key: 'which', ask: 'Who gives way?', explains: 'It loses.', choices },
      ],
      plan: () => left.plan({ keepCopy: false }),
    },
    undefined,
  );
  const each = { ...left, value: 'each', asks: () => session };
  changes.find({ ok: true, made: aCase({ ways: [each] }) });
  await screen.idle();
  await screen.press('enter');
  assert.match(screen.text(), /Who gives way\?/);
  await screen.press('down', 'enter');
  await screen.idle();
  assert.match(screen.text(), /review/);
  assert.deepEqual(changes.made.at(-1)?.origin, {
    kind: 'recovery',
    id: 'mirror.mend',
    answers: { chosen: { resource: 'r0', victim: 'each', keepCopy: true }, which: 'r1' },
  });
  await screen.press('escape', 'escape');
  assert.match(screen.text(), /WAY OUT/);
});

test('what was refused says by which commands it is taken away', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const [left] = aCase().ways;
  assert.ok(left);
  const byHand = [{ host: 'left', says: 'unmount it', line: 'umount /srv' }];
  const busy = {
    ...left,
    plan: () => ({ ok: false as const, faults: [{ key: 'x', says: '/srv is mounted', byHand }] }),
  };
  changes.find({ ok: true, made: aCase({ ways: [busy] }) });
  await screen.idle();
  await screen.press('K', 'enter');
  assert.match(screen.text(), /\/srv is mounted\n {3}on left, unmount it:\n {5}\$ umount \/srv\n/);
  await screen.press('R');
  changes.find({ ok: true, made: aCase({ ways: [busy] }) });
  await screen.idle();
  // What was chosen before the second look stays chosen.
  assert.match(screen.text(), /what is given up: no/);
});

test('what the ways are is said in the recovery’s own words; a copy is asked only where there is one', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const plain = aCase({ choosing: 'who becomes the master', copies: false });
  changes.find({ ok: true, made: plain });
  await screen.idle();
  assert.match(screen.text(), /OUT: WHO BECOMES THE MASTER/);
  assert.doesNotMatch(screen.text(), /keep a copy/);
  await screen.press('K');
  assert.match(screen.text(), /nothing is given up that could be copied/);
});

test('a row with several problems leads to the one that can be mended', async (t) => {
  const other = aFinding({ title: 'slow', subject: 'r0', severity: 'warning', code: 'SLOW' });
  const row: Row = {
    id: 'r0',
    tone: 'alert',
    cells: [{ text: 'r0' }],
    hosts: [],
    details: () => ({ title: 'r0', tone: 'alert', state: 'split', blocks: [], commands: [] }),
  };
  const problems = [
    { ...aProblem(finding), stack: 'mirrors' },
    { ...aProblem(other), stack: 'mirrors' },
  ];
  const world = aWorld({ problems });
  const [stack] = world.stacks;
  assert.ok(stack);
  const mirrors = { ...stack, id: 'mirrors', drawing: { ...stack.drawing, rows: [row] } };
  const changes = fakeChanges();
  const screen = await openScreen({
    world: { ...world, stacks: [mirrors] },
    options: { changes },
  });
  t.after(() => screen.close());
  await screen.press('2', 'G', 'enter');
  assert.match(screen.text(), /r mend/);
  await screen.press('r');
  assert.deepEqual(changes.asked, ['mirror.mend r0 of main']);
});

test('what a way out says is read whole while it is selected', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const [left] = aCase().ways;
  assert.ok(left);
  const says = `left gives way, ${'and what it wrote is told of once more, '.repeat(2)}to its end`;
  changes.find({ ok: true, made: aCase({ ways: [{ ...left, says }] }) });
  await screen.idle();
  assert.match(screen.text().replaceAll(/\s+/g, ' '), /once more, to its end/);
});

test('a problem that nothing mends by itself leads to what mends its consequences', async (t) => {
  const cause = aFinding({ title: 'host down', subject: 'right', severity: 'alert', code: 'DOWN' });
  const key = findingKey(finding);
  const { screen, changes } = await opened(t, [
    aProblem(cause, { causes: [key] }),
    aProblem(finding, { causedBy: findingKey(cause) }),
  ]);
  await screen.press('r');
  assert.deepEqual(changes.asked, ['mirror.mend r0 of main'], screen.text());
});

test('what hosts of the former cluster still asked is given up when another is watched', async (t) => {
  const screen = await openScreen({ options: { clusters: ['main', 'other'] } });
  t.after(() => screen.close());
  const secret = screen.asker.secret({ host: 'a', kind: 'sudo', prompt: 'password', attempt: 0 });
  const question = { host: 'b', target: 'b:22', type: 'ssh-ed25519', fingerprint: 'SHA256:x' };
  const key = screen.asker.hostKey(question);
  await screen.idle();
  screen.desk.switchTo('other');
  assert.equal(await secret, undefined);
  assert.equal(await key, 'refuse');
  await screen.idle();
  assert.doesNotMatch(screen.text(), /password/);
});

test('a problem whose remedy is a wizard begins it by the same key', async (t) => {
  const names = aFinding({
    title: 'names differ',
    subject: 'mfsmaster',
    remedies: ['mirror.make'],
  });
  const { screen } = await opened(t, [aProblem(names)]);
  await screen.press('r');
  assert.match(screen.text(), /Make a mirror/);
});
