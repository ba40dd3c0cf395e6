import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Host } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import { StepKinds } from '../../source/core/step.js';
import type { Wizard } from '../../source/core/wizard.js';
import { planFaults } from '../../source/engine/check-plan.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/make-plan.js';
import { settleSecrets, withSecrets } from '../../source/engine/run-secrets.js';
import { runState } from '../../source/engine/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/runner.js';
import { undoRun } from '../../source/engine/undo.js';
import { disks } from '../../source/stacks/disks/index.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { storageProtection } from '../../source/tools/protection.js';
import { LAB_NODES, labHost } from './lab.js';
import { Killed } from './mark-host.js';
import { lasting } from './run-host.js';
import { wholeCluster } from './surroundings.js';

const kinds = new StepKinds([...generalSteps, ...(disks.steps ?? []), ...(drbd.steps ?? [])]);

/** The plan that a wizard makes of the machines as they are; the faults as what went wrong. */
export async function planOf(
  wizard: Wizard,
  answers: Json,
  nodes: readonly string[] = LAB_NODES,
): Promise<Plan> {
  const session = await wizard.begin(
    nodes.map((name) => labHost(name)),
    wholeCluster,
  );
  const drafted = session.plan(answers);
  assert.ok(drafted.ok, drafted.ok ? '' : JSON.stringify(drafted.faults));
  const origin = { kind: 'wizard', id: wizard.id, answers } as const;
  const plan = makePlan(
    drafted.draft,
    { origin, cluster: 'lab', madeBy: 'test@here' },
    systemClock,
  );
  assert.deepEqual(planFaults(plan, kinds), []);
  return plan;
}

/** What a wizard has against these answers. */
export async function faultsOf(wizard: Wizard, answers: Json): Promise<readonly string[]> {
  const session = await wizard.begin(
    LAB_NODES.map((name) => labHost(name)),
    wholeCluster,
  );
  const drafted = session.plan(answers);
  return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
}

/** A run on the machines, its journal in memory; it can be killed before its nth changing command. */
export class LabRun {
  readonly lines: JournalLine[];
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

  apply(): Promise<RunEnd> {
    return runPlan(this.#state(), this.#deps());
  }

  undo(): Promise<RunEnd> {
    return undoRun(this.#state(), this.#deps());
  }

  #state() {
    const state = runState(this.lines);
    assert.ok(state);
    return state;
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

/** Why a run failed; empty where it did not. */
export function why(end: RunEnd): string {
  return end.kind === 'failed' ? `${end.step ?? ''} ${JSON.stringify(end.failure)}` : end.kind;
}
