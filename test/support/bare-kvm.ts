import assert from 'node:assert/strict';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import { stacks } from '../../source/stacks/index.js';
import { ShellFleet, whyFailed, type ShellRun } from './shell-fleet.js';

/** The two hosts of the demo's scenario `bare-kvm`. */
export const PAIR = ['kvm-1', 'kvm-2'] as const;

/** A network of their own on the second cards. */
export const NETWORK: Json = {
  nics: PAIR.map((name) => `${name}:eth1`),
  name: 'cluster0',
  addresses: [
    { host: 'kvm-1', address: '192.168.3.1/24' },
    { host: 'kvm-2', address: '192.168.3.2/24' },
  ],
};

/** A resource on new volumes of both, over that network. */
export const BOTH = {
  ...{ way: 'both', name: 'data', first: 'kvm-1', second: 'kvm-2', size: 2 },
  ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0' },
  ...{ firstAddress: '192.168.3.1', secondAddress: '192.168.3.2' },
};

/** Two bare hosts of virtual machines, set up by wizards. */
export class BareKvm {
  private constructor(readonly box: ShellFleet) {}

  static async begin(): Promise<BareKvm> {
    return new BareKvm(await ShellFleet.start('bare-kvm'));
  }

  plan(wizard: string, answers: Json): Promise<Plan> {
    const found = stacks.flatMap(({ wizards = [] }) => wizards).find(({ id }) => id === wizard);
    assert.ok(found, wizard);
    return this.box.plan(found, answers);
  }

  /** A run of a wizard, which must end well. */
  async put(wizard: string, answers: Json): Promise<ShellRun> {
    const run = await this.box.apply(await this.plan(wizard, answers));
    assert.equal(whyFailed(run), '', wizard);
    assert.equal(run.end.kind, 'finished');
    return run;
  }

  async undo(run: ShellRun): Promise<void> {
    assert.equal(whyFailed(await this.box.undo(run)), '');
  }

  /** What a line of shell prints on a host. */
  sh(name: string, line: string): Promise<string> {
    return this.box.says(name, 'sh', '-c', line);
  }

  /** The same of both hosts. */
  both(line: string): Promise<readonly string[]> {
    return Promise.all(PAIR.map((name) => this.sh(name, line)));
  }
}
