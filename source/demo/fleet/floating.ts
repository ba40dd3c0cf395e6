import type { Machine } from './state.js';

const taken = new WeakMap<Machine, Set<string>>();

/** Addresses beside its own that a machine has taken by `ip addr add`: they float from one to another. */
export function floatingOn(machine: Machine): Set<string> {
  const known = taken.get(machine) ?? new Set<string>();
  taken.set(machine, known);
  return known;
}

/** Whether a machine is reached at an address. */
export function hasAddress(machine: Machine, address: string): boolean {
  return machine.address === address || floatingOn(machine).has(address);
}
