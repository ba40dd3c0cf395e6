import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnd } from '../../source/engine/run/runner.js';
import { begin, Killed, markConsole, MarkHost, markPlan } from '../support/mark-host.js';

const STEPS = ['a', 'b', 'c'];
const plan = markPlan(STEPS.map((name) => `box/${name}`));

function whatOf(end: RunEnd): string {
  return end.kind === 'failed' ? end.failure.what : end.kind;
}

test('a plan is carried out step by step, and the lock is given back', async () => {
  const host = new MarkHost();
  const end = await markConsole([host], begin(plan)).run();
  assert.deepEqual(end, { kind: 'finished' });
  assert.deepEqual(host.marks, STEPS);
  assert.equal(host.lock, '');
});

test('a step that is done already is skipped', async () => {
  const host = new MarkHost();
  host.marks = ['b'];
  await markConsole([host], begin(plan)).run();
  assert.deepEqual(host.marks, ['b', 'a', 'c']);
});

test('at the first error it stops, never carries on, and keeps the host locked', async () => {
  const host = new MarkHost();
  host.fails.add('b');
  host.lies.add('b');
  const end = await markConsole([host], begin(plan)).run();
  assert.equal(end.kind, 'failed');
  assert.deepEqual(host.marks, ['a']);
  assert.notEqual(host.lock, '');
});

test('a command that exits 0 without taking effect is a failure', async () => {
  const host = new MarkHost();
  host.lies.add('b');
  const end = await markConsole([host], begin(plan)).run();
  assert.equal(end.kind === 'failed' && end.step, 'box/b');
});

test('what a command said that took no effect is told, as its kind understands it', async () => {
  const host = new MarkHost();
  host.lies.add('b');
  host.unknown.add('b');
  const end = await markConsole([host], begin(plan)).run();
  assert.equal(whatOf(end), 'nothing is called b');
});

test('a plan whose facts no longer hold is stale, nothing is changed, and the lock is given back', async () => {
  const host = new MarkHost();
  host.serial = 'S2';
  const end = await markConsole([host], begin(plan)).run();
  assert.match(whatOf(end), /stale/);
  assert.deepEqual([host.marks, host.lock], [[], '']);
});

test('a stale plan stays stale when it is resumed before anything was begun', async () => {
  const host = new MarkHost();
  host.foreign.add('a');
  const lines = begin(plan);
  assert.equal((await markConsole([host], lines).run()).kind, 'failed');
  host.foreign.clear();
  host.serial = 'S2';
  assert.match(whatOf(await markConsole([host], lines).run()), /stale/);
  assert.deepEqual([host.marks, host.lock], [[], '']);
});

test('a host that another run holds is left alone, and the locks taken before it are given back', async () => {
  const [first, second] = [new MarkHost('one'), new MarkHost('two')];
  const theirs = JSON.stringify({
    run: 'other',
    by: 'them@there',
    since: '2026-11-20T13:00:00Z',
  });
  second.lock = theirs;
  const both = markPlan(['one/a', 'two/b']);
  const end = await markConsole([first, second], begin(both)).run();
  assert.match(whatOf(end), /them@there/);
  assert.deepEqual([first.marks, first.lock], [[], '']);
  assert.deepEqual([second.marks, second.lock], [[], theirs]);
});

test('a lock that cannot be given back is told, although the run is finished', async () => {
  const host = new MarkHost();
  host.keepsLock = true;
  const lines = begin(plan);
  const end = await markConsole([host], lines).run();
  assert.deepEqual(end, { kind: 'finished', stillLocked: ['box'] });
  assert.equal(lines.at(-1)?.kind, 'finished');
});

test('a step whose needs are not done is not begun', async () => {
  const host = new MarkHost();
  const [a, b] = plan.steps;
  assert.ok(a && b);
  const wrong = { ...plan, steps: [{ ...a, needs: [b.id] }, b] };
  const end = await markConsole([host], begin(wrong)).run();
  assert.match(whatOf(end), /step box\/b must be done before it/);
  assert.deepEqual([host.marks, host.lock], [[], '']);
});

test('asked to stop, it ends after the step under way, and resume goes on', async () => {
  const host = new MarkHost();
  const lines = begin(plan);
  const first = markConsole([host], lines);
  host.instant = () => {
    if (host.marks.includes('a')) first.abort.abort();
  };
  assert.deepEqual(await first.run(), { kind: 'stopped' });
  assert.deepEqual(host.marks, ['a']);
  assert.equal(first.state().stopped, 'asked to stop');
  assert.deepEqual(await markConsole([host], lines).run(), { kind: 'finished' });
  assert.deepEqual(host.marks, STEPS);
});

test('undo takes back what the run did, leaves what it found, and gives the lock back', async () => {
  const host = new MarkHost();
  host.marks = ['b'];
  host.lies.add('c');
  const lines = begin(plan);
  await markConsole([host], lines).run();
  assert.notEqual(host.lock, '');
  assert.deepEqual(await markConsole([host], lines).undo(), { kind: 'finished' });
  assert.deepEqual([host.marks, host.lock], [['b'], '']);
});

test('a run that is being taken back is never carried on', async () => {
  const host = new MarkHost();
  const lines = begin(plan);
  await markConsole([host], lines).run();
  await markConsole([host], lines).undo();
  const end = await markConsole([host], lines).run();
  assert.match(whatOf(end), /being taken back/);
  assert.deepEqual(host.marks, []);
});

test('a plan that touches what must not be touched is refused before anything is begun', async () => {
  const host = new MarkHost();
  host.reserved.add('c');
  const lines = begin(plan);
  const end = await markConsole([host], lines).run();
  assert.deepEqual(end.kind === 'failed' && [end.step, end.failure.what, end.failure.means], [
    'box/c',
    'it is not to be touched',
    'Nothing was changed.',
  ]);
  assert.deepEqual([host.marks, host.lock], [[], '']);
});

test('what became protected in the middle of a run is not touched, nor when it is resumed', async () => {
  const host = new MarkHost();
  const lines = begin(plan);
  host.instant = () => {
    if (host.marks.includes('a')) host.reserved.add('c');
  };
  const end = await markConsole([host], lines).run();
  assert.match(whatOf(end), /not to be touched/);
  assert.match(whatOf(await markConsole([host], lines).run()), /not to be touched/);
  assert.deepEqual(host.marks, ['a', 'b']);
  host.instant = () => undefined;
  host.reserved.clear();
  assert.deepEqual(await markConsole([host], lines).run(), { kind: 'finished' });
  assert.deepEqual(host.marks, STEPS);
});

test('what became protected since is not touched by undo either', async () => {
  const host = new MarkHost();
  const lines = begin(plan);
  await markConsole([host], lines).run();
  host.reserved.add('b');
  const end = await markConsole([host], lines).undo();
  assert.match(whatOf(end), /could not be taken back: it is not to be touched/);
  assert.deepEqual(host.marks, ['a', 'b']);
});

test('what another hand changed since is not taken back', async () => {
  const host = new MarkHost();
  const lines = begin(plan);
  await markConsole([host], lines).run();
  host.foreign.add('b');
  const end = await markConsole([host], lines).undo();
  assert.match(whatOf(end), /could not be taken back: b was changed by another hand/);
  assert.deepEqual(host.marks, ['a', 'b']);
  host.foreign.clear();
  assert.deepEqual(await markConsole([host], lines).undo(), { kind: 'finished' });
  assert.deepEqual([host.marks, host.lock], [[], '']);
});

/** How many instants something has, at each of which the console may die. */
async function instants(doIt: (host: MarkHost, tick: () => void) => Promise<unknown>) {
  let count = 0;
  const host = new MarkHost();
  const tick = () => void (count += 1);
  await doIt(host, tick);
  return count;
}

/** A tick that kills at the given instant. */
function killer(at: number): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count === at) throw new Killed();
  };
}

test('killed at any instant and resumed, no step is done twice and none is lost', async () => {
  const all = await instants((host, tick) => {
    host.instant = tick;
    return markConsole([host], begin(plan), tick).run();
  });
  assert.ok(all > 20);
  for (let at = 1; at <= all; at += 1) {
    const host = new MarkHost();
    const lines = begin(plan);
    const tick = killer(at);
    host.instant = tick;
    await assert.rejects(async () => markConsole([host], lines, tick).run(), Killed);
    host.instant = () => undefined;
    assert.deepEqual(await markConsole([host], lines).run(), { kind: 'finished' }, `at ${at}`);
    assert.deepEqual(host.marks, STEPS, `killed at ${at}`);
    assert.equal(host.lock, '', `killed at ${at}`);
  }
});

test('killed at any instant and undone, nothing of the run is left', async () => {
  const all = await instants((host, tick) => {
    host.instant = tick;
    return markConsole([host], begin(plan), tick).run();
  });
  for (let at = 1; at <= all; at += 1) {
    const host = new MarkHost();
    host.marks = ['b'];
    const lines = begin(plan);
    const tick = killer(at);
    host.instant = tick;
    await markConsole([host], lines, tick)
      .run()
      .catch((error: unknown) => assert.ok(error instanceof Killed));
    host.instant = () => undefined;
    assert.deepEqual(await markConsole([host], lines).undo(), { kind: 'finished' }, `at ${at}`);
    assert.deepEqual([host.marks, host.lock], [['b'], ''], `killed at ${at}`);
  }
});

test('an undo that is killed at any instant goes on where it was', async () => {
  const ran = async (host: MarkHost) => {
    const lines = begin(plan);
    await markConsole([host], lines).run();
    return lines;
  };
  const all = await instants(async (host, tick) => {
    const lines = await ran(host);
    host.instant = tick;
    return markConsole([host], lines, tick).undo();
  });
  assert.ok(all > 10);
  for (let at = 1; at <= all; at += 1) {
    const host = new MarkHost();
    const lines = await ran(host);
    const tick = killer(at);
    host.instant = tick;
    await assert.rejects(async () => markConsole([host], lines, tick).undo(), Killed);
    host.instant = () => undefined;
    assert.deepEqual(await markConsole([host], lines).undo(), { kind: 'finished' }, `at ${at}`);
    assert.deepEqual([host.marks, host.lock], [[], ''], `killed at ${at}`);
  }
});
