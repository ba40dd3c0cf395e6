import type { Exchange, Reader } from '../../source/core/host.js';
import { Now, type HostState, type Reading } from '../../source/core/probe.js';
import type { Stack } from '../../source/core/stack.js';
import { labHost } from './lab.js';

/** What all probes of a stack say of some machines of the lab, as the poller would have it. */
export async function readNow(stack: Stack, nodes: readonly string[]): Promise<Now> {
  const readings = await Promise.all(nodes.map((node) => readHost(stack, node)));
  const states = nodes.map((name): HostState => {
    return { name, target: name, phase: 'up', since: 0, stacks: [stack.id] };
  });
  return new Now(Date.now(), states, readings.flat());
}

async function readHost({ probes }: Stack, host: string): Promise<readonly Reading<unknown>[]> {
  const asked: Exchange[] = [];
  const machine = labHost(host);
  const reader: Reader = {
    name: host,
    run: async (command) => {
      const at = Date.now();
      const outcome = await machine.run(command);
      asked.push({ host, command, outcome, at, took: Date.now() - at });
      return outcome;
    },
  };
  return Promise.all(
    probes.map(async (probe): Promise<Reading<unknown>> => {
      const answer = await probe.read(reader);
      const base = { probe, host, at: Date.now(), asked };
      return answer.kind === 'value'
        ? { ...base, ...answer, kind: 'fresh' }
        : { ...base, ...answer };
    }),
  );
}
