import { storageProtection } from '../../source/tools/protection.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { StepKinds } from '../../source/core/step.js';
import { runState } from '../../source/engine/run/run-state.js';
import {
  runPlan,
  type RunDeps,
  type RunEnd,
  type RunEvent,
} from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { generalSteps } from '../../source/steps/index.js';
import { GuardHost, LeapClock } from '../support/guard-host.js';
import { begin, Killed, markPlan } from '../support/mark-host.js';

const plan: Plan = {
  ...markPlan([]),
  basis: [],
  steps: [
    {
      id: 's1',
      kind: 'host.guarded-change',
      host: 'box',
      needs: [],
      params: {
        title: 'put the wall up',
        on: 'box',
        commands: [{ argv: ['wall', 'up'] }],
        shows: { argv: ['wall', 'look'], expect: 'up' },
        undo: { says: 'take the wall down', argv: ['wall', 'down'] },
        seconds: 60,
      },
    },
  ],
};

/** A host, the journal of a run on it, and consoles that come one after the other. */
class Scene {
  readonly clock = new LeapClock();
  readonly host = new GuardHost(this.clock);
  readonly lines: JournalLine[] = begin(plan);
  readonly events: RunEvent[] = [];
  instant: () => void = () => undefined;

  run(): Promise<RunEnd> {
    return runPlan(this.#state(), this.#deps());
  }

  undo(): Promise<RunEnd> {
    return undoRun(this.#state(), this.#deps());
  }

  get guards(): readonly string[] {
    return [...this.host.guards.values()].map(({ state }) => state);
  }

  #state() {
    const state = runState(this.lines);
    assert.ok(state);
    return state;
  }

  #deps(): RunDeps {
    return {
      kinds: new StepKinds(generalSteps),
      protection: storageProtection([]),
      host: () => Promise.resolve(this.host),
      journal: {
        write: (line) => {
          this.instant();
          this.lines.push(line);
          this.instant();
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      },
      clock: this.clock,
      by: 'me@here',
      signal: new AbortController().signal,
      tell: (event) => this.events.push(event),
    };
  }
}

function whatOf(end: RunEnd): string {
  return end.kind === 'failed' ? end.failure.what : end.kind;
}

test('a guarded change is confirmed over a connection that was made after it', async () => {
  const scene = new Scene();
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual([scene.host.wall, scene.guards], [true, ['confirmed']]);
  assert.equal(scene.host.confirmedOver, 2);
  const kinds = scene.lines.map(({ kind }) => kind);
  assert.ok(kinds.indexOf('armed') < kinds.indexOf('command'));
});

test('a change that cuts the console off is put back by the host, and the run says so', async () => {
  const scene = new Scene();
  scene.host.blocks = true;
  const end = await scene.run();
  assert.match(whatOf(end), /no new connection to box came about in time.*has put it back/);
  assert.deepEqual([scene.host.wall, scene.guards], [false, ['fired']]);
  assert.ok(scene.lines.some(({ kind }) => kind === 'put-back'));
  const left = scene.events.flatMap((event) =>
    event.kind === 'progress' ? [event.progress.secondsLeft ?? 0] : [],
  );
  assert.ok((left[0] ?? 0) > 50 && left.some((seconds) => seconds > 0 && seconds < 15));
});

test('a change whose answer never comes is confirmed all the same, over a new connection', async () => {
  const scene = new Scene();
  scene.host.swallows = true;
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual([scene.host.wall, scene.guards], [true, ['confirmed']]);
});

test('a change that fails in the middle is put back at once', async () => {
  const scene = new Scene();
  scene.host.fails = true;
  // The look must not take the half for the whole.
  scene.host.run = undisclosed(scene.host);
  assert.match(whatOf(await scene.run()), /exit code 1: half of it; the host has put it back/);
  assert.deepEqual([scene.host.wall, scene.guards], [false, ['fired']]);
});

/** A host whose wall always looks the same. */
function undisclosed(host: GuardHost, shown = 'half'): GuardHost['run'] {
  const { run } = host;
  return (command) =>
    command.argv[1] === 'look'
      ? Promise.resolve({ kind: 'exited', code: 0, stdout: shown, stderr: '' })
      : run(command);
}

test('where no guard can be armed nothing is changed', async () => {
  const scene = new Scene();
  scene.host.unarmable = true;
  assert.match(whatOf(await scene.run()), /could not be made to put it back.*not changed/);
  assert.deepEqual([scene.host.wall, scene.guards], [false, []]);
});

test('a confirmation that comes too late is none', async () => {
  const scene = new Scene();
  const { run } = scene.host;
  scene.host.run = (command) => {
    if (command.argv[1] === 'look' && scene.host.wall) scene.clock.pass(61_000);
    return run(command);
  };
  assert.match(whatOf(await scene.run()), /too late|has put it back/);
  assert.deepEqual([scene.host.wall, scene.guards], [false, ['fired']]);
});

test('a change that was put back while nobody looked is found out by resume, and done again', async () => {
  const scene = new Scene();
  scene.host.blocks = true;
  await scene.run();
  scene.host.blocks = false;
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual([scene.host.wall, scene.guards], [true, ['fired', 'confirmed']]);
  assert.deepEqual(await scene.undo(), { kind: 'finished' });
  assert.equal(scene.host.wall, false);
});

/** A run that is finished: the wall is up, and the console's way goes through it. */
async function finishedScene(): Promise<Scene> {
  const scene = new Scene();
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  return scene;
}

test('undo is under guard as well, and confirmed over a connection that was made after it', async () => {
  const scene = await finishedScene();
  assert.deepEqual(await scene.undo(), { kind: 'finished' });
  assert.deepEqual([scene.host.wall, scene.guards], [false, ['confirmed', 'confirmed']]);
  assert.equal(scene.host.confirmedOver, 3);
});

test('an undo that cuts the console off is put back by the host: the change is there again, and it says so', async () => {
  const scene = await finishedScene();
  scene.host.needed = true;
  const end = await scene.undo();
  assert.match(
    whatOf(end),
    /could not be taken back: no new connection to box came about in time.*has made it again/,
  );
  assert.deepEqual([scene.host.wall, scene.guards], [true, ['confirmed', 'fired']]);
  scene.host.needed = false;
  assert.deepEqual(await scene.undo(), { kind: 'finished' });
  assert.deepEqual([scene.host.wall, scene.host.lock], [false, '']);
});

test('where no guard can be armed nothing is taken back', async () => {
  const scene = await finishedScene();
  scene.host.unarmable = true;
  assert.match(whatOf(await scene.undo()), /could not be made to make it again.*not changed/);
  assert.equal(scene.host.wall, true);
});

test('an undo that fails in the middle is made good at once', async () => {
  const scene = await finishedScene();
  scene.host.fails = true;
  scene.host.run = undisclosed(scene.host, 'up');
  assert.match(whatOf(await scene.undo()), /exit code 1: half of it; the host has made it again/);
  assert.deepEqual([scene.host.wall, scene.guards], [true, ['confirmed', 'fired']]);
});

/** Kills at the nth instant. */
function killer(at: number): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count === at) throw new Killed();
  };
}

/**
 * Each instant at which a console may die in a run, or in the undo of one that is finished, with the
 * scene that it leaves behind.
 */
async function* deaths(turn: 'run' | 'undo' = 'run'): AsyncIterable<readonly [number, Scene]> {
  for (let at = 1; ; at += 1) {
    const scene = turn === 'run' ? new Scene() : await finishedScene();
    scene.instant = killer(at);
    scene.host.instant = scene.instant;
    try {
      await scene[turn]();
      assert.ok(at > 20);
      return;
    } catch (error) {
      assert.ok(error instanceof Killed, String(error));
    }
    scene.instant = () => undefined;
    scene.host.instant = scene.instant;
    yield [at, scene];
  }
}

test('killed at any instant and never resumed, what nobody confirmed is not there after a minute', async () => {
  for await (const [at, scene] of deaths()) {
    scene.clock.pass(61_000);
    await scene.host.run({ argv: ['wall', 'look'], effect: 'reads', deadline: 1 });
    assert.equal(scene.host.wall, scene.guards.includes('confirmed'), `killed at ${at}`);
  }
});

test('killed at any instant and resumed at once or late, it ends right and no guard is left', async () => {
  for (const wait of [0, 61_000]) {
    for await (const [at, scene] of deaths()) {
      scene.clock.pass(wait);
      assert.deepEqual(await scene.run(), { kind: 'finished' }, `killed at ${at}, ${wait} ms`);
      assert.equal(scene.host.wall, true, `killed at ${at}`);
      assert.ok(!scene.guards.includes('armed'), `killed at ${at}`);
      scene.clock.pass(61_000);
      await scene.host.renew(1);
      assert.deepEqual([scene.host.wall, scene.host.lock], [true, ''], `killed at ${at}`);
    }
  }
});

test('killed at any instant and undone, nothing is left', async () => {
  for await (const [at, scene] of deaths()) {
    assert.deepEqual(await scene.undo(), { kind: 'finished' }, `killed at ${at}`);
    assert.deepEqual([scene.host.wall, scene.host.lock], [false, ''], `killed at ${at}`);
    assert.ok(!scene.guards.includes('armed'), `killed at ${at}`);
  }
});

test('an undo that is killed at any instant and asked for again, at once or late, leaves nothing', async () => {
  for (const wait of [0, 61_000]) {
    for await (const [at, scene] of deaths('undo')) {
      scene.clock.pass(wait);
      assert.deepEqual(await scene.undo(), { kind: 'finished' }, `killed at ${at}, ${wait} ms`);
      assert.ok(!scene.guards.includes('armed'), `killed at ${at}`);
      scene.clock.pass(61_000);
      await scene.host.renew(1);
      assert.deepEqual([scene.host.wall, scene.host.lock], [false, ''], `killed at ${at}`);
    }
  }
});

test('an undo that is killed and never asked for again is unmade by the host, unless it was confirmed', async () => {
  for await (const [at, scene] of deaths('undo')) {
    scene.clock.pass(61_000);
    await scene.host.run({ argv: ['wall', 'look'], effect: 'reads', deadline: 1 });
    const confirmed = scene.guards.filter((state) => state === 'confirmed').length === 2;
    assert.equal(scene.host.wall, !confirmed, `killed at ${at}`);
  }
});
