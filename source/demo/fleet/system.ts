import type { Machine } from './state.js';

/** What ends with a machine's power and begins when it boots. */
export interface System {
  /** Ends what runs, in order, as a shutdown does. */
  stop(): Promise<void>;
  /** Mounts what fstab names and starts the enabled units. */
  start(): Promise<void>;
  /** Runs a program there, as somebody would who is logged in. */
  readonly run: (argv: readonly string[], input: string, signal: AbortSignal) => Promise<Ended>;
}

/** How a program ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
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

/** What runs programs on a machine; undefined: it has no shell. */
export function runnerOf(machine: Machine): System['run'] | undefined {
  return systems.get(machine)?.run;
}
