import assert from 'node:assert/strict';
import type { Host, Outcome } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { StepKinds } from '../../source/core/step.js';
import type { Draft } from '../../source/core/wizard.js';
import { fleetOf } from '../../source/demo/fleet/scenarios.js';
import { machineNamed, type Fleet } from '../../source/demo/fleet/state.js';
import { loadJustBash } from '../../source/demo/shell/just-bash.js';
import { machineShell, type MachineShell } from '../../source/demo/shell/machine-shell.js';
import type { Clock } from '../../source/engine/clock.js';
import type { Journal } from '../../source/engine/run/journal-file.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { lizardfs } from '../../source/stacks/lizardfs/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { Killed } from './mark-host.js';
import { lasting } from './run-host.js';

const NOW = Date.UTC(2026, 4, 1);

/** Simulated machines without SSH between; their time passes as the engine's does. */
export interface ShellFleet {
  readonly fleet: Fleet;
  readonly hosts: ReadonlyMap<string, Host>;
  /** Runs a line of shell on a machine. */
  readonly sh: (machine: string, line: string) => Promise<string>;
  /** Called before and after each command that changes something; what it throws kills the console. */
  instant: () => Promise<void> | void;
}

/** The machines of a scenario, or those of them that are named. */
export async function shellFleet(
  scenario: string,
  names: readonly string[] = ['xs-1', 'xs-2', 'lfs-3'],
): Promise<ShellFleet> {
  const fleet = fleetOf(scenario, NOW);
  assert.ok(fleet);
  const justBash = await loadJustBash();
  const shells = new Map<string, MachineShell>();
  for (const name of names) {
    const machine = machineNamed(fleet, name);
    assert.ok(machine);
    shells.set(name, await machineShell(justBash, fleet, machine));
  }
  const made: { instant: ShellFleet['instant'] } = { instant: () => undefined };
  const host = (name: string): Host => ({
    name,
    run: async ({ argv, effect, input = '' }): Promise<Outcome> => {
      if (machineNamed(fleet, name)?.reach !== 'up') {
        return { kind: 'unreachable', reason: 'connection refused' };
      }
      if (effect !== 'reads') await made.instant();
      const ran = await shells.get(name)?.run(argv, input, new AbortController().signal);
      assert.ok(ran);
      if (effect !== 'reads') await made.instant();
      return { kind: 'exited', code: ran.exit, stdout: ran.stdout, stderr: ran.stderr };
    },
  });
  return Object.assign(made, {
    fleet,
    hosts: new Map(names.map((name) => [name, host(name)])),
    sh: async (name: string, line: string) => {
      const ran = await shells.get(name)?.script(line, '', new AbortController().signal);
      return ran?.stdout ?? '';
    },
  });
}

/** Time that passes as soon as anybody waits for it. */
function clockOf(fleet: Fleet): Clock {
  return {
    now: () => fleet.clock.now,
    after: (ms, call) => {
      let off = false;
      setImmediate(() => {
        if (off) return;
        fleet.advance(ms);
        call();
      });
      return () => (off = true);
    },
  };
}

/** A plan of a draft, as if it had been reviewed. */
export function planned(draft: Draft, id: string): Plan {
  const about = { origin: { kind: 'recovery', id, answers: null }, cluster: 'demo' } as const;
  return {
    schema: 1,
    id: 'p1',
    madeAt: '2026-05-01T00:00:00Z',
    madeBy: 'me@here',
    ...about,
    ...draft,
  };
}

/** A console that carries plans out on simulated machines; it can die and be begun again. */
export class ShellConsole {
  readonly lines: JournalLine[];
  readonly said: string[] = [];
  readonly abort = new AbortController();

  constructor(
    private readonly at: ShellFleet,
    plan: Plan,
    /** The journal of a console that died. */
    lines?: JournalLine[],
  ) {
    this.lines = lines ?? [
      { at: '2026-05-01T00:00:00Z', kind: 'begun', run: 'r1', plan, by: 'me@here' },
    ];
  }

  /** Carries the plan out, or goes on with it; undefined: the console was killed. */
  run(): Promise<RunEnd | undefined> {
    return this.#survive(() => runPlan(this.#state(), this.#deps()));
  }

  undo(): Promise<RunEnd | undefined> {
    return this.#survive(() => undoRun(this.#state(), this.#deps()));
  }

  async #survive(work: () => Promise<RunEnd>): Promise<RunEnd | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    }
  }

  #state() {
    const state = runState(this.lines);
    assert.ok(state);
    return state;
  }

  #deps(): RunDeps {
    const { at, lines, said } = this;
    const journal: Journal = {
      write: (line) => Promise.resolve(void lines.push(line)),
      close: () => Promise.resolve(),
    };
    const none = { what: 'it cannot be reached', where: '', means: '', todo: '' };
    return {
      kinds: new StepKinds([...generalSteps, ...(lizardfs.steps ?? [])]),
      protection: () => Promise.resolve(undefined),
      host: (name) => {
        const host = at.hosts.get(name);
        return Promise.resolve(host ? lasting(host) : none);
      },
      journal,
      clock: clockOf(at.fleet),
      by: 'me@here',
      signal: this.abort.signal,
      tell: (event) => {
        if (event.kind === 'progress') said.push(event.progress.says);
      },
    };
  }
}
