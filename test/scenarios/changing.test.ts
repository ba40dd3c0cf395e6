import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runState } from '../../source/engine/run/run-state.js';
import { aCase, fakeChanges, type HeldRun } from '../support/changes.js';
import { begin } from '../support/mark-host.js';
import { openScreen, type Screen, type ScreenOptions } from '../support/term.js';
import { aFinding, aProblem, aWorld } from '../support/world.js';

const broken = aProblem(
  aFinding({ title: 'split brain', subject: 'r0', severity: 'alert', remedies: ['mirror.mend'] }),
);

/** The console on a mirror that is broken, with something to mend it. */
async function opened(t: TestContext, more: ScreenOptions = {}) {
  const changes = fakeChanges();
  const world = { ...(more.world ?? aWorld()), problems: [broken] };
  const screen = await openScreen({ ...more, world, options: { changes } });
  t.after(() => screen.close());
  return { screen, changes };
}

/** As far as the review of the plan in which `left` gives way. */
async function reviewed(t: TestContext, more: ScreenOptions = {}) {
  const { screen, changes } = await opened(t, more);
  await screen.press('r');
  changes.find({ ok: true, made: aCase() });
  await screen.idle();
  await markWay(screen, 'left');
  await screen.press('enter');
  return { screen, changes };
}

async function markWay(screen: Screen, way: string): Promise<void> {
  if (screen.selected().includes(`${way} gives way`)) return;
  await screen.press(way === 'left' ? 'up' : 'down');
  assert.match(screen.selected(), new RegExp(`${way} gives way`));
}

/** As far as the run that was begun. */
async function running(t: TestContext, more: ScreenOptions = {}) {
  const { screen, changes } = await reviewed(t, more);
  await screen.press('F8');
  await screen.type('left');
  await screen.press('enter', 'down', 'enter');
  const [run] = changes.runs;
  assert.ok(run);
  return { screen, changes, run };
}

/** The run's state when its first step is done and its second failed. */
function halfDone({ request: { plan, run } }: HeldRun) {
  const at = '2026-11-20T14:00:02Z';
  const state = runState([
    ...begin(plan, run),
    { at, kind: 'starting', step: 'left/a' },
    { at, kind: 'done', step: 'left/a', how: 'did' },
    { at, kind: 'starting', step: 'left/x' },
    { at, kind: 'failed', step: 'left/x', because: 'no room' },
  ]);
  assert.ok(state);
  return state;
}

async function fails(screen: Screen, run: HeldRun): Promise<void> {
  run.tell({ kind: 'step', step: 'left/a', state: { kind: 'begun' } });
  run.tell({ kind: 'step', step: 'left/a', state: { kind: 'done', how: 'did' } });
  run.tell({ kind: 'step', step: 'left/x', state: { kind: 'begun' } });
  run.tell({ kind: 'step', step: 'left/x', state: { kind: 'failed', because: 'no room' } });
  const failure = {
    what: 'no room',
    where: 'left',
    means: 'The steps before it are done, those after it are not.',
    todo: 'Retry, undo what is done, or plan again.',
  };
  run.end({ end: { kind: 'failed', step: 'left/x', failure }, state: halfDone(run) });
  await screen.idle();
}

test('a problem that can be mended is looked into, with the progress told', async (t) => {
  const { screen, changes } = await opened(t);
  assert.match(screen.text(), /r mend/);
  await screen.press('r');
  assert.deepEqual(changes.asked, ['mirror.mend r0 of main']);
  changes.progress('looking at r0 on 2 hosts');
  await screen.pass(4000);
  assert.match(screen.text(), /Mend a mirror › r0 .*being looked into/);
  assert.match(screen.text(), /looking at r0 on 2 hosts {3}4 s/);
  changes.find({ ok: true, made: aCase() });
  await screen.idle();
  const text = screen.text();
  assert.match(text, /What happened {6}The link was lost/);
  assert.match(text, /left +right\n.*wrote +12 MiB +3 GiB/);
  assert.match(text, /› left {3}left gives way {3}recommended\n {7}● 12 MiB/);
  assert.match(text, /keep a copy of what is given up: yes/);
});

test('a look that was left does not come back', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r', 'escape');
  changes.find({ ok: true, made: aCase() });
  await screen.idle();
  assert.doesNotMatch(screen.text(), /The link was lost/);
});

test('what could not be looked into says why, and can be looked into again', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  const failure = { what: 'no hosts', where: 'main', means: 'Nothing is known.', todo: 'Wait.' };
  changes.find({ ok: false, failure });
  await screen.idle();
  assert.match(screen.text(), /main: no hosts/);
  await screen.press('R');
  assert.equal(changes.asked.length, 2);
});

test('a near miss offers no way out', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  changes.find({ ok: true, made: aCase({ mendable: false, ways: [], todo: 'Wait for right.' }) });
  await screen.idle();
  assert.match(screen.text(), /Wait for right\./);
  assert.doesNotMatch(screen.text(), /WAYS OUT|make the plan/);
});

test('a way of which no plan can be made says why, and stays', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  changes.find({ ok: true, made: aCase() });
  await screen.idle();
  await markWay(screen, 'right');
  await screen.press('enter');
  assert.match(screen.text(), /NO PLAN IS MADE OF right YET\n {3}it is mounted there/);
});

test('keeping a copy is part of the plan, and can be refused', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('r');
  changes.find({ ok: true, made: aCase() });
  await screen.idle();
  await screen.press('K');
  assert.match(screen.text(), /keep a copy of what is given up: no/);
  await markWay(screen, 'left');
  await screen.press('enter');
  assert.doesNotMatch(screen.text(), /the copy takes/);
});

test('the review shows every step by host, what is lost and what undo does', async (t) => {
  const { screen } = await reviewed(t, { columns: 160, rows: 50 });
  const text = screen.text();
  assert.match(text, /marks › review +2 hosts {3}3 steps {3}none destroys/);
  assert.match(text, /lost for good: 12 MiB that left wrote/);
  assert.match(text, /▌left\n.* 1 {2}mark +a +changes\n.* 2 {2}mark +x +changes\n right\n/);
  assert.match(text, /Undo puts back +nothing of what is lost/);
  assert.match(text, /Warnings +the copy takes 40 GiB/);
  assert.match(text, /To be typed +left: what left wrote is lost/);
  assert.match(text, /\$ serial/);
});

test('steps and hosts fold and unfold, and all commands at once', async (t) => {
  const { screen } = await reviewed(t);
  await screen.press('down', 'enter');
  assert.match(screen.text(), /\$ mark a\n +undo: unmark a/);
  await screen.press('enter');
  assert.doesNotMatch(screen.text(), /\$ mark/);
  await screen.press('x');
  assert.match(screen.text(), /\$ mark a[^]*\$ mark x/);
  await screen.press('g', 'enter');
  assert.match(screen.text(), /▌left +2 steps, folded/);
  assert.doesNotMatch(screen.text(), /\$ mark a/);
  await screen.press('d');
  assert.match(screen.text(), /no step edits a file/);
});

test('a plan is kept in a file, and nothing is changed by that', async (t) => {
  const { screen, changes } = await reviewed(t);
  await screen.press('s');
  assert.match(screen.text(), /kept in plan\.json/);
  assert.equal(changes.saved.length, 1);
  assert.equal(changes.runs.length, 0);
});

test('nothing is applied before the word stands there exactly and Yes is chosen', async (t) => {
  const { screen, changes } = await reviewed(t);
  await screen.press('F8');
  assert.match(screen.text(), /what left wrote is lost\n {2}type left to accept that/);
  await screen.press('enter');
  assert.match(screen.text(), /nothing was typed/);
  await screen.type('Left');
  await screen.press('enter');
  assert.match(screen.text(), /that is not left/);
  await screen.paste('left');
  assert.match(screen.text(), /typed, not pasted/);
  await screen.press('F8', 'enter');
  assert.match(screen.text(), /nothing was typed/);
  await screen.type('left');
  await screen.press('enter');
  assert.match(screen.text(), /▌ +No, change nothing/);
  await screen.press('F8');
  assert.match(screen.text(), /▌ +No, change nothing/);
  await screen.press('enter');
  assert.match(screen.text(), /nothing was changed/);
  assert.equal(changes.runs.length, 0);
  await screen.press('A', 'escape');
  assert.equal(changes.runs.length, 0);
});

test('a run is followed step by step to its end', async (t) => {
  const { screen, run } = await running(t);
  assert.deepEqual(run.request.words, ['left']);
  run.tell({ kind: 'step', step: 'left/a', state: { kind: 'begun' } });
  const progress = { share: 0.25, says: 'Writing tables: 1/4', secondsLeft: 30 };
  run.tell({ kind: 'progress', step: 'left/a', progress });
  await screen.pass(9000);
  assert.match(screen.text(), /marks › applying +▕ +▏ 0 of 3 {3}9 s/);
  assert.match(screen.text(), /1 {2}mark +25 % {2}Writing tables: 1\/4 +.*9 s/);
  assert.match(screen.text(), /Ctrl-C stops after this step\. Leaving is safe: resume run-1/);
  for (const step of ['left/a', 'left/x', 'right/b']) {
    run.tell({ kind: 'step', step, state: { kind: 'done', how: 'did' } });
  }
  run.end({ end: { kind: 'finished', stillLocked: ['right'] } });
  await screen.idle();
  assert.match(screen.text(), /marks › finished +▕█+▏ 3 of 3/);
  assert.match(screen.text(), /right: its lock could not be given back/);
  assert.ok(screen.watches[0]?.asked.includes('refresh'));
  await screen.press('escape');
  assert.match(screen.text(), /split brain/);
  assert.doesNotMatch(screen.text(), /review/);
});

test('a run goes on whatever is pressed, and Ctrl-C stops it after the step', async (t) => {
  const { screen, run } = await running(t);
  await screen.press('q', 'escape', 'tab', '1', ':');
  assert.match(screen.text(), /marks › applying/);
  assert.equal(run.signal.aborted, false);
  await screen.press('ctrl-c');
  assert.equal(run.signal.aborted, true);
  assert.match(screen.text(), /Stopping after this step/);
  run.tell({ kind: 'step', step: 'left/x', state: { kind: 'begun' } });
  run.end({ end: { kind: 'stopped' }, state: halfDone(run) });
  await screen.idle();
  assert.match(screen.text(), /Stopped as asked[^]*t go on +u undo/);
  assert.match(screen.text(), /2 {2}mark +left while it was under way/);
  assert.match(screen.text(), /1 of 3 steps done\. The hosts stay locked for run run-1/);
});

test('a question in the middle of a run does not make Ctrl-C leave it', async (t) => {
  const { screen, run } = await running(t);
  void screen.asker.secret({ host: 'left', kind: 'sudo', prompt: 'password', attempt: 0 });
  await screen.idle();
  await screen.press('ctrl-c');
  assert.equal(run.signal.aborted, true);
  await screen.press('escape');
  assert.match(screen.text(), /marks › stopping/);
});

test('what is typed into a question in the middle of a run is text, also where the run has a key for it', async (t) => {
  const { screen } = await running(t);
  const secret = screen.asker.secret({ host: 'left', kind: 'plan', prompt: 'secret', attempt: 0 });
  await screen.idle();
  await screen.type('x');
  await screen.press('ctrl-u');
  await screen.type('jk gG');
  await screen.press('space', 'd', 'enter');
  assert.equal(await secret, 'jk gG d');
});

test('a failed step says what, where, what it means and what to do, and can be tried again', async (t) => {
  const { screen, changes, run } = await running(t);
  await fails(screen, run);
  assert.match(screen.text(), /2 {2}mark +no room/);
  assert.match(screen.text(), /What happened +left: no room/);
  assert.match(screen.text(), /What it means +The steps before it are done/);
  assert.match(screen.text(), /What to do +Retry, undo/);
  assert.match(screen.text(), /t try again +u undo/);
  await screen.press('t', 'enter');
  assert.equal(changes.runs.length, 1);
  await screen.press('t', 'down', 'enter');
  assert.equal(changes.runs[1]?.request.doing, 'resume');
  assert.equal(changes.runs[1].request.run, 'run-1');
});

test('what a run did is taken back after one more question', async (t) => {
  const { screen, changes, run } = await running(t);
  await fails(screen, run);
  await screen.press('u');
  assert.match(screen.text(), /▌ +No, change nothing/);
  await screen.press('down', 'enter');
  const again = changes.runs[1];
  assert.equal(again?.request.doing, 'undo');
  again.tell({ kind: 'step', step: 'left/a', state: { kind: 'undoing' } });
  again.tell({ kind: 'step', step: 'left/a', state: { kind: 'undone', says: 'unmark a' } });
  await screen.idle();
  assert.match(screen.text(), /taken back: unmark a/);
});

test('a run that was refused before it began changed nothing, and is begun anew', async (t) => {
  const { screen, changes, run } = await running(t);
  const failure = { what: 'refused', where: 'left', means: 'Nothing was changed.', todo: 'Wait.' };
  run.end({ end: { kind: 'failed', failure } });
  await screen.idle();
  assert.match(screen.text(), /Nothing was begun and nothing was changed/);
  await screen.press('u');
  assert.match(screen.text(), /there is nothing to take back/);
  await screen.press('t', 'down', 'enter');
  assert.equal(changes.runs[1]?.request.doing, 'apply');
  assert.deepEqual(changes.runs[1].request.words, ['left']);
});

test('a read-only cluster offers nothing that changes it, and says why', async (t) => {
  const { screen, changes } = await opened(t, { world: aWorld({ readOnly: true }) });
  assert.doesNotMatch(screen.text(), /r mend/);
  await screen.press('r');
  assert.match(screen.text(), /the cluster main is read-only: nothing is changed/);
  assert.deepEqual(changes.asked, []);
});

test('a cluster that turns read-only while a plan is reviewed is not changed', async (t) => {
  const { screen, changes } = await reviewed(t);
  await screen.change({ readOnly: true });
  await screen.press('F8');
  assert.match(screen.text(), /the cluster main is read-only/);
  assert.equal(changes.runs.length, 0);
});

test('of several recoveries a person says which', async (t) => {
  const first = fakeChanges();
  const other = { id: 'mirror.part', title: 'Part a mirror', says: 'Parts both sides.' };
  const changes = { ...first, recoveries: [...first.recoveries, other] };
  const remedies = ['mirror.mend', 'mirror.part'];
  const finding = { ...broken.finding, remedies };
  const world = aWorld({ problems: [{ ...broken, finding }] });
  const screen = await openScreen({ world, options: { changes } });
  t.after(() => screen.close());
  await screen.press('r');
  assert.match(screen.text(), /Mend split brain r0[^]*Part a mirror +Parts both sides/);
  await screen.press('down', 'enter');
  assert.deepEqual(first.asked, ['mirror.part r0 of main']);
});

test('the console can be used without colours and in ASCII from the look to the run', async (t) => {
  const { screen } = await running(t, { env: { HOLDFAST_ASCII: '1', NO_COLOR: '1' } });
  assert.match(screen.text(), /marks > applying/);
  assert.match(screen.text(), /^[\n -~]*$/);
});

test('a problem that nothing mends says so', async (t) => {
  const changes = fakeChanges();
  const screen = await openScreen({ options: { changes } });
  t.after(() => screen.close());
  await screen.press('r');
  assert.match(screen.text(), /nothing here mends this/);
});

test('a console that only watches has no key for changes', async (t) => {
  const screen = await openScreen({ world: aWorld({ problems: [broken] }) });
  t.after(() => screen.close());
  assert.doesNotMatch(screen.text(), /r mend/);
  await screen.press('r');
  assert.doesNotMatch(screen.text(), /being looked into/);
});
