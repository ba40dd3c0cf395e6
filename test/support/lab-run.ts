import assert from 'node:assert/strict';
import type { JournalLine } from '../../source/core/journal.js';
import { StepKinds } from '../../source/core/step.js';
import type { Stack } from '../../source/core/stack.js';
import type { Draft } from '../../source/core/wizard.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/make-plan.js';
import { runState } from '../../source/engine/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/runner.js';
import { undoRun } from '../../source/engine/undo.js';
import { generalSteps } from '../../source/steps/index.js';
import { storageProtection } from '../../source/tools/protection.js';
import { labHost, onBoth } from './lab.js';
import { lasting } from './run-host.js';

/** A draft carried out on the lab's machines by the real runner and guard, with its journal in memory. */
export class LabRun {
  readonly lines: JournalLine[] = [];
  /** Every changing command that was sent as one, and how it ended. */
  readonly commands: string[] = [];
  readonly #deps: RunDeps;

  constructor(draft: Draft, stack: Stack) {
    const about = {
      cluster: 'lab',
      madeBy: 'test@here',
      origin: { kind: 'wizard', id: stack.id, answers: {} },
    } as const;
    const plan = makePlan(draft, about, systemClock);
    const at = new Date().toISOString();
    this.lines.push({ at, kind: 'begun', run: plan.id, by: 'test@here', plan });
    this.#deps = {
      kinds: new StepKinds([...generalSteps, ...(stack.steps ?? [])]),
      protection: storageProtection([]),
      host: (name) => Promise.resolve(lasting(labHost(name, (line) => this.commands.push(line)))),
      journal: {
        write: (line) => Promise.resolve(void this.lines.push(line)),
        close: () => Promise.resolve(),
      },
      clock: systemClock,
      by: 'test@here',
      signal: new AbortController().signal,
      tell: () => undefined,
    };
  }

  async apply(): Promise<RunEnd> {
    return this.#unlocked(await runPlan(this.#state(), this.#deps));
  }

  async undo(): Promise<RunEnd> {
    return this.#unlocked(await undoRun(this.#state(), this.#deps));
  }

  /** Carries it out to its end; the test fails with the run's own words where it does not come there. */
  async finish(): Promise<void> {
    const end = await this.apply();
    const words = end.kind === 'failed' ? `${end.failure.what}\n${end.failure.means}` : end.kind;
    assert.equal(words, 'finished', this.commands.join('\n'));
  }

  /** The steps that were done by this run, and not found done. */
  get did(): number {
    return this.lines.filter((line) => line.kind === 'done' && line.how === 'did').length;
  }

  #state() {
    const state = runState(this.lines);
    assert.ok(state);
    return state;
  }

  /** A run that failed keeps its lock; what comes next has to begin without it. */
  async #unlocked(end: RunEnd): Promise<RunEnd> {
    if (end.kind === 'failed') await onBoth('rm -rf /run/holdfast.lock');
    return end;
  }
}
