import type { Machine } from './state.js';

/** Modules that the kernel of a virtual machine host could load. */
export const LOADABLE: Readonly<Record<string, string>> = {
  drbd: '8.4.11',
  ocfs2: '',
  nfsd: '',
};

const loaded = new WeakMap<Machine, Set<string>>();

/** The modules that the kernel has loaded, as far as they are played. */
export function modulesOf(machine: Machine): ReadonlySet<string> {
  return loaded.get(machine) ?? new Set();
}

/** Loads a module. */
export function load(machine: Machine, module: string): void {
  loaded.set(machine, new Set([...modulesOf(machine), module]));
}

/** Takes a module away. */
export function unload(machine: Machine, module: string): void {
  loaded.set(machine, new Set([...modulesOf(machine)].filter((one) => one !== module)));
}
