import type { Machine } from './state.js';

/** What ends with a machine's power and begins when it boots. */
export interface System {
  /** Ends what runs, in order, as a shutdown does. */
  stop(): Promise<void>;
  /** Mounts what fstab names and starts the enabled units. */
  start(): Promise<void>;
}

const systems = new WeakMap<Machine, System>();

/** A machine that has a shell has a system; one without boots with nothing running. */
export function installSystem(machine: Machine, system: System): void {
  systems.set(machine, system);
}

/** The system of a machine. */
export function systemOf(machine: Machine): System | undefined {
  return systems.get(machine);
}
