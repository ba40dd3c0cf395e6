import assert from 'node:assert/strict';
import { fleetOf } from '../../../source/demo/fleet/scenarios.js';
import { machineNamed, type Fleet } from '../../../source/demo/fleet/state.js';
import { nodeOf } from '../../../source/demo/fleet/rocks/nodes.js';
import type {
  ContainerNode,
  NasNode,
  StorageNode,
} from '../../../source/demo/fleet/rocks/state.js';
import { programsOf } from '../../../source/demo/programs/index.js';
import type { Ran } from '../../../source/demo/programs/program.js';

export const NOW = Date.UTC(2026, 10, 20, 14, 2, 11);

/** The cluster as a scenario begins with it. */
export function cluster(scenario = 'maps'): Fleet {
  const fleet = fleetOf(scenario, NOW);
  assert.ok(fleet?.rocks);
  return fleet;
}

/** Starts a program; it ends when the fleet's time has passed, or is broken off. */
export function start(
  fleet: Fleet,
  host: string,
  line: string,
  signal = new AbortController().signal,
  input = '',
): Promise<Ran> {
  const machine = machineNamed(fleet, host);
  assert.ok(machine, host);
  const [name = '', ...args] = line.split(' ');
  const program = programsOf(machine).get(name);
  assert.ok(program, `${name} on ${host}`);
  return Promise.resolve(program({ args, fleet, machine, input, signal }));
}

/** Runs a program to its end, with that much time for it. */
export async function run(fleet: Fleet, host: string, line: string, ms = 10_000): Promise<Ran> {
  const running = start(fleet, host, line);
  // What a program waits for begins once it has run to its first await.
  for (let passed = 0; passed < ms; passed += 500) {
    await Promise.resolve();
    fleet.advance(500);
  }
  return running;
}

export function nasNamed(fleet: Fleet, name = 'nas-0-0'): NasNode {
  const node = nodeOf(fleet, name);
  assert.ok(node?.role === 'nas');
  return node;
}

export function containerNamed(fleet: Fleet, name = 'vm-container-0-1'): ContainerNode {
  const node = nodeOf(fleet, name);
  assert.ok(node?.role === 'container');
  return node;
}

/** The names of a node's volumes, without their pool. */
export function volumesOn({ pools }: StorageNode): readonly string[] {
  return pools
    .flatMap(({ datasets }) => datasets)
    .flatMap(({ name, type }) => (type === 'volume' ? [name.replace(/^[^/]*\//, '')] : []));
}

/** STATE and LOCKED of an image in the storage map. */
export async function stateIn(fleet: Fleet, zvol: string, nas = 'nas-0-0'): Promise<string> {
  const { stdout } = await run(fleet, 'frontend', `rocks list host storagemap ${nas}`, 500);
  const [head = '', ...rows] = stdout.split('\n');
  const at = head.indexOf('STATE');
  const row = rows.find((one) => one.startsWith(`${zvol} `));
  assert.ok(row, stdout);
  return (
    row
      .slice(at, at + 13)
      .trim()
      .split(' ')[0] ?? ''
  );
}
