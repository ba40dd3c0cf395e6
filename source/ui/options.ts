import type { HostName } from '../core/host.js';
import type { Incident } from '../core/incident.js';
import type { PendingStore } from '../engine/questions.js';
import type { Watch } from '../engine/watch/watch.js';
import type { Changes } from './changes.js';

/** What `!` runs on a host, or why it cannot. */
export type ShellChoice = { readonly argv: readonly string[] } | { readonly refused: string };

/** All that the console needs to know from outside. */
export interface ConsoleOptions {
  readonly version: string;
  /** The clusters to switch between, by name. */
  readonly clusters: readonly string[];
  readonly cluster: string;
  /** Opens and starts the watch of a cluster; the console stops the one before. */
  readonly open: (cluster: string) => Watch;
  readonly questions: PendingStore;
  /** The fleet is simulated: what is said about it, and what can be made to happen. */
  readonly simulated?: { readonly says: string; readonly incidents: readonly Incident[] };
  readonly shell: (host: HostName) => ShellChoice;
  /** Left out: nothing that changes a host is offered. */
  readonly changes?: Changes;
}
