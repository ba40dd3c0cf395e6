import type { HostEntry } from './fleet.js';
import type { Failure } from './failure.js';
import type { Host, Millis } from './host.js';

/** How an attempt to reach a host went, step by step, as `hosts test` prints it. */
export interface ConnectionStep {
  readonly step: 'resolve' | 'connect' | 'host key' | 'authenticate' | 'become root';
  readonly says: string;
}

/** An open way to a host. */
export interface Connection {
  readonly host: Host;
  /** Called once when the way is gone; not called after `close`. */
  readonly onGone: (listener: (failure: Failure) => void) => void;
  readonly close: () => void;
}

/** The result of an attempt. */
export type Connected =
  | {
      readonly ok: true;
      readonly connection: Connection;
      readonly steps: readonly ConnectionStep[];
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly steps: readonly ConnectionStep[];
      /** Trying again by itself is of no use (a changed host key, a refused password). */
      readonly final: boolean;
    };

/** Makes connections; the engine knows no more of a transport than this. */
export interface Connector {
  /** @param silence after how long without a sign of life the host counts as gone, in ms */
  connect(entry: HostEntry, signal: AbortSignal, silence?: Millis): Promise<Connected>;
}
