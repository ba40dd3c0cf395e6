import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { jsonSchema } from '../../source/core/json.js';
import { MarkCli } from '../support/mark-cli.js';

/** Makes a plan of marks and gives its file. */
async function planned(cli: MarkCli, marks: readonly string[]): Promise<string> {
  const answers = cli.write('answers.yaml', JSON.stringify({ marks }));
  const file = cli.file('plan.json');
  const { code, err } = await cli.run(['plan', 'fake.marks', '--answers', answers, '-o', file]);
  assert.equal(code, 1, err);
  return file;
}

function runOf(err: string): string {
  const run = /Run (\S+)/.exec(err)?.[1];
  assert.ok(run, err);
  return run;
}

test('a plan is applied, told line by line, and listed among the runs', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a', 'two/b']);
  const { code, out, err } = await cli.run(['apply', file, '--yes']);
  assert.equal(code, 0, err);
  assert.match(
    out,
    /step 1 of 2 {3}one {3}mark {3}a\n {4}\$ mark a {3}exit 0 {3}0\.0 s\n {4}✓ done/,
  );
  assert.match(out, /✓ marks: finished\./);
  assert.deepEqual([cli.one.marks, cli.two.marks], [['a'], ['b']]);
  assert.deepEqual([cli.one.lock, cli.two.lock], ['', '']);
  const run = runOf(err);
  const list = await cli.run(['runs']);
  assert.match(
    list.out,
    new RegExp(`^${run}  marks  finished  2 of 2 steps  one and two  0 s ago`),
  );
  const shown = await cli.run(['runs', 'show', run]);
  assert.match(shown.out, /2 {2}two {2}mark {2}b {2}done/);
  assert.match((await cli.run(['runs', 'show', run, '--json'])).out, /"stepsDone": 2/);
  assert.match((await cli.run(['runs', '--json'])).out, /"state": "finished"/);
});

test('--yes never stands for a confirmation, and what is missing is named', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/x', 'two/x']);
  const bare = await cli.run(['apply', file]);
  assert.equal(bare.code, 64);
  assert.match(bare.err, /--yes\n {2}--confirm one\/x .*\n {2}--confirm two\/x/);
  const yes = await cli.run(['apply', file, '--yes', '--confirm', 'one/x']);
  assert.equal(yes.code, 64);
  assert.match(yes.err, /--confirm two\/x {3}everything on two\/x is lost/);
  assert.doesNotMatch(yes.err, /--yes|--confirm one/);
  const idle = await cli.run(['apply', file, '--yes', '--confirm', 'three/x']);
  assert.match(idle.err, /Nothing here is confirmed by "three\/x"/);
  assert.deepEqual([cli.one.marks, cli.two.marks], [[], []]);
  assert.match((await cli.run(['runs'])).out, /Nothing was carried out yet/);
  const both = ['--yes', '--confirm', 'one/x', '--confirm', 'two/x'];
  assert.equal((await cli.run(['apply', file, ...both])).code, 0);
});

test('on a terminal the word is typed exactly, and Enter alone is No', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/x']);
  const wrong = await cli.run(['apply', file], { typed: 'one/X\n' });
  assert.equal(wrong.code, 130);
  assert.match(
    wrong.err,
    /Type one\/x to accept that: .*That is not one\/x\. Nothing was changed\./s,
  );
  const enter = await cli.run(['apply', file, '--confirm', 'one/x'], { typed: '\n' });
  assert.equal(enter.code, 130);
  assert.match(enter.err, /Carry this out\? \[y\/N\]/);
  assert.deepEqual(cli.one.marks, []);
  const yes = await cli.run(['apply', file, '--confirm', 'one/x'], { typed: 'y\n' });
  assert.equal(yes.code, 0, yes.err);
  cli.one.marks = [];
  const right = await cli.run(['apply', file, '--yes'], { typed: 'one/x\n' });
  assert.equal(right.code, 0, right.err);
  assert.deepEqual(cli.one.marks, ['x']);
});

test('a read-only cluster refuses, by its configuration and by the flag', async (t) => {
  const open = new MarkCli(t);
  const file = await planned(open, ['one/a']);
  const flag = await open.run(['--read-only', 'apply', file, '--yes']);
  assert.equal(flag.code, 64);
  assert.match(flag.err, /read-only[\s\S]*--read-only that says so/);
  const closed = new MarkCli(t, { readOnly: true });
  for (const argv of [
    ['apply', file, '--yes'],
    ['unlock', 'one', '--yes'],
  ]) {
    const { code, err } = await closed.run(argv);
    assert.equal(code, 64);
    assert.match(err, /read-only[\s\S]*"readOnly": true/);
  }
  assert.deepEqual([...open.one.marks, ...closed.one.marks], []);
});

test('what is no plan is refused with the path of what does not fit', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a']);
  const text = readFileSync(file, 'utf8');
  for (const [from, to, said] of [
    ['"schema": 1', '"schema": 2', / {2}schema: /],
    [
      '"kind": "test.mark"',
      '"kind": "test.mork"',
      /steps\.0 \(test\.mork\): there is no kind of step/,
    ],
    ['"mark": "a"', '"mark": 7', /steps\.0 \(test\.mark\): .*mark/s],
    ['"needs": []', '"needs": ["s9"]', /steps\.0\.needs: no step s9 stands before it/],
    ['{', '', /this is not JSON/],
  ] as const) {
    writeFileSync(file, text.replace(from, to));
    const { code, err } = await cli.run(['apply', file, '--yes']);
    assert.equal(code, 65, to);
    assert.match(err, said);
  }
  writeFileSync(file, text.replace('"host": "one"', '"host": "three"'));
  assert.equal((await cli.run(['apply', file, '--yes'])).code, 64);
  writeFileSync(file, text.replace('"cluster": "main"', '"cluster": "other"'));
  assert.match((await cli.run(['apply', file, '--yes'])).err, /no cluster "other"/);
  assert.deepEqual(cli.one.marks, []);
});

test('a host that cannot be reached is said before anything is begun', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a', 'two/b']);
  cli.gone.add('two');
  const { code, err } = await cli.run(['apply', file, '--yes']);
  assert.equal(code, 2);
  assert.match(err, /two: connection refused[\s\S]*Nothing was changed/);
  assert.deepEqual(cli.one.marks, []);
});

test('a failure says what is done and offers the ways on; resume finishes, undo takes back', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a', 'two/b']);
  cli.two.fails.add('b');
  cli.two.lies.add('b');
  const failed = await cli.run(['apply', file, '--yes']);
  const run = runOf(failed.err);
  assert.equal(failed.code, 2);
  assert.match(failed.err, /two: it ended with exit code 1: no room/);
  assert.match(failed.err, /1 of 2 steps done; the hosts stay locked/);
  assert.match(failed.err, new RegExp(`holdfast resume ${run}[\\s\\S]*holdfast undo ${run}`));
  assert.match((await cli.run(['runs'])).out, / failed {2}1 of 2 steps/);
  cli.two.fails.clear();
  cli.two.lies.clear();
  assert.equal((await cli.run(['resume', run])).code, 64);
  const resumed = await cli.run(['resume', run, '--yes']);
  assert.equal(resumed.code, 0, resumed.err);
  assert.deepEqual([cli.one.marks, cli.two.marks], [['a'], ['b']]);
  const again = await cli.run(['resume', run, '--yes']);
  assert.match(again.out, /is finished/);
  const undone = await cli.run(['undo', run, '--yes']);
  assert.equal(undone.code, 0, undone.err);
  assert.match(
    undone.out,
    /To be taken back, in this order\n {2}two {3}mark {3}b\n {4}unmark b\n {6}\$ unmark b/,
  );
  assert.deepEqual([cli.one.marks, cli.two.marks], [[], []]);
  assert.match((await cli.run(['runs'])).out, /taken back/);
  assert.equal((await cli.run(['resume', run, '--yes'])).code, 64);
  assert.match((await cli.run(['undo', run, '--yes'])).out, /taken back already/);
});

test('as JSON each event is a line, and the last one says how it ended', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a']);
  const { out, err } = await cli.run(['apply', file, '--yes', '--json']);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => jsonSchema.parse(JSON.parse(line)));
  const run = runOf(err);
  assert.deepEqual(events.at(-1), { kind: 'end', run, end: 'finished', exit: 0 });
  assert.deepEqual(events[0], { kind: 'step', step: 'one/a', state: { kind: 'begun' } });
});

test('Ctrl-C stops after the step that is under way', async (t) => {
  const cli = new MarkCli(t);
  const file = await planned(cli, ['one/a', 'two/b']);
  cli.one.instant = () => {
    if (cli.one.marks.length === 0) return;
    cli.one.instant = () => undefined;
    // The test runner listens as well; only the command's own listener is meant.
    process.listeners('SIGINT').at(-1)?.('SIGINT');
  };
  const { code, err } = await cli.run(['apply', file, '--yes']);
  assert.equal(code, 130);
  assert.match(err, /Stopping after this step\. Ctrl-C again leaves at once, which is safe/);
  assert.match(err, /Stopped as asked\.\n1 of 2 steps done/);
  assert.deepEqual([cli.one.marks, cli.two.marks], [['a'], []]);
  assert.match((await cli.run(['runs'])).out, / stopped /);
});

test('a run that is not there is said, with what was probably meant', async (t) => {
  const cli = new MarkCli(t);
  const { err } = await cli.run(['apply', await planned(cli, ['one/a']), '--yes']);
  const run = runOf(err);
  for (const argv of [
    ['resume', `${run}x`],
    ['undo', `${run}x`],
    ['runs', 'show', `${run}x`],
  ]) {
    const said = await cli.run(argv);
    assert.equal(said.code, 64);
    assert.ok(said.err.includes(`Did you mean ${run}?`), said.err);
  }
});

test('a lock is shown and taken away; one that may be needed only by naming its run', async (t) => {
  const cli = new MarkCli(t);
  assert.match((await cli.run(['unlock', 'one'])).out, /one is not locked/);
  cli.one.lock = JSON.stringify({ run: 'r7', by: 'them@there', since: '2026-11-20T13:00:00Z' });
  const asked = await cli.run(['unlock', 'one', '--yes']);
  assert.equal(asked.code, 64);
  assert.match(asked.out, /one is locked by them@there since 2026-11-20T13:00:00Z, for run r7/);
  assert.match(asked.err, /not one of this machine[\s\S]*--force r7/);
  const other = await cli.run(['unlock', 'one', '--yes', '--force', 'r8']);
  assert.match(other.err, /that of run r7, not of r8/);
  const noYes = await cli.run(['unlock', 'one', '--force', 'r7']);
  assert.match(noYes.err, /--yes/);
  assert.notEqual(cli.one.lock, '');
  const forced = await cli.run(['unlock', 'one', '--yes', '--force', 'r7']);
  assert.equal(forced.code, 0, forced.err);
  assert.match(forced.err, /Overridden by --force r7/);
  assert.equal(cli.one.lock, '');
  assert.equal(existsSync(cli.file('runs')), false);
});
