import assert from 'node:assert/strict';
import type { Command, Host, Outcome } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { registryOf } from '../../source/core/registry.js';
import type { Wizard } from '../../source/core/wizard.js';
import { fleetOf } from '../../source/demo/fleet/scenarios.js';
import type { Fleet } from '../../source/demo/fleet/state.js';
import { loadJustBash } from '../../source/demo/shell/just-bash.js';
import { machineShell } from '../../source/demo/shell/machine-shell.js';
import { planFaults } from '../../source/engine/run/check-plan.js';
import type { Clock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { settleSecrets, withSecrets } from '../../source/engine/run/run-secrets.js';
import { runState, type RunState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { stacks } from '../../source/stacks/index.js';
import { wholeCluster } from './surroundings.js';
import { storageProtection } from '../../source/tools/protection.js';
import { generalSteps } from '../../source/steps/index.js';
import { lasting } from './run-host.js';

const { kinds } = registryOf(stacks, generalSteps);

/** All kinds of step. */
export const stepKinds = kinds;

/** A run on a simulated fleet, with its journal in memory. */
export interface ShellRun {
  readonly end: RunEnd;
  readonly lines: JournalLine[];
  readonly state: RunState;
  /** The values of the plan's secrets. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * A call of Rocks waits for daemons, whose time must pass meanwhile.
 *
 * @returns whether it waited for longer than its deadline
 */
async function passWhileCallsWait(
  fleet: Fleet,
  running: Promise<unknown>,
  deadline: number,
): Promise<boolean> {
  const state = { ended: false };
  const ends = running.finally(() => (state.ended = true));
  if (!fleet.rocks) {
    await ends;
    return false;
  }
  for (let passed = 0; passed < deadline;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (state.ended) return false;
    if (fleet.rocks.waiting.size === 0) continue;
    fleet.advance(500);
    passed += 500;
  }
  return true;
}

/** The shells of a simulated fleet without the network between; time passes while a step waits. */
export class ShellFleet {
  /** Every command that was sent, as JSON. */
  readonly sent: string[] = [];
  /** Called before each command that changes something; may throw, as a console that dies. */
  instant: (command: Command, host: string) => unknown = () => undefined;
  readonly #clock: Clock;

  private constructor(
    readonly fleet: Fleet,
    readonly hosts: readonly Host[],
  ) {
    this.#clock = {
      now: () => fleet.clock.now,
      after: (ms, wake) => {
        fleet.advance(ms);
        const soon = setImmediate(wake);
        return () => clearImmediate(soon);
      },
    };
  }

  static async start(scenario: string): Promise<ShellFleet> {
    const fleet = fleetOf(scenario, Date.UTC(2026, 4, 1));
    assert.ok(fleet);
    return ShellFleet.over(fleet);
  }

  /** Fresh shells over a fleet that a test has changed: udev's names are made when a shell begins. */
  static async over(fleet: Fleet): Promise<ShellFleet> {
    const justBash = await loadJustBash();
    const made: { box?: ShellFleet } = {};
    const hosts = await Promise.all(
      fleet.machines.map(async (machine): Promise<Host> => {
        const shell = await machineShell(justBash, fleet, machine);
        return {
          name: machine.name,
          run: async (command, signal): Promise<Outcome> => {
            const { argv, input = '', effect } = command;
            made.box?.sent.push(JSON.stringify(argv));
            if (effect !== 'reads') await made.box?.instant(command, machine.name);
            if (machine.reach !== 'up')
              return { kind: 'unreachable', reason: 'connection refused' };
            const stop = new AbortController();
            signal?.addEventListener('abort', () => stop.abort());
            const running = shell.run(argv, input, stop.signal);
            const late = await passWhileCallsWait(fleet, running, command.deadline);
            if (late) stop.abort();
            const ran = await running;
            const { exit: code, stdout, stderr } = ran;
            if (!late) return { kind: 'exited', code, stdout, stderr };
            return { kind: 'lost', why: 'deadline', reason: 'no answer in time', stdout };
          },
        };
      }),
    );
    made.box = new ShellFleet(fleet, hosts);
    return made.box;
  }

  host(name: string): Host {
    const host = this.hosts.find((one) => one.name === name);
    assert.ok(host, name);
    return host;
  }

  /** What a reading command prints. */
  async says(name: string, ...argv: readonly string[]): Promise<string> {
    const outcome = await this.host(name).run({ argv, effect: 'reads', deadline: 10_000 });
    return outcome.kind === 'exited' ? outcome.stdout + outcome.stderr : outcome.reason;
  }

  /** The plan that a wizard makes of answers; the faults where it makes none. */
  async plan(wizard: Wizard, answers: Json, names?: readonly string[]): Promise<Plan> {
    const readers = this.hosts.filter(({ name }) => names?.includes(name) ?? true);
    const session = await wizard.begin(readers, wholeCluster);
    const drafted = session.plan(answers);
    assert.ok(drafted.ok, drafted.ok ? '' : JSON.stringify(drafted.faults));
    const origin = { kind: 'wizard', id: wizard.id, answers } as const;
    const about = { origin, cluster: 'demo', madeBy: 'me@here' };
    const plan = makePlan(drafted.draft, about, this.#clock);
    assert.deepEqual(planFaults(plan, kinds), []);
    return plan;
  }

  /** The faults that a wizard finds in answers. */
  async faults(wizard: Wizard, answers: Json): Promise<readonly string[]> {
    const session = await wizard.begin(this.hosts, wholeCluster);
    const drafted = session.plan(answers);
    return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
  }

  /** Carries a plan out; `lines` is its journal, which outlives a console that dies. */
  apply(
    plan: Plan,
    given: ReadonlyMap<string, string> = new Map(),
    lines: JournalLine[] = [],
  ): Promise<ShellRun> {
    const at = new Date(this.fleet.clock.now).toISOString();
    lines.push({ at, kind: 'begun', run: 'r1', plan, by: 'me@here' });
    const values = settleSecrets(plan, new Map(), given, 'apply');
    return this.#run(lines, values, runPlan);
  }

  resume({ lines, values }: Pick<ShellRun, 'lines' | 'values'>): Promise<ShellRun> {
    return this.#run(lines, values, runPlan);
  }

  undo({ lines, values }: Pick<ShellRun, 'lines' | 'values'>): Promise<ShellRun> {
    return this.#run(lines, values, undoRun);
  }

  async #run(
    lines: JournalLine[],
    values: ReadonlyMap<string, string>,
    go: (state: RunState, deps: RunDeps) => Promise<RunEnd>,
  ): Promise<ShellRun> {
    const deps: RunDeps = {
      kinds,
      protection: storageProtection([]),
      host: (name) => Promise.resolve(lasting(withSecrets(this.host(name), values))),
      journal: {
        write: (line) => {
          lines.push(line);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      },
      clock: this.#clock,
      by: 'me@here',
      signal: new AbortController().signal,
      tell: () => undefined,
    };
    const state = runState(lines);
    assert.ok(state);
    const end = await go(state, deps);
    return { end, lines, state: runState(lines) ?? state, values };
  }
}

/** Why a run failed; empty where it did not. */
export function whyFailed({ end }: Pick<ShellRun, 'end'>): string {
  return end.kind === 'failed' ? `${end.step ?? ''} ${JSON.stringify(end.failure)}` : '';
}
