import type { Connector } from '../core/connection.js';
import type { Cluster } from '../core/fleet.js';
import type { Incident } from '../core/incident.js';
import type { Stack } from '../core/stack.js';
import type { Watch, WatchOptions } from '../engine/watch/watch.js';
import type { World } from '../engine/watch/world.js';
import type { ConnectorOptions } from '../transport/index.js';
import type { ConsoleOptions } from '../ui/index.js';

/** How hosts are reached, where that differs from OpenSSH's own defaults. */
export type WayOptions = Omit<ConnectorOptions, 'recordings'>;

/** A simulated fleet that runs. */
export interface Demo {
  readonly cluster: Cluster;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly sshConfigFile: string;
  /** Gone with the fleet. */
  readonly folder: string;
  readonly incidents: readonly Incident[];
  readonly stop: () => Promise<void>;
}

/** The simulated fleet's module. */
export interface DemoPart {
  /** What a fleet can begin with; the first is the usual one. */
  readonly scenarios: readonly { readonly id: string; readonly says: string }[];
  /** Rejects with a `FailureError` where something that it needs is not installed. */
  readonly start: (scenario: string) => Promise<Demo>;
}

/** The engine's part: making a watch, and one bounded look through it. */
export interface WatchPart {
  readonly create: (options: WatchOptions) => Watch;
  readonly pollOnce: (watch: Watch, timeoutMs: number) => Promise<World>;
}

/**
 * The parts of the program that commands use. Each is loaded when it is asked for, so that
 * `--version` does not wait for Ink nor `inspect` for ssh2.
 */
export interface Parts {
  readonly version: string;
  readonly stacks: () => Promise<readonly Stack[]>;
  readonly connector: (options: WayOptions) => Promise<Connector>;
  readonly watch: () => Promise<WatchPart>;
  /** Runs the console until it is left. */
  readonly console: (start: ConsoleOptions) => Promise<void>;
  readonly demo: () => Promise<DemoPart>;
}
