import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Host } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { StepKinds } from '../../source/core/step.js';
import type { Stack } from '../../source/core/stack.js';
import type { Draft, Drafted } from '../../source/core/wizard.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { generalSteps } from '../../source/steps/index.js';
import { begin } from './mark-host.js';
import { lasting } from './run-host.js';
import { StepClock } from './clock.js';

/** The draft, or the faults as what went wrong. */
export function draftOf(drafted: Drafted): Draft {
  assert.ok(drafted.ok, drafted.ok ? '' : JSON.stringify(drafted.faults));
  return drafted.draft;
}

/** The faults of what must not be planned. */
export function faultsOf(drafted: Drafted): readonly string[] {
  assert.ok(!drafted.ok, 'a plan was made');
  return drafted.faults.map(({ key, says }) => `${key}: ${says}`);
}

/** What a plan's steps show to whoever reviews it. */
export function reviewOf({ steps }: Draft, stack: Stack): readonly string[] {
  const kinds = new StepKinds([...generalSteps, ...(stack.steps ?? [])]);
  return steps.flatMap((step) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : bound.because);
    const { telling, preview, undo } = bound.step;
    return [
      `${step.id} ${step.host}  ${telling.title}  ${telling.on}`,
      ...preview.lines.map((line) => `    ${line}`),
      `  undo: ${undo.kind === 'commands' ? undo.says : undo.kind}`,
    ];
  });
}

/** A run of a draft on hosts, with its journal in memory. */
export class Carried {
  readonly lines: JournalLine[];
  readonly #deps: RunDeps;

  constructor(
    draft: Draft,
    stack: Stack,
    hosts: ReadonlyMap<string, Host>,
    clock = new StepClock(),
  ) {
    const plan: Plan = {
      schema: 1,
      id: 'p1',
      cluster: 'main',
      origin: { kind: 'wizard', id: 'test', answers: null },
      madeAt: '2026-11-20T14:00:00Z',
      madeBy: 'me@here',
      ...draft,
    };
    this.lines = begin(plan);
    this.#deps = {
      kinds: new StepKinds([...generalSteps, ...(stack.steps ?? [])]),
      host: (name) => {
        const host = hosts.get(name);
        assert.ok(host, name);
        return Promise.resolve(lasting(host));
      },
      journal: {
        write: (line) => Promise.resolve(void this.lines.push(line)),
        close: () => Promise.resolve(),
      },
      protection: () => Promise.resolve(undefined),
      clock,
      by: 'me@here',
      signal: new AbortController().signal,
      tell: () => undefined,
    };
  }

  apply(): Promise<RunEnd> {
    const state = runState(this.lines);
    assert.ok(state);
    return runPlan(state, this.#deps);
  }

  undo(): Promise<RunEnd> {
    const state = runState(this.lines);
    assert.ok(state);
    return undoRun(state, this.#deps);
  }
}

/** The run came to its end; else why it did not. */
export function assertFinished(end: RunEnd): void {
  assert.equal(end.kind === 'failed' ? end.failure.what : end.kind, 'finished');
}

/** The text is the one that was reviewed once; `HOLDFAST_RECORD=1` takes it as reviewed. */
export function assertGolden(file: URL, text: string): void {
  if (process.env.HOLDFAST_RECORD === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

/** Why a run failed; the test fails where it did not. */
export function failureOf(end: RunEnd): string {
  assert.ok(end.kind === 'failed', end.kind);
  return end.failure.what;
}
