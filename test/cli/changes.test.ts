import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { consoleChanges } from '../../source/cli/plans/changes.js';
import { nobody } from '../../source/core/ask.js';
import type { Connector } from '../../source/core/connection.js';
import { registryOf } from '../../source/core/registry.js';
import { JournalFolder } from '../../source/engine/run/journal-file.js';
import type { RunEvent } from '../../source/engine/run/runner.js';
import { GivenSecrets } from '../../source/engine/run/given-secrets.js';
import { temporaryFolder } from '../support/cli.js';
import { failureOf } from '../support/fleet.js';
import { markStack } from '../support/mark-cli.js';
import { MarkHost, markPlan } from '../support/mark-host.js';

const never = new AbortController().signal;

/** The console's changes on two hosts of marks. */
function made(t: TestContext, more: { readonly readOnly?: boolean; gone?: string } = {}) {
  const hosts = [new MarkHost('one'), new MarkHost('two')];
  const folder = temporaryFolder(t);
  let closed = 0;
  const connector: Connector = {
    connect: ({ name }) => {
      const host = hosts.find((one) => one.name === name && name !== more.gone);
      if (host) {
        const connection = { host, onGone: () => undefined, close: () => (closed += 1) };
        return Promise.resolve({ ok: true, steps: [], connection });
      }
      const failure = { ...failureOf('connection refused'), where: name };
      return Promise.resolve({ ok: false, failure, steps: [], final: false });
    },
  };
  const entries = hosts.map(({ name }) => ({
    name,
    address: name,
    become: 'none' as const,
    via: 'ssh' as const,
  }));
  const readOnly = more.readOnly === true;
  const neverTouch = { now: (): Promise<readonly string[]> => Promise.resolve([]) };
  const changes = consoleChanges({
    clusters: [{ name: 'main', hosts: entries, readOnly, neverTouch: [] }],
    neverTouch: () => neverTouch.now(),
    registry: registryOf([markStack], []),
    connector,
    secrets: new GivenSecrets(),
    asker: nobody,
    folder: new JournalFolder(folder),
    leaving: (run) => `resume ${run}`,
  });
  return { changes, hosts, folder, neverTouch, closed: () => closed };
}

const sick = { cluster: 'main', recovery: 'fake.sickness', subject: 'sick' };

test('a trouble is gathered from all hosts, and the connections are closed after it', async (t) => {
  const { changes, closed } = made(t);
  const told: string[] = [];
  const found = await changes.gather(sick, (says) => told.push(says), never);
  assert.equal(found.ok && found.made.verdict, 'sick');
  assert.deepEqual(told, [
    'connecting to 2 hosts',
    'connecting: 1 of 2 hosts answered',
    'connecting: 2 of 2 hosts answered',
    'looking at sick on 2 hosts',
  ]);
  assert.equal(closed(), 2);
});

test('a side that cannot be reached is evidence, not an error', async (t) => {
  const { changes } = made(t, { gone: 'two' });
  const found = await changes.gather(sick, () => undefined, never);
  assert.equal(found.ok && found.made.verdict, 'a side is down');
});

test('a run is carried out with its journal, and is taken back', async (t) => {
  const { changes, hosts, folder } = made(t);
  const plan = markPlan(['one/a', 'two/b']);
  const events: RunEvent[] = [];
  const request = { run: changes.newRun(), plan, words: [] };
  const ended = await changes.carryOut(
    { ...request, doing: 'apply' },
    (event) => events.push(event),
    never,
  );
  assert.equal(ended.end.kind, 'finished');
  assert.deepEqual(
    hosts.map(({ marks }) => marks),
    [['a'], ['b']],
  );
  assert.ok(events.length > 0);
  assert.ok(existsSync(join(folder, `${request.run}.jsonl`)));
  const undone = await changes.carryOut({ ...request, doing: 'undo' }, () => undefined, never);
  assert.equal(undone.end.kind, 'finished');
  assert.deepEqual(
    hosts.map(({ marks }) => marks),
    [[], []],
  );
});

test('without its word a plan is refused, whatever the screen did', async (t) => {
  const { changes, hosts, folder } = made(t);
  const confirmations = [{ word: 'one', accepts: 'all of it is lost' }];
  const plan = { ...markPlan(['one/a']), confirmations };
  const { end } = await changes.carryOut(
    { run: 'r1', plan, doing: 'apply', words: ['two'] },
    () => undefined,
    never,
  );
  assert.equal(end.kind === 'failed' && end.failure.what, 'one was not typed');
  assert.deepEqual(hosts[0]?.marks, []);
  assert.ok(!existsSync(join(folder, 'r1.jsonl')));
});

test('nothing is begun while one of the hosts cannot be reached', async (t) => {
  const { changes, hosts, folder } = made(t, { gone: 'two' });
  const plan = markPlan(['one/a', 'two/b']);
  const request = { run: 'r1', plan, doing: 'apply', words: [] } as const;
  const { end, state } = await changes.carryOut(request, () => undefined, never);
  assert.match((end.kind === 'failed' && end.failure.means) || '', /Nothing was changed\./);
  assert.equal(state, undefined);
  assert.deepEqual(hosts[0]?.marks, []);
  assert.ok(!existsSync(join(folder, 'r1.jsonl')));
});

test('what a run did stays known when its host cannot be reached later', async (t) => {
  const more: { gone?: string } = {};
  const { changes, hosts } = made(t, more);
  hosts[1]?.fails.add('b');
  hosts[1]?.lies.add('b');
  const request = { run: 'r1', plan: markPlan(['one/a', 'two/b']), words: [] };
  const first = await changes.carryOut({ ...request, doing: 'apply' }, () => undefined, never);
  assert.equal(first.end.kind, 'failed');
  more.gone = 'two';
  const { end, state } = await changes.carryOut(
    { ...request, doing: 'resume' },
    () => undefined,
    never,
  );
  assert.equal(end.kind, 'failed');
  assert.deepEqual([...(state?.begun ?? [])], ['one/a', 'two/b']);
});

test('a read-only cluster is neither looked into for mending nor changed', async (t) => {
  const { changes, hosts } = made(t, { readOnly: true });
  const found = await changes.gather(sick, () => undefined, never);
  assert.match(found.ok ? '' : found.failure.what, /read-only/);
  const plan = markPlan(['one/a']);
  const request = { run: 'r1', plan, doing: 'apply', words: [] } as const;
  const { end } = await changes.carryOut(request, () => undefined, never);
  assert.match(end.kind === 'failed' ? end.failure.what : '', /read-only/);
  assert.deepEqual(hosts[0]?.marks, []);
});

test('leaving tells which run was cut off, and closes its connections', async (t) => {
  const { changes, hosts, closed } = made(t);
  const [one] = hosts;
  assert.ok(one);
  let left: string | undefined;
  one.instant = () => (left ??= changes.close());
  const request = { run: 'r1', plan: markPlan(['one/a']), doing: 'apply', words: [] } as const;
  await changes.carryOut(request, () => undefined, never);
  assert.equal(left, 'r1');
  assert.ok(closed() >= 1);
  assert.equal(changes.close(), undefined);
});

test('a plan that does not fit its kinds is told, not thrown', (t) => {
  const { changes } = made(t);
  const { steps, ...draft } = markPlan(['one/a']);
  const strange = steps.map((step) => ({ ...step, kind: 'no.such' }));
  const origin = { kind: 'recovery', id: 'fake.sickness', answers: null } as const;
  const plan = changes.plan({ ...draft, steps: strange }, { origin, cluster: 'main' });
  assert.match(plan.ok ? '' : plan.failure.what, /no kind of step called no\.such/);
});

test('the journal of a run of the console is like any other', async (t) => {
  const { changes, folder } = made(t);
  const request = { run: 'r1', plan: markPlan(['one/a']), doing: 'apply', words: [] } as const;
  await changes.carryOut(request, () => undefined, never);
  const text = readFileSync(join(folder, 'r1.jsonl'), 'utf8');
  assert.match(text, /"kind":"begun"[^]*"kind":"starting"[^]*"kind":"done"[^]*"kind":"finished"/);
});

const marks = { cluster: 'main', wizard: 'fake.marks', hosts: ['one', 'two'] };

test('a wizard looks at the hosts that were chosen, and its plan is made here', async (t) => {
  const { changes, closed } = made(t);
  const looked = await changes.look({ ...marks, hosts: ['one'] }, () => undefined, never);
  assert.ok(looked.ok);
  const [question] = looked.made.questions({});
  assert.deepEqual(question?.kind === 'many' && question.choices.map(({ value }) => value), [
    'one/a',
    'one/b',
    'one/x',
  ]);
  assert.equal(closed(), 1);
  const drafted = looked.made.plan({ marks: ['one/a'] });
  assert.ok(drafted.ok);
  const origin = { kind: 'wizard', id: 'fake.marks', answers: { marks: ['one/a'] } } as const;
  const plan = changes.plan(drafted.draft, { origin, cluster: 'main' });
  assert.equal(plan.ok && plan.made.steps.length, 1);
});

test('a plan that would hold a secret that was given is not made', async (t) => {
  const { changes } = made(t);
  const looked = await changes.look(marks, () => undefined, never);
  assert.ok(looked.ok);
  const drafted = looked.made.plan({ marks: ['one/sesame42'] });
  assert.ok(drafted.ok);
  const origin = { kind: 'wizard', id: 'fake.marks', answers: {} } as const;
  const about = { origin, cluster: 'main', secrets: ['sesame42'] };
  const plan = changes.plan(drafted.draft, about);
  assert.match(plan.ok ? '' : plan.failure.what, /would hold a secret/);
});

test('no wizard goes on without a host that it was to look at', async (t) => {
  const { changes } = made(t, { gone: 'two' });
  const looked = await changes.look(marks, () => undefined, never);
  assert.match(looked.ok ? '' : looked.failure.what, /^two: connection refused$/);
  assert.match(looked.ok ? '' : looked.failure.todo, /leave it out/);
});

test('no wizard looks at a read-only cluster', async (t) => {
  const { changes } = made(t, { readOnly: true });
  const looked = await changes.look(marks, () => undefined, never);
  assert.match(looked.ok ? '' : looked.failure.what, /read-only/);
});

test('what was carried out is known afterwards, with how it ended', async (t) => {
  const { changes } = made(t);
  const request = { run: changes.newRun(), plan: markPlan(['one/a']), words: [] };
  await changes.carryOut({ ...request, doing: 'apply' }, () => undefined, never);
  const [look, ...more] = await changes.pastRuns();
  assert.equal(more.length, 0);
  assert.equal(look?.state.run, request.run);
  assert.deepEqual([look.state.finished, look.running], [true, false]);
});

test('what is protected is asked for at each run, not once at the start', async (t) => {
  const { changes, hosts, neverTouch } = made(t);
  const plan = markPlan(['one/a']);
  const request = { run: 'r1', plan, doing: 'apply', words: [] } as const;
  neverTouch.now = () => Promise.resolve(['serial-a']);
  const held = await changes.carryOut(request, () => undefined, never);
  assert.match(held.end.kind === 'failed' ? held.end.failure.what : '', /never-touch list/);
  neverTouch.now = () => Promise.reject(new Error('the configuration cannot be read'));
  const blind = await changes.carryOut({ ...request, run: 'r2' }, () => undefined, never);
  assert.match(blind.end.kind === 'failed' ? blind.end.failure.what : '', /cannot be read/);
  assert.deepEqual(hosts[0]?.marks, []);
  neverTouch.now = () => Promise.resolve([]);
  const free = await changes.carryOut({ ...request, run: 'r3' }, () => undefined, never);
  assert.equal(free.end.kind, 'finished');
});

test('a way out that touches what is protected by now makes no plan, and says why', async (t) => {
  const { changes, neverTouch } = made(t);
  neverTouch.now = () => Promise.resolve(['serial-a']);
  const found = await changes.gather(sick, () => undefined, never);
  assert.ok(found.ok);
  const [way] = found.made.ways;
  const drafted = way?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok);
  assert.match(drafted.faults[0]?.says ?? '', /^one: a .*is on the cluster's never-touch list/);
  assert.equal(way?.plan({ keepCopy: true }).ok, true, 'the copy lies elsewhere');
});
