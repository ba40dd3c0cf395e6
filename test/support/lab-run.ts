import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Host } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import type { Case } from '../../source/core/recovery.js';
import { registryOf } from '../../source/core/registry.js';
import type { Draft } from '../../source/core/wizard.js';
import { planFaults } from '../../source/engine/run/check-plan.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { settleSecrets, withSecrets } from '../../source/engine/run/run-secrets.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { stacks } from '../../source/stacks/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { storageProtection } from '../../source/tools/protection.js';
import { labHost, onEach } from './lab.js';
import { Killed } from './mark-host.js';
import { lasting } from './run-host.js';

const { kinds } = registryOf(stacks, generalSteps);

/**
 * A draft as a plan for the lab's machines, which the engine finds nothing wrong with.
 *
 * @param id the wizard or the recovery that made it
 */
export function labPlan(draft: Draft, id: string, answers: Json = {}): Plan {
  const origin = { kind: 'wizard', id, answers } as const;
  const plan = makePlan(draft, { origin, cluster: 'lab', madeBy: 'test@here' }, systemClock);
  assert.deepEqual(planFaults(plan, kinds), []);
  return plan;
}

/**
 * A plan carried out on the lab's machines by the real runner and guard, its journal in memory; it can
 * be killed before its nth changing command.
 */
export class LabRun {
  readonly lines: JournalLine[];
  /** Every changing command that was sent as one, and how it ended. */
  readonly commands: string[] = [];
  readonly progress: string[] = [];
  /** Of the plan's secrets. */
  readonly values: ReadonlyMap<string, string>;
  /** So many changing commands are still to be run before the console dies; undefined: it lives. */
  left: number | undefined;

  constructor(plan: Plan, given: ReadonlyMap<string, string> = new Map()) {
    const at = new Date().toISOString();
    this.lines = [{ at, kind: 'begun', run: randomUUID(), plan, by: 'test@here' }];
    this.values = settleSecrets(plan, new Map(), given, 'apply');
  }

  async apply(): Promise<RunEnd> {
    return this.#unlocked(await runPlan(this.#state(), this.#deps()));
  }

  async undo(): Promise<RunEnd> {
    return this.#unlocked(await undoRun(this.#state(), this.#deps()));
  }

  /** Carries it out to its end; the test fails with the run's own words where it does not come there. */
  async finish(): Promise<void> {
    assert.equal(why(await this.apply()), 'finished', this.commands.join('\n'));
  }

  /** Carries it out, the console dying at each of these instants in turn (`left`), and then to its end. */
  async finishDyingAt(instants: readonly number[]): Promise<void> {
    for (const instant of instants) {
      this.left = instant;
      await this.apply().then(
        (end) => assert.equal(why(end), 'finished'),
        (error: unknown) => assert.ok(error instanceof Killed, String(error)),
      );
    }
    this.left = undefined;
    await this.finish();
  }

  /** Every step is done, by this run or before it. */
  get isDone(): boolean {
    const done = this.lines.filter(({ kind }) => kind === 'done').length;
    return done === this.#state().plan.steps.length;
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
    const hosts = new Set(this.#state().plan.steps.map(({ host }) => host));
    if (end.kind === 'failed') await onEach([...hosts], 'rm -rf /run/holdfast.lock');
    return end;
  }

  #host(name: string): Host {
    const host = withSecrets(
      labHost(name, (line) => this.commands.push(line)),
      this.values,
    );
    return {
      name,
      run: async (command, signal) => {
        if (command.effect !== 'reads') this.#count();
        const outcome = await host.run(command, signal);
        // It dies again once the command has ended, before anything is known of it.
        if (command.effect !== 'reads') this.#count();
        return outcome;
      },
    };
  }

  #count(): void {
    if (this.left === undefined) return;
    this.left -= 1;
    if (this.left < 0) throw new Killed();
  }

  #deps(): RunDeps {
    return {
      kinds,
      protection: storageProtection([]),
      host: (name) => Promise.resolve(lasting(this.#host(name))),
      journal: {
        write: (line) => Promise.resolve(void this.lines.push(line)),
        close: () => Promise.resolve(),
      },
      clock: systemClock,
      by: 'test@here',
      signal: new AbortController().signal,
      tell: (event) => {
        if (event.kind === 'progress') this.progress.push(event.progress.says);
      },
    };
  }
}

/** A run of a way out. */
export function runOfWay(found: Case, value: string): LabRun {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `no way ${value}: ${found.verdict}: ${found.happened}`);
  const drafted = way.plan({ keepCopy: false });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const origin = { kind: 'recovery', id: 'drbd', answers: {} } as const;
  return new LabRun(
    makePlan(drafted.draft, { origin, cluster: 'lab', madeBy: 'test@here' }, systemClock),
  );
}

/** Asks a recovery of DRBD about a subject, from these machines. */
export async function askDrbd(
  id: string,
  subject: string,
  nodes: readonly string[],
): Promise<Case> {
  const recovery = drbd.recoveries?.find((one) => one.id === id);
  assert.ok(recovery);
  return recovery.gather(subject, new Map(nodes.map((name) => [name, labHost(name)])));
}

/** Why a run failed; empty where it did not. */
export function why(end: RunEnd): string {
  return end.kind === 'failed' ? `${end.step ?? ''} ${JSON.stringify(end.failure)}` : end.kind;
}
