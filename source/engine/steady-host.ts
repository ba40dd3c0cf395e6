import type { Connection, Connector } from '../core/connection.js';
import type { Failure } from '../core/failure.js';
import type { HostEntry } from '../core/fleet.js';
import type { Command, HostName, Millis, Outcome } from '../core/host.js';
import type { RunHost } from './run-tell.js';

/**
 * A host that is busy with a change (mkfs on slow disks) may be silent longer than one that is only
 * watched, and a connection that is given up in the middle of a change costs a person a look.
 */
const SILENCE: Millis = 30_000;

/**
 * A host that outlives one cut of its connection. What never started, and what only reads, is asked
 * again over a new connection, once. A change that was cut off in the middle is never sent again:
 * its outcome stays `lost`, and the check after it looks, over the new connection, at what became
 * of it.
 */
export class SteadyHost implements RunHost {
  readonly name: HostName;
  #connection: Connection | undefined;
  #reconnecting: Promise<boolean> | undefined;

  constructor(
    private readonly entry: HostEntry,
    private readonly connector: Connector,
    private readonly signal: AbortSignal,
  ) {
    this.name = entry.name;
  }

  /** Connects; the failure where that is not possible. */
  async open(signal = this.signal): Promise<Failure | undefined> {
    const connected = await this.connector.connect(this.entry, signal, SILENCE);
    if (!connected.ok) return connected.failure;
    this.#connection = connected.connection;
    return undefined;
  }

  readonly renew = async (atMost: Millis): Promise<Failure | undefined> => {
    const used = this.#connection;
    const failure = await this.open(AbortSignal.any([this.signal, AbortSignal.timeout(atMost)]));
    if (failure === undefined) used?.close();
    return failure;
  };

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  readonly run = async (command: Command, signal?: AbortSignal): Promise<Outcome> => {
    const used = this.#connection;
    if (!used) return { kind: 'unreachable', reason: 'it is not connected' };
    const outcome = await used.host.run(command, signal);
    if (!mayAskAgain(command, outcome) || signal?.aborted === true) return outcome;
    if (!(await this.#reconnect(used))) return outcome;
    return this.#connection?.host.run(command, signal) ?? outcome;
  };

  /** Commands that were cut off together share one new connection. */
  async #reconnect(used: Connection): Promise<boolean> {
    if (this.#connection !== used) return this.#connection !== undefined;
    this.#reconnecting ??= this.open().then((failure) => {
      this.#reconnecting = undefined;
      if (failure === undefined) used.close();
      return failure === undefined;
    });
    return this.#reconnecting;
  }
}

function mayAskAgain({ effect }: Command, outcome: Outcome): boolean {
  if (outcome.kind === 'unreachable') return true;
  return outcome.kind === 'lost' && outcome.why === 'connection' && effect === 'reads';
}
