import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { planSchema } from '../../source/core/plan.js';
import { MarkCli } from '../support/mark-cli.js';

const SICK = ['recover', 'fake.sickness', '--resource', 'sick'];

test('the recoveries are listed', async (t) => {
  const { code, out } = await new MarkCli(t).run(['recover', '--list']);
  assert.deepEqual([code, out], [0, 'fake.sickness  Sickness  Mends what is sick.\n']);
});

test('a trouble is laid open: what happened, both sides, the ways, the recommendation with reasons', async (t) => {
  const cli = new MarkCli(t);
  const { code, out } = await cli.run(SICK);
  assert.equal(code, 1);
  assert.match(out, /Sickness {3}sick {3}sick\nsick was looked at on 2 hosts\./);
  assert.match(out, / {8}one {3}two\nwrites {2}some {2}some/);
  assert.match(out, /one: one gives way\n {6}lost: what one wrote/);
  assert.match(out, /Recommended: one\n {2}- it wrote less/);
  const json = await cli.run([...SICK, '--json']);
  assert.match(json.out, /"mendable": true/);
  assert.match(json.out, /"evidence": \[/);
});

test('with a victim it makes the plan, which remembers what was chosen', async (t) => {
  const cli = new MarkCli(t);
  const file = cli.file('plan.json');
  const made = await cli.run([...SICK, '--victim', 'one', '--keep-copy', '-o', file]);
  assert.equal(made.code, 1, made.err);
  const plan = planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual(plan.steps[0]?.params, { mark: 'copy' });
  assert.deepEqual(plan.origin, {
    kind: 'recovery',
    id: 'fake.sickness',
    answers: { resource: 'sick', victim: 'one', keepCopy: true },
  });
});

test('a near miss is told and left alone, whatever is asked', async (t) => {
  const cli = new MarkCli(t);
  const file = cli.file('plan.json');
  const argv = ['recover', 'fake.sickness', '--resource', 'well', '--victim', 'one', '-o', file];
  const { code, out } = await cli.run(argv);
  assert.equal(code, 1);
  assert.match(out, /well {3}healthy[\s\S]*Nothing is discarded here, and no plan is made/);
  assert.equal(existsSync(file), false);
});

test('a side that cannot be reached is evidence, not an end', async (t) => {
  const cli = new MarkCli(t);
  cli.gone.add('two');
  const { code, out, err } = await cli.run(SICK);
  assert.equal(code, 1);
  assert.match(out, /a side is down[\s\S]*two: connection refused/);
  assert.match(err, /two: connection refused/);
});

test('what stands against a way out is said, and a victim that is none', async (t) => {
  const cli = new MarkCli(t);
  const held = await cli.run([...SICK, '--victim', 'two']);
  assert.equal(held.code, 2);
  assert.match(held.err, /it is mounted on two/);
  const none = await cli.run([...SICK, '--victim', 'three']);
  assert.equal(none.code, 64);
  assert.match(none.err, /Choose one and two/);
  assert.equal((await cli.run(['recover', 'fake.sickness'])).code, 64);
  assert.equal((await cli.run(['recover'])).code, 64);
});

test('a way out that touches a protected disk is refused before there is a plan', async (t) => {
  const cli = new MarkCli(t, { neverTouch: ['serial-a'] });
  const file = cli.file('plan.json');
  const held = await cli.run([...SICK, '--victim', 'one', '-o', file]);
  assert.equal(held.code, 2);
  assert.match(held.err, /No plan is made for marks:\n {2}one: a .*never-touch list \(serial-a\)/);
  assert.equal(existsSync(file), false);
});

test('a way out that asks more tells its questions, and plans from the answers', async (t) => {
  const cli = new MarkCli(t);
  const each = ['recover', 'fake.sickness', '--resource', 'sick twice', '--victim', 'each'];
  const asked = await cli.run([...each, '--questions']);
  assert.equal(asked.code, 0, asked.err);
  assert.match(asked.out, /Which mark\?/);
  const without = await cli.run(each);
  assert.equal(without.code, 2);
  assert.match(without.err, /mark: it is not said which mark/);
  const wrong = await cli.run([...each, '--answers', cli.write('wrong.yaml', 'mark: c\n')]);
  assert.equal(wrong.code, 64, wrong.err);
  const file = cli.file('plan.json');
  const answers = cli.write('answers.yaml', 'mark: b\n');
  const made = await cli.run([...each, '--answers', answers, '-o', file]);
  assert.equal(made.code, 1, made.err);
  const plan = planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual(plan.steps[0]?.params, { mark: 'b' });
  assert.deepEqual(plan.origin.answers, {
    ...{ resource: 'sick twice', victim: 'each', keepCopy: false },
    mark: 'b',
  });
});
