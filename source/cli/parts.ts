import type { Asker } from '../core/ask.js';
import type { Connector } from '../core/connection.js';
import type { Cluster } from '../core/fleet.js';
import type { HostName } from '../core/host.js';
import type { Incident } from '../core/incident.js';
import type { Stack } from '../core/stack.js';
import type { PendingStore } from '../engine/questions.js';
import type { Watch, WatchOptions } from '../engine/watch.js';
import type { World } from '../engine/world.js';

/** How hosts are reached, where that differs from OpenSSH's own defaults. */
export interface WayOptions {
  readonly asker: Asker;
  readonly sshConfigFile?: string;
  readonly identityFiles?: readonly string[];
  readonly knownHostsFile?: string;
}

/** What `!` runs on a host, or why it cannot. */
export type ShellChoice = { readonly argv: readonly string[] } | { readonly refused: string };

/** What the console is opened on. */
export interface ConsoleStart {
  readonly version: string;
  /** The clusters to switch between, by name. */
  readonly clusters: readonly string[];
  readonly cluster: string;
  /** Opens and starts the watch of a cluster; the console stops the one before. */
  readonly open: (cluster: string) => Watch;
  readonly questions: PendingStore;
  /** Set when nothing of it is real. */
  readonly simulated?: { readonly says: string; readonly incidents: readonly Incident[] };
  readonly shell: (host: HostName) => ShellChoice;
}

/** A simulated fleet that runs. */
export interface Demo {
  readonly cluster: Cluster;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly sshConfigFile: string;
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
  readonly console: (start: ConsoleStart) => Promise<void>;
  readonly demo: () => Promise<DemoPart>;
}
