import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { isMapping } from '../../source/core/check-answers.js';
import type { Answers } from '../../source/core/form.js';
import type { Json } from '../../source/core/json.js';
import { runState } from '../../source/engine/run/run-state.js';
import { fakeChanges } from '../support/changes.js';
import { begin, markPlan } from '../support/mark-host.js';
import { drafted, mirrorSession } from '../support/mirror-form.js';
import { openScreen, type Screen, type ScreenOptions } from '../support/term.js';
import { aWorld } from '../support/world.js';

/** The console with wizards to begin. */
async function opened(t: TestContext, more: ScreenOptions = {}) {
  const changes = fakeChanges();
  const screen = await openScreen({ ...more, options: { changes, ...more.options } });
  t.after(() => screen.close());
  return { screen, changes };
}

/** As far as the first question of the form. */
async function inForm(t: TestContext, session = mirrorSession(), more: ScreenOptions = {}) {
  const { screen, changes } = await opened(t, more);
  await screen.press('w', 'enter', 'enter');
  changes.looks[0]?.find({ ok: true, made: session });
  await screen.idle();
  assert.match(screen.text(), /Which disks\?/);
  return { screen, changes, session };
}

/** Goes on with what the questions begin with, up to one of them. */
async function goTo(screen: Screen, ask: string): Promise<void> {
  for (let left = 10; !screen.text().includes(ask); left -= 1) {
    assert.ok(left > 0, `${ask} is not come to:\n${screen.text()}`);
    if (screen.text().includes('Which disks?') && screen.text().includes(' 0 marked')) {
      await screen.press('down', 'space', 'up');
    }
    await screen.press('enter');
  }
}

test('w lists what can be set up, with what each is for', async (t) => {
  const { screen } = await opened(t);
  await screen.press('w');
  assert.match(screen.text(), /Make a mirror +Joins two disks to a mirror\./);
  await screen.press('/', 's', 'h', 'a', 'r', 'e', 'enter');
  assert.doesNotMatch(screen.text(), /Make a mirror/);
  assert.match(screen.text(), /Share a mirror/);
});

test('the list says why nothing can be set up, and nothing can', async (t) => {
  const { screen, changes } = await opened(t, { world: aWorld({ readOnly: true }) });
  await screen.press('w');
  assert.match(screen.text(), /the cluster main is read-only/);
  await screen.press('enter');
  assert.equal(changes.looks.length, 0);
  assert.match(screen.text(), /Joins two disks/);
  await screen.press('escape', ':');
  await screen.type('make a mirror');
  assert.match(screen.text(), /nothing has this name/);
});

test('a wizard is found in the palette by its name', async (t) => {
  const { screen } = await opened(t);
  await screen.press(':');
  await screen.type('share a m');
  await screen.press('enter');
  assert.match(screen.text(), /Share a mirror › hosts/);
});

test('hosts are left out by hand alone, and a look tells how far it is and can be left', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('w', 'enter');
  const all = screen.text().match(/\[x\]/g)?.length ?? 0;
  assert.ok(all > 1);
  await screen.press('space', 'enter');
  const [held] = changes.looks;
  assert.equal(held?.look.hosts.length, all - 1);
  held.tell('connecting: 2 of 8 hosts answered');
  await screen.pass(3000);
  assert.match(screen.text(), /connecting: 2 of 8 hosts answered {3}3 s/);
  await screen.press('escape');
  assert.equal(held.signal.aborted, true);
  held.find({ ok: true, made: mirrorSession() });
  await screen.idle();
  assert.match(screen.text(), /Which hosts are to be looked at\?/);
  assert.equal(screen.text().match(/\[ \]/g)?.length, 1);
});

test('a look that failed says why, and is tried again or changed', async (t) => {
  const { screen, changes } = await opened(t);
  await screen.press('w', 'enter', 'enter');
  const failure = { what: 'no route', where: 'kvm-2', means: 'Nobody knows.', todo: 'Mend it.' };
  changes.looks[0]?.find({ ok: false, failure });
  await screen.idle();
  assert.match(screen.text(), /kvm-2: no route[^]*Nobody knows[^]*Mend it/);
  await screen.press('enter');
  assert.equal(changes.looks.length, 2);
  await screen.press('escape');
  assert.match(screen.text(), /Which hosts/);
});

test('closed choices are greyed with their reason and cannot be marked', async (t) => {
  const { screen } = await inForm(t);
  assert.match(screen.selected(), /sdb/);
  await screen.press('up');
  assert.match(screen.text(), /not offered: it is mounted at \/ and everything stands on it, as/);
  await screen.press('space');
  assert.match(screen.text(), /0 marked/);
  assert.match(screen.lines().at(-2) ?? '', /not offered: it is mounted/);
});

test('what a choice accepts is said at once, and asked by itself, beginning on No', async (t) => {
  const { screen } = await inForm(t);
  assert.match(screen.text(), /choosing it accepts: its ext4 is lost/);
  await screen.press('space');
  assert.match(screen.text(), /Choosing it accepts: its ext4 is lost\n▌ +No, leave it/);
  await screen.press('enter');
  assert.match(screen.text(), /0 marked/);
  await screen.press('space', 'down', 'enter');
  assert.match(screen.text(), /\[x\] +sdb/);
  await screen.press('space');
  assert.match(screen.text(), /\[ \] +sdb/);
});

test('choices are filtered and sorted, and what has no room is told of the marked line', async (t) => {
  const { screen } = await inForm(t);
  assert.match(screen.text(), /serial S-sdb/);
  await screen.press('s', 's', 'S');
  const order = screen.lines().flatMap((line) => /(sd[a-d]) +\d+ GB/.exec(line)?.[1] ?? []);
  assert.deepEqual(order, ['sdb', 'sdc', 'sdd', 'sda']);
  await screen.press('/', 'b', 'l', 'a', 'n', 'k', 'enter', 'a');
  assert.match(screen.text(), /2 marked[^]*\[x\] +sdc[^]*\[x\] +sdd/);
  assert.doesNotMatch(screen.text(), /sdb/);
  await screen.press('a');
  assert.match(screen.text(), /0 marked/);
});

test('nothing marked does not go on where something must be', async (t) => {
  const { screen } = await inForm(t);
  await screen.press('enter');
  assert.match(screen.text(), /nothing is marked: Space marks a line/);
  assert.match(screen.text(), /Which disks\?/);
});

test('a later question hangs on an earlier answer, and is forgotten with it', async (t) => {
  const { screen, session } = await inForm(t);
  await screen.press('space', 'down', 'enter', 'enter');
  assert.match(screen.text(), /2 of 8[^]*What may be lost\?/);
  await screen.press('space', 'escape');
  assert.match(screen.text(), /\[x\] +sdb/);
  await screen.press('space', 'down', 'space', 'enter');
  assert.match(screen.text(), /2 of 7[^]*Which kind\?/);
  await screen.press('escape', 'up', 'space', 'down', 'enter', 'enter');
  assert.match(screen.text(), /What may be lost\?[^]*\[ \] +ext4/);
  await goTo(screen, '› review');
  assert.deepEqual(session.planned.at(-1)?.loss, []);
});

test('one choice is taken with Enter; a closed one says why', async (t) => {
  const { screen } = await inForm(t);
  await goTo(screen, 'Which kind?');
  assert.match(screen.selected(), /\(x\) raid1 +two copies/);
  await screen.press('down');
  await screen.press('enter');
  assert.match(screen.text(), /it keeps no copy/);
  await screen.press('down', 'enter');
  assert.match(screen.text(), /Choosing it accepts: writing is slower/);
  await screen.press('down', 'enter');
  assert.match(screen.text(), /What is it called\?/);
  await screen.press('escape');
  assert.match(screen.selected(), /\(x\) raid5/);
});

test('a text is edited where the cursor stands, and a paste goes there too', async (t) => {
  const { screen, session } = await inForm(t);
  await goTo(screen, 'What is it called?');
  await screen.press('home', 'delete', 'M', 'right', 'right', 'backspace');
  assert.match(screen.text(), /› Mi▏ror/);
  await screen.paste('r\nsecond line');
  assert.match(screen.text(), /› Mir▏ror/);
  await screen.press('ctrl-k', 'q', '?', ' ', 'x', 'ctrl-w', 'ctrl-a', '1');
  assert.match(screen.text(), /› 1▏Mirq\?/);
  await screen.press('escape', 'enter');
  assert.match(screen.text(), /› 1Mirq\? ?▏/);
  await goTo(screen, '› review');
  assert.equal(session.planned.at(-1)?.name, '1Mirq? ');
});

test('a secret is never drawn, never kept, and in no plan’s answers', async (t) => {
  const { screen, changes, session } = await inForm(t);
  await goTo(screen, 'Which password?');
  await screen.type('hunter22');
  assert.match(screen.text(), /••••••••▏/);
  await screen.press('F2');
  await goTo(screen, '› review');
  assert.match(screen.text(), /review/);
  assert.equal(session.planned.at(-1)?.password, 'hunter22');
  assert.deepEqual(changes.made.at(-1)?.secrets, ['hunter22']);
  const written = JSON.stringify([changes.kept, changes.made.at(-1)?.origin]);
  assert.doesNotMatch(written, /hunter22|password/);
  assert.doesNotMatch(screen.output.written, /hunter22/);
});

test('a number that is none, or out of its bounds, stays and is said', async (t) => {
  const { screen, session } = await inForm(t);
  await goTo(screen, 'How large?');
  assert.match(screen.text(), /› 10▏ GiB[^]*a whole number, at least 1, at most 99/);
  await screen.press('ctrl-u', 'x', 'enter');
  assert.match(screen.text(), /that is not a number/);
  await screen.press('ctrl-u', '1', '2', '0', 'enter');
  assert.match(screen.text(), /How large\?\n ▲ 120 GiB is more than 99 GiB/);
  await screen.press('backspace', 'enter');
  assert.match(screen.text(), /Who may use it\?/);
  await goTo(screen, '› review');
  assert.equal(session.planned.at(-1)?.size, 12);
});

test('rows are made, changed and taken out cell by cell', async (t) => {
  const { screen, session } = await inForm(t);
  await goTo(screen, 'Who may use it?');
  assert.match(screen.text(), /No share yet: n adds one/);
  await screen.press('n');
  assert.match(screen.text(), /share 1[^]*Which hosts\?[^]*10\.0\.0\.0\/8▏/);
  await screen.press('enter');
  await screen.type('4711');
  await screen.press('enter', 'down', 'enter');
  assert.match(screen.text(), /1 share [^]*▌1 +10\.0\.0\.0\/8 +•••••• +yes/);
  await screen.press('n', 'enter', 'escape', 'escape');
  assert.match(screen.text(), /1 share .*\n[^]*the row stays as it was/);
  await screen.press('e', 'ctrl-u', 'a', 'enter', 'enter', 'enter');
  assert.match(screen.text(), /▌1 +a +•••••• +yes/);
  await screen.press('n', 'enter', 'enter', 'enter');
  assert.match(screen.text(), /2 shares/);
  // The row that was just made is the one in front.
  assert.match(screen.selected(), /^▌2 /);
  await screen.press('up', 'd');
  assert.match(screen.text(), /1 share /);
  await goTo(screen, '› review');
  assert.deepEqual(session.planned.at(-1)?.shares, [
    { range: '10.0.0.0/8', write: false, pin: '' },
  ]);
});

test('what stands against the plan comes back to its questions, each named', async (t) => {
  const refuse = ({ name }: Answers) =>
    name === 'mirror'
      ? {
          ok: false as const,
          faults: [
            { key: 'name', says: 'there is a mirror of that name' },
            { key: 'shares.0.range', says: 'it is no range' },
          ],
        }
      : drafted();
  const { screen } = await inForm(t, mirrorSession(refuse));
  await goTo(screen, 'Who may use it?');
  await screen.press('n', 'enter', 'enter', 'enter');
  await screen.press('enter', 'enter');
  assert.match(screen.text(), /3 of 7/);
  assert.match(screen.text(), /What is it called\?\n ▲ there is a mirror of that name\n\n/);
  assert.match(screen.text(), /▲ 2 answers/);
  assert.match(screen.text(), /no plan is made of it: 2 answers do not fit/);
  await screen.press('2');
  await goTo(screen, 'Who may use it?');
  assert.match(screen.text(), /▲ 1 answer /);
  assert.match(screen.text(), /▌ ▲ +10\.0\.0\.0\/8[^]*it is no range/);
  await goTo(screen, '› review');
});

test('what is wrong with an answer alone is said at its question, before the plan', async (t) => {
  const short = { key: 'name', says: 'it must be longer' };
  const session = {
    ...mirrorSession(),
    check: (json: Json) => (isMapping(json) && json.name === 'x' ? [short] : []),
  };
  const { screen } = await inForm(t, session);
  await goTo(screen, 'What is it called?');
  await screen.press('ctrl-u', 'x', 'enter');
  assert.match(screen.text(), /What is it called\?\n ▲ it must be longer/);
  await screen.press('y', 'enter');
  assert.doesNotMatch(screen.text(), /What is it called|must be longer/);
});

test('what stood against a question that is not asked any more is not said any longer', async (t) => {
  const refuse = ({ loss }: Answers) =>
    loss === undefined
      ? drafted()
      : { ok: false as const, faults: [{ key: 'loss', says: 'that stays' }] };
  const { screen } = await inForm(t, mirrorSession(refuse));
  await screen.press('space', 'down', 'enter', 'enter');
  await screen.press('enter');
  await goTo(screen, 'Start it now?');
  await screen.press('enter');
  assert.match(screen.text(), /What may be lost\?\n ▲ that stays/);
  await screen.press('escape', 'space', 'down', 'space', 'enter');
  assert.match(screen.text(), /Which kind\?/);
  assert.doesNotMatch(screen.text(), /that stays|▲ \d+ answer/);
});

test('another wizard begins at its own first line, wherever the one before was left', async (t) => {
  const { screen, changes } = await inForm(t);
  await screen.press('down', 'down');
  assert.match(screen.selected(), /sdd/);
  await screen.press('escape', 'escape', 'down', 'enter', 'enter');
  changes.looks[1]?.find({ ok: true, made: mirrorSession() });
  await screen.idle();
  assert.match(screen.text(), /Share a mirror › 1 of/);
  assert.match(screen.selected(), /sdb/);
});

test('the end of a run says what is set up next, and the list of wizards is one key away', async (t) => {
  const { screen, changes } = await inForm(t);
  await goTo(screen, '› review');
  await screen.press('F8', 'down', 'enter', 'q');
  assert.match(screen.text(), /the run goes on: Ctrl-C stops it/);
  changes.runs[0]?.end({ end: { kind: 'finished' } });
  await screen.idle();
  assert.doesNotMatch(screen.text(), /the run goes on/);
  assert.match(screen.text(), /› finished[^]*Next: a share of it\./);
  await screen.press('w');
  assert.match(screen.text(), /Set up +it looks, asks/);
  await screen.press('escape');
  assert.match(screen.text(), /› finished/);
});

test('from the review one comes back to the form with all answers, and may keep them', async (t) => {
  const { screen, changes } = await inForm(t);
  await goTo(screen, 'What is it called?');
  await screen.type('2');
  await goTo(screen, '› review');
  await screen.press('F2');
  assert.match(screen.text(), /answers kept in answers\.yaml/);
  assert.equal(changes.kept.at(-1)?.name, 'mirror2');
  await screen.press('escape');
  assert.match(screen.text(), /Start it now\?/);
  await screen.press('escape', 'escape', 'escape', 'escape');
  assert.match(screen.text(), /mirror2▏/);
});

test('a wizard that was left is come back to with its answers, after a look of its own', async (t) => {
  const { screen, changes } = await inForm(t);
  await goTo(screen, 'What is it called?');
  await screen.type('7');
  await screen.press('escape', 'escape', 'escape', 'escape', 'escape');
  assert.doesNotMatch(screen.text(), /What is it called/);
  await screen.press('w', 'enter', 'enter');
  changes.looks[1]?.find({ ok: true, made: mirrorSession() });
  await screen.idle();
  await goTo(screen, 'What is it called?');
  assert.match(screen.text(), /mirror7▏/);
});

test('the plan of a wizard is agreed to, carried out and left behind', async (t) => {
  const { screen, changes } = await inForm(t);
  await goTo(screen, '› review');
  await screen.press('F8', 'enter');
  assert.equal(changes.runs.length, 0);
  await screen.press('F8', 'down', 'enter');
  assert.equal(changes.runs.length, 1);
  changes.runs[0]?.end({ end: { kind: 'finished' } });
  await screen.idle();
  assert.match(screen.text(), /› finished/);
  await screen.press('escape');
  assert.match(screen.text(), /PROBLEMS/);
});

test('the form is not left by a slip, and Ctrl-C leaves the console whole', async (t) => {
  const { screen } = await inForm(t);
  await screen.press('tab', '3', 'l');
  assert.match(screen.text(), /Which disks\?[^]*the form stays in front: Esc goes back/);
  await screen.press('ctrl-c');
  await screen.ended;
  assert.match(screen.output.written, /\[\?1049l$/);
});

test('the form can be used without colours, in ASCII and at any size', async (t) => {
  const env = { HOLDFAST_ASCII: '1', NO_COLOR: '1' };
  const { screen } = await inForm(t, mirrorSession(), { env });
  for (const [columns, rows] of [
    [80, 24],
    [100, 30],
    [160, 50],
  ] as const) {
    await screen.resize(columns, rows);
    assert.match(screen.text(), /^[\n -~]*$/);
    assert.match(screen.text(), /\[ \] +sdc +250 GB +blank/);
    assert.ok(Math.max(...screen.lines().map((line) => line.length)) <= columns);
  }
});

/** A run of `left` that failed at its second step. */
function halfDone(more: { readonly running?: boolean; readonly cluster?: string } = {}) {
  const { running = false, cluster = 'main' } = more;
  const at = '2026-11-20T14:00:02Z';
  const state = runState([
    ...begin({ ...markPlan(['left/a', 'left/x']), cluster }, 'run-7'),
    { at, kind: 'starting', step: 'left/a' },
    { at, kind: 'done', step: 'left/a', how: 'did' },
    { at, kind: 'starting', step: 'left/x' },
    { at, kind: 'failed', step: 'left/x', because: 'no room' },
  ]);
  assert.ok(state);
  return { state, running };
}

test('a run that is half done is told on the overview and gone on with from its list', async (t) => {
  const changes = fakeChanges();
  changes.past.push(halfDone());
  const screen = await openScreen({ options: { changes } });
  t.after(() => screen.close());
  assert.match(screen.text(), /◇ marks: failed {3}J runs/);
  await screen.press('J');
  assert.match(screen.text(), /▌▲ marks +failed +1 of 2 +left/);
  await screen.press('enter');
  assert.match(screen.text(), /marks › failed[^]*no room[^]*t try again +u undo/);
  await screen.press('t', 'enter');
  assert.equal(changes.runs.length, 0);
  await screen.press('u', 'down', 'enter');
  const [run] = changes.runs;
  assert.deepEqual([run?.request.run, run?.request.doing], ['run-7', 'undo']);
  changes.past.length = 0;
  run?.end({ end: { kind: 'finished' } });
  await screen.idle();
  await screen.press('escape', 'escape');
  assert.doesNotMatch(screen.text(), /marks: failed/);
});

test('a run in other hands, or of another cluster, is only looked at', async (t) => {
  const other = fakeChanges();
  other.past.push(halfDone({ cluster: 'branch' }));
  const screen = await openScreen({ options: { changes: other } });
  t.after(() => screen.close());
  assert.doesNotMatch(screen.text(), /marks: failed/);
  await screen.press('J', 'enter', 't');
  assert.match(screen.text(), /it belongs to the cluster branch/);
  const running = fakeChanges();
  running.past.push(halfDone({ running: true }));
  const second = await openScreen({ options: { changes: running } });
  t.after(() => second.close());
  await second.press('J', 'enter', 'u');
  assert.match(second.text(), /another process of this machine carries it out/);
});
