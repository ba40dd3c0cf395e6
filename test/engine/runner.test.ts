import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Host, Outcome } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { defineStep, StepKinds } from '../../source/core/step.js';
import type { Journal } from '../../source/engine/journal-file.js';
import { runState } from '../../source/engine/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/runner.js';
import { undoRun } from '../../source/engine/undo.js';
import { StepClock } from '../support/clock.js';

/** The console dies here: nothing after this instant happens. */
class Killed extends Error {}

/** A host whose whole state is a list of marks; making a mark twice would be seen. */
class MarkHost implements Host {
  readonly name = 'box';
  marks: string[] = [];
  lock = '';
  serial = 'S1';
  /** Marks that fail, and that exit 0 without taking effect. */
  fails = new Set<string>();
  lies = new Set<string>();
  /** Called before and after each changing command. */
  instant: () => void = () => undefined;

  readonly run: Host['run'] = ({ argv, effect }) => {
    if (effect !== 'reads') this.instant();
    const outcome = this.#answer(argv);
    if (effect !== 'reads') this.instant();
    return Promise.resolve(outcome);
  };

  #answer(argv: readonly string[]): Outcome {
    const [program, mark = '', script = ''] = argv;
    switch (program) {
      case 'serial':
        return exited(0, this.serial);
      case 'marks':
        return exited(0, this.marks.join(' '));
      case 'mark':
        if (this.fails.has(mark)) return exited(1, '', 'no room\n');
        if (!this.lies.has(mark)) this.marks.push(mark);
        return exited(0, '');
      case 'unmark':
        this.marks = this.marks.filter((other) => other !== mark);
        return exited(0, '');
      default:
        return this.#lockScript(script, argv[4] ?? '');
    }
  }

  #lockScript(script: string, owner: string): Outcome {
    if (script.startsWith('if mkdir')) this.lock ||= owner;
    if (script.startsWith('rm -rf')) this.lock = '';
    return this.lock === '' ? exited(1, '') : exited(0, this.lock);
  }
}

function exited(code: number, stdout: string, stderr = ''): Outcome {
  return { kind: 'exited', code, stdout, stderr };
}

const mark = defineStep<{ readonly mark: string }>({
  id: 'test.mark',
  params: z.strictObject({ mark: z.string() }),
  effect: () => 'changes',
  tell: (p) => ({ title: 'mark', on: p.mark }),
  preview: (p) => ({ kind: 'commands', lines: [`mark ${p.mark}`] }),
  check: async (host, p) => {
    const outcome = await host.run({ argv: ['marks'], effect: 'reads', deadline: 1000 });
    const marks = outcome.kind === 'exited' ? outcome.stdout.split(' ') : [];
    return { kind: marks.includes(p.mark) ? 'done' : 'notYet' };
  },
  commands: (p) => [{ argv: ['mark', p.mark], effect: 'changes', deadline: 1000 }],
  undo: (p) => ({
    kind: 'commands',
    says: `unmark ${p.mark}`,
    commands: [{ argv: ['unmark', p.mark], effect: 'changes', deadline: 1000 }],
  }),
});

const STEPS = ['a', 'b', 'c'];

const plan: Plan = {
  schema: 1,
  id: 'p1',
  title: 'three marks',
  cluster: 'main',
  origin: { kind: 'wizard', id: 'test', answers: null },
  madeAt: '2026-11-20T14:00:00Z',
  madeBy: 'me@here',
  steps: STEPS.map((name) => {
    return { id: name, kind: 'test.mark', host: 'box', params: { mark: name }, needs: [] };
  }),
  basis: [{ host: 'box', says: 'its serial', argv: ['serial'], expect: 'S1' }],
  confirmations: [],
  loses: [],
  putBack: '',
  warnings: [],
};

/** A console with a journal in memory, which may be killed at any instant. */
function console_(host: MarkHost, lines: JournalLine[], instant: () => void = () => undefined) {
  const journal: Journal = {
    write: (line) => {
      instant();
      lines.push(line);
      instant();
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const abort = new AbortController();
  const deps: RunDeps = {
    kinds: new StepKinds([mark]),
    host: () => Promise.resolve(host),
    journal,
    clock: new StepClock(),
    by: 'me@here',
    signal: abort.signal,
    tell: () => undefined,
  };
  const state = () => {
    const known = runState(lines);
    assert.ok(known);
    return known;
  };
  return {
    run: (): Promise<RunEnd> => runPlan(state(), deps),
    undo: () => undoRun(state(), deps),
    abort,
  };
}

function begin(): JournalLine[] {
  return [{ at: '2026-11-20T14:00:01Z', kind: 'begun', run: 'r1', plan, by: 'me@here' }];
}

test('a plan is carried out step by step, and the lock is given back', async () => {
  const host = new MarkHost();
  const end = await console_(host, begin()).run();
  assert.deepEqual(end, { kind: 'finished' });
  assert.deepEqual(host.marks, STEPS);
  assert.equal(host.lock, '');
});

test('a step that is done already is skipped', async () => {
  const host = new MarkHost();
  host.marks = ['b'];
  await console_(host, begin()).run();
  assert.deepEqual(host.marks, ['b', 'a', 'c']);
});

test('at the first error it stops, and never carries on', async () => {
  const host = new MarkHost();
  host.fails.add('b');
  const end = await console_(host, begin()).run();
  assert.equal(end.kind, 'failed');
  assert.deepEqual(host.marks, ['a']);
});

test('a command that exits 0 without taking effect is a failure', async () => {
  const host = new MarkHost();
  host.lies.add('b');
  const end = await console_(host, begin()).run();
  assert.equal(end.kind === 'failed' && end.step, 'b');
});

test('a plan whose facts no longer hold is stale, and nothing is changed', async () => {
  const host = new MarkHost();
  host.serial = 'S2';
  const end = await console_(host, begin()).run();
  assert.match(end.kind === 'failed' ? end.failure.what : '', /stale/);
  assert.deepEqual(host.marks, []);
});

test('a host that another run holds is left alone', async () => {
  const host = new MarkHost();
  host.lock = JSON.stringify({ run: 'other', by: 'them@there', since: '2026-11-20T13:00:00Z' });
  const end = await console_(host, begin()).run();
  assert.match(end.kind === 'failed' ? end.failure.what : '', /them@there/);
  assert.deepEqual(host.marks, []);
});

test('undo takes back what the run did, and leaves what it found', async () => {
  const host = new MarkHost();
  host.marks = ['b'];
  const lines = begin();
  await console_(host, lines).run();
  assert.deepEqual(await console_(host, lines).undo(), { kind: 'finished' });
  assert.deepEqual(host.marks, ['b']);
});

/** How many instants a whole run has. */
async function instants(): Promise<number> {
  let count = 0;
  const host = new MarkHost();
  const tick = () => (count += 1);
  host.instant = tick;
  await console_(host, begin(), tick).run();
  return count;
}

test('killed at any instant and resumed, no step is done twice and none is lost', async () => {
  const all = await instants();
  assert.ok(all > 20);
  for (let at = 1; at <= all; at += 1) {
    const host = new MarkHost();
    const lines = begin();
    let count = 0;
    const tick = () => {
      count += 1;
      if (count === at) throw new Killed();
    };
    host.instant = tick;
    await assert.rejects(async () => console_(host, lines, tick).run(), Killed);
    host.instant = () => undefined;
    assert.deepEqual(await console_(host, lines).run(), { kind: 'finished' }, `killed at ${at}`);
    assert.deepEqual(host.marks, STEPS, `killed at ${at}`);
    assert.equal(host.lock, '', `killed at ${at}`);
  }
});
