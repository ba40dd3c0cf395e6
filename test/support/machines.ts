import assert from 'node:assert/strict';
import type { Host } from '../../source/core/host.js';
import type { Fleet } from '../../source/demo/fleet/state.js';
import { loadJustBash } from '../../source/demo/shell/just-bash.js';
import { machineShell } from '../../source/demo/shell/machine-shell.js';

/** The machines of a simulated fleet as hosts, without SSH between. */
export async function machineHosts(
  fleet: Fleet,
  names: readonly string[],
): Promise<ReadonlyMap<string, Host>> {
  const justBash = await loadJustBash();
  const hosts = names.map(async (name): Promise<[string, Host]> => {
    const machine = fleet.machines.find((one) => one.name === name);
    assert.ok(machine, name);
    const shell = await machineShell(justBash, fleet, machine);
    const host: Host = {
      name,
      run: async ({ argv, input = '' }) => {
        if (machine.reach !== 'up') return { kind: 'unreachable', reason: 'connection refused' };
        const ran = await shell.run(argv, input, new AbortController().signal);
        return { kind: 'exited', code: ran.exit, stdout: ran.stdout, stderr: ran.stderr };
      },
    };
    return [name, host];
  });
  return new Map(await Promise.all(hosts));
}
