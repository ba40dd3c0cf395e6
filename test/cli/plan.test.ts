import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { planSchema } from '../../source/core/plan.js';
import { MarkCli } from '../support/mark-cli.js';

test('the wizards of all storage systems are listed', async (t) => {
  const cli = new MarkCli(t);
  const { code, out } = await cli.run(['wizards']);
  assert.deepEqual([code, out], [0, 'fake.marks  Make marks  Makes marks on hosts.\n']);
  const json: unknown = JSON.parse((await cli.run(['wizards', '--json'])).out);
  assert.deepEqual(json, [
    { id: 'fake.marks', title: 'Make marks', says: 'Makes marks on hosts.' },
  ]);
});

test('the questions show what was found, and what is not offered with its reason', async (t) => {
  const cli = new MarkCli(t);
  cli.two.marks = ['b'];
  const text = await cli.run(['plan', 'fake.marks', '--questions']);
  assert.equal(text.code, 0);
  assert.match(text.out, /marks: Which marks\?\n {2}Each is made once\./);
  assert.match(text.out, /x {2}two\/b {2}b {2}not offered: it is marked already/);
  assert.match(text.out, /\n {2}marks: \[\]\n/);
  const one = await cli.run(['plan', 'fake.marks', 'one', '--questions', '--json']);
  const json: unknown = JSON.parse(one.out);
  assert.ok(typeof json === 'object' && json !== null && 'questions' in json && 'schema' in json);
  assert.doesNotMatch(one.out, /two/);
  assert.match(one.out, /"\$schema"/);
});

test('a plan is shown whole, written for its owner alone, and ends with 1', async (t) => {
  const cli = new MarkCli(t);
  const answers = cli.write('answers.yaml', '# which\nmarks:\n  - one/a\n  - two/x\n');
  const file = cli.file('plan.json');
  const { code, out, err } = await cli.run([
    'plan',
    'fake.marks',
    '--answers',
    answers,
    '-o',
    file,
  ]);
  assert.equal(code, 1, err);
  assert.match(out, /marks {3}cluster main {3}2 steps on 2 hosts/);
  assert.match(
    out,
    /Step 1 of 2 {3}one {3}changes {3}mark {3}a\n {4}\$ mark a\n {2}undo: unmark a/,
  );
  assert.match(out, /To be confirmed by typing\n {2}two\/x: everything on two\/x is lost/);
  assert.match(out, /It was made from this[\s\S]*one: its serial: S1\n {4}\$ serial/);
  assert.match(err, /Nothing was changed\. The plan is in/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const plan = planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual(plan.origin.answers, { marks: ['one/a', 'two/x'] });
  assert.deepEqual([cli.one.marks, cli.two.marks], [[], []]);
});

test('a plan that would change nothing ends with 0 and is not written', async (t) => {
  const cli = new MarkCli(t);
  cli.one.marks = ['a'];
  const file = cli.file('plan.json');
  const answers = cli.write('answers.json', '{"marks": ["one/a"]}');
  const done = await cli.run(['plan', 'fake.marks', '--answers', answers, '-o', file]);
  assert.deepEqual([done.code, done.out], [0, 'marks: there is nothing to do.\n']);
  assert.equal(existsSync(file), false);
});

test('missing and wrong answers are each named in one message, which ends with 64', async (t) => {
  const cli = new MarkCli(t);
  cli.one.marks = ['b'];
  const plan = async (text: string) => {
    return cli.run(['plan', 'fake.marks', '--answers', cli.write('answers.yaml', text)]);
  };
  const wrong = await plan('marks: [one/b, one/q]\n');
  assert.equal(wrong.code, 64);
  assert.match(wrong.err, /these answers are missing or wrong/);
  assert.match(wrong.err, /marks: one\/b: it is marked already/);
  assert.match(wrong.err, /marks: "one\/q" is not among the choices/);
  const missing = await plan('mark: [one/a]\n');
  assert.equal(missing.code, 64);
  assert.match(missing.err, / {2}marks: /);
  assert.match(missing.err, /mark/);
  for (const text of ['- a\n- b\n', 'marks: [', 'marks: 1\nmarks: 2\n']) {
    assert.equal((await plan(text)).code, 65, text);
  }
});

test('what cannot be asked for is said: an unknown wizard, a host that is not there, nothing to do', async (t) => {
  const cli = new MarkCli(t);
  const unknown = await cli.run(['plan', 'fake.mark', '--questions']);
  assert.match(unknown.err, /Did you mean fake\.marks\?/);
  const host = await cli.run(['plan', 'fake.marks', 'tow', '--questions']);
  assert.match(host.err, /no host named "tow"[\s\S]*Did you mean two\?/);
  const neither = await cli.run(['plan', 'fake.marks']);
  assert.match(neither.err, /--questions/);
  assert.deepEqual([unknown.code, host.code, neither.code], [64, 64, 64]);
});

test('no plan is made without a look at every host, unless the others are named', async (t) => {
  const cli = new MarkCli(t);
  cli.gone.add('two');
  const answers = cli.write('answers.yaml', 'marks: [one/a]\n');
  const all = await cli.run(['plan', 'fake.marks', '--answers', answers]);
  assert.equal(all.code, 2);
  assert.match(all.err, /two: connection refused[\s\S]*Name the hosts to look at/);
  assert.equal((await cli.run(['plan', 'fake.marks', 'one', '--answers', answers])).code, 1);
});
