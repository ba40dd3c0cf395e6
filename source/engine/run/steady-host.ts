import type { Connected, Connection, Connector } from '../../core/connection.js';
import type { Failure } from '../../core/failure.js';
import type { HostEntry } from '../../core/fleet.js';
import type { Command, HostName, Millis, Outcome } from '../../core/host.js';
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
  #reconnecting: Promise<Partial<Refused>> | undefined;

  constructor(
    private readonly entry: HostEntry,
    private readonly connector: Connector,
    private readonly signal: AbortSignal,
  ) {
    this.name = entry.name;
  }

  /** Connects; the failure where that is not possible. */
  async open(signal = this.signal): Promise<Failure | undefined> {
    const { failure } = await this.#open(signal);
    return failure;
  }

  async #open(signal: AbortSignal): Promise<Partial<Refused>> {
    const connected = await this.connector.connect(this.entry, signal, SILENCE);
    if (!connected.ok) return connected;
    this.#connection = connected.connection;
    return {};
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
    const { failure, final } = await this.#reconnect(used);
    if (!failure) return this.#connection?.host.run(command, signal) ?? outcome;
    // What never started is told with what keeps it from being started now.
    if (outcome.kind !== 'unreachable') return outcome;
    return { kind: 'unreachable', reason: failure.what, ...(final === true && { final: failure }) };
  };

  /** Commands that were cut off together share one new connection; why there is none, if so. */
  async #reconnect(used: Connection): Promise<Partial<Refused>> {
    if (this.#connection !== used) return this.#connection ? {} : { failure: closed(this.name) };
    this.#reconnecting ??= this.#open(this.signal).then((refused) => {
      this.#reconnecting = undefined;
      if (!refused.failure) used.close();
      return refused;
    });
    return this.#reconnecting;
  }
}

/** Why a connection did not come about. */
type Refused = Pick<Extract<Connected, { readonly ok: false }>, 'failure' | 'final'>;

function closed(where: HostName): Failure {
  return { what: 'it is not connected', where, means: '', todo: '' };
}

function mayAskAgain({ effect }: Command, outcome: Outcome): boolean {
  if (outcome.kind === 'unreachable') return true;
  return outcome.kind === 'lost' && outcome.why === 'connection' && effect === 'reads';
}
