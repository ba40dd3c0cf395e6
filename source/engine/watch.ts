import type { StoreApi } from 'zustand/vanilla';
import type { Connector } from '../core/connection.js';
import type { Cluster } from '../core/fleet.js';
import type { Millis } from '../core/host.js';
import type { Stack } from '../core/stack.js';
import type { World } from './world.js';

/** A cluster being watched: the store that the console draws from, and what can be asked of it. */
export interface Watch {
  /** Changes at most four times a second. */
  readonly store: StoreApi<World>;
  readonly start: () => void;
  /** Ends all polling and closes all connections. */
  readonly stop: () => void;
  /** While paused nothing is asked; ages go on. */
  readonly pause: (paused: boolean) => void;
  /** Asks everything again at once, and tries hosts that are down. */
  readonly refresh: () => void;
  /** Quiets a problem until it worsens or the time is over; a second time takes it back. */
  readonly acknowledge: (key: string, forMillis: Millis) => void;
}

/** What is watched, and how it is reached. */
export interface WatchOptions {
  readonly cluster: Cluster;
  readonly stacks: readonly Stack[];
  readonly connector: Connector;
}
