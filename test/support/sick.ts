import assert from 'node:assert/strict';
import type { Plan } from '../../source/core/plan.js';
import type { Case } from '../../source/core/recovery.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { systemClock } from '../../source/engine/clock.js';
import { stacks } from '../../source/stacks/index.js';
import { findingsOf } from './shell-now.js';
import { ShellFleet, whyFailed, type ShellRun } from './shell-fleet.js';

/** The two hosts of virtual machines. */
export const PAIR = ['kvm-1', 'kvm-2'];

/** A scenario of the pair, its findings and the recoveries that mend them. */
export class Sick {
  private constructor(readonly box: ShellFleet) {}

  static async of(scenario: string): Promise<Sick> {
    return new Sick(await ShellFleet.start(scenario));
  }

  /** What is wrong on the pair, by the rules of the stacks that it has. */
  async findings(): Promise<readonly string[]> {
    const hosts = this.box.hosts.filter(({ name }) => PAIR.includes(name));
    const ours = stacks.filter(({ id }) => ['drbd', 'ocfs2', 'nfs', 'libvirt'].includes(id));
    const found = await Promise.all(
      ours.map((stack) => findingsOf(stack, hosts, this.box.fleet.clock.now)),
    );
    return found.flat().toSorted();
  }

  gather(id: string, subject: string): Promise<Case> {
    const recovery = stacks
      .flatMap(({ recoveries = [] }) => recoveries)
      .find((one) => one.id === id);
    assert.ok(recovery, id);
    return recovery.gather(
      subject,
      new Map(PAIR.map((name) => [name, this.box.host(name)] as const)),
    );
  }

  /** The plan of a way out. */
  async plan(id: string, subject: string, value: string): Promise<Plan> {
    const found = await this.gather(id, subject);
    const way = found.ways.find((one) => one.value === value);
    const drafted = way?.plan({ keepCopy: false });
    assert.ok(drafted?.ok, `${found.verdict}: ${found.happened} ${JSON.stringify(drafted)}`);
    const origin = { kind: 'recovery', id, answers: {} } as const;
    const about = { origin, cluster: 'demo', madeBy: 'me@here' };
    return makePlan(drafted.draft, about, systemClock);
  }

  /** Carries a way out to its end. */
  async mend(id: string, subject: string, value: string): Promise<ShellRun> {
    const run = await this.box.apply(await this.plan(id, subject, value));
    assert.equal(whyFailed(run), '');
    assert.equal(run.end.kind, 'finished');
    return run;
  }
}
