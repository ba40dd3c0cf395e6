import { storageProtection } from '../../source/tools/protection.js';
import { wholeCluster } from './surroundings.js';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { nobody } from '../../source/core/ask.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import { registryOf } from '../../source/core/registry.js';
import type { Demo } from '../../source/demo/index.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/run/runner.js';
import { SteadyHost } from '../../source/engine/run/steady-host.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { stacks } from '../../source/stacks/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { createConnector } from '../../source/transport/index.js';
import { demoFor } from './demo.js';
import { fixturesFolder } from './recordings.js';

const registry = registryOf(stacks, generalSteps);

/** Wizards on a simulated fleet, over SSH, from the look to the undo. */
export class DemoRun {
  readonly #hosts = new Map<string, SteadyHost>();

  private constructor(
    readonly demo: Demo,
    readonly t: TestContext,
  ) {}

  static async begin(t: TestContext, scenario: string): Promise<DemoRun> {
    return new DemoRun(await demoFor(t, scenario), t);
  }

  /** A connection to a machine that is kept for the whole test. */
  async host(name: string): Promise<SteadyHost> {
    const known = this.#hosts.get(name);
    if (known) return known;
    const entry = this.demo.cluster.hosts.find((one) => one.name === name);
    assert.ok(entry);
    const connector = createConnector({
      sshConfigFile: this.demo.sshConfigFile,
      identityFiles: [this.demo.identityFile],
      knownHostsFile: this.demo.knownHostsFile,
      asker: nobody,
      recordings: fixturesFolder,
    });
    const host = new SteadyHost(entry, connector, new AbortController().signal);
    const failure = await host.open();
    assert.equal(failure, undefined);
    this.t.after(() => host.close());
    this.#hosts.set(name, host);
    return host;
  }

  /** What a line of shell prints on a machine. */
  async sh(name: string, line: string): Promise<string> {
    const host = await this.host(name);
    const outcome = await host.run({ argv: ['sh', '-c', line], effect: 'changes', deadline: 8000 });
    assert.ok(outcome.kind === 'exited', JSON.stringify(outcome));
    return outcome.stdout;
  }

  /** The plan that a wizard makes of answers, having looked at these machines. */
  async plan(wizard: string, names: readonly string[], answers: Json): Promise<Plan> {
    const found = registry.wizards.find(({ id }) => id === wizard);
    assert.ok(found);
    const hosts = await Promise.all(names.map((name) => this.host(name)));
    const session = await found.begin(hosts, wholeCluster);
    const drafted = session.plan(answers);
    assert.ok(drafted.ok, JSON.stringify(drafted));
    const origin = { kind: 'wizard', id: wizard, answers } as const;
    return makePlan(drafted.draft, { cluster: 'demo', madeBy: 'me@here', origin }, systemClock);
  }

  /** A run of a plan, with its journal in memory. */
  journal(plan: Plan): JournalLine[] {
    const at = new Date().toISOString();
    return [{ at, kind: 'begun', run: plan.id, plan, by: 'me@here' }];
  }

  /** @param more what the run is carried out with instead: a clock, who is told */
  run(lines: JournalLine[], more: Partial<RunDeps> = {}): Promise<RunEnd> {
    return runPlan(this.#state(lines), { ...this.#deps(lines), ...more });
  }

  undo(lines: JournalLine[]): Promise<RunEnd> {
    return undoRun(this.#state(lines), this.#deps(lines));
  }

  #state(lines: readonly JournalLine[]) {
    const state = runState(lines);
    assert.ok(state);
    return state;
  }

  #deps(lines: JournalLine[]): RunDeps {
    return {
      kinds: registry.kinds,
      protection: storageProtection([]),
      host: (name) => this.host(name),
      journal: {
        write: (line) => Promise.resolve(void lines.push(line)),
        close: () => Promise.resolve(),
      },
      clock: systemClock,
      by: 'me@here',
      signal: new AbortController().signal,
      tell: () => undefined,
    };
  }
}
