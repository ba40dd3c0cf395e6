import type { Failure } from './failure.js';
import type { Exchange, HostName, Millis, Reader } from './host.js';

/** What a probe brings back from one round. */
export type Answer<T> =
  | {
      readonly kind: 'value';
      readonly value: T;
      /** Output lines that no parser understood: shown, never dropped. */
      readonly unread: readonly string[];
      /** Why the value is only a part (a server that hung, say). */
      readonly partial?: Failure;
    }
  /** The thing is not on this host. */
  | { readonly kind: 'absent'; readonly because: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A question asked of hosts again and again. */
export interface Probe<out T> {
  /** `<stack>.<name>`; unique. */
  readonly id: string;
  /** What it reads, in words: `DRBD devices`. */
  readonly title: string;
  readonly every: Millis;
  /**
   * `host`: each host answers for itself. `cluster`: one able host answers for all of them, and
   * another is asked when it fails.
   */
  readonly scope: 'host' | 'cluster';
  /**
   * For scope `cluster`, where a fleet may hold several of them (pools of hypervisors): which one a
   * host belongs to, from what is known already. One able host of each answers for it. Undefined: of
   * none, or not known yet, and then the host is not asked. Pure.
   */
  readonly clusterOf?: (now: Now, host: HostName) => string | undefined;
  /** Asks the host. Never rejects for what a host says or does not say. */
  read(host: Reader): Promise<Answer<T>>;
}

/** The newest knowledge of one probe on one host. */
export type Reading<T> = {
  readonly probe: Probe<unknown>;
  readonly host: HostName;
  /** What was asked and answered in the newest round. */
  readonly asked: readonly Exchange[];
} & (
  | {
      readonly kind: 'fresh';
      readonly at: Millis;
      readonly value: T;
      readonly unread: readonly string[];
      readonly partial?: Failure;
    }
  /** The value is old: the newest round, at `failedAt`, brought none. */
  | {
      readonly kind: 'stale';
      readonly at: Millis;
      readonly value: T;
      readonly unread: readonly string[];
      readonly failure: Failure;
      readonly failedAt: Millis;
    }
  | { readonly kind: 'absent'; readonly at: Millis; readonly because: string }
  | { readonly kind: 'failed'; readonly at: Millis; readonly failure: Failure }
);

/** A reading that has a value, be it stale. */
export type Known<T> = Extract<Reading<T>, { readonly value: T }>;

/** Whether a reading has a value. */
export function isKnown<T>(reading: Reading<T>): reading is Known<T> {
  return reading.kind === 'fresh' || reading.kind === 'stale';
}

/** Whether a reading was made by this probe: the one place where a reading regains its type. */
function isFrom<T>(probe: Probe<T>, reading: Reading<unknown>): reading is Reading<T> {
  return reading.probe === probe;
}

/** All that is known at one moment. */
export class Now {
  readonly #byProbe: ReadonlyMap<Probe<unknown>, readonly Reading<unknown>[]>;

  constructor(
    readonly at: Millis,
    readonly hosts: readonly HostState[],
    readonly readings: readonly Reading<unknown>[],
    /** The greatest value that each metric ever had, by key: what used to be there. */
    readonly peaks: ReadonlyMap<string, number> = new Map(),
    /** How each metric changed a second, by key, over the last minute or as long as it is known. */
    readonly paces: ReadonlyMap<string, number> = new Map(),
  ) {
    const byProbe = new Map<Probe<unknown>, Reading<unknown>[]>();
    for (const reading of readings) {
      const list = byProbe.get(reading.probe);
      if (list) list.push(reading);
      else byProbe.set(reading.probe, [reading]);
    }
    this.#byProbe = byProbe;
  }

  /** The readings of a probe, one a host, in the order of the hosts. */
  of<T>(probe: Probe<T>): readonly Reading<T>[] {
    return (this.#byProbe.get(probe) ?? []).filter((reading) => isFrom(probe, reading));
  }

  /** The readings of a probe that have a value. */
  known<T>(probe: Probe<T>): readonly Known<T>[] {
    return this.of(probe).filter(isKnown);
  }
}

/** How a host stands with us. */
export interface HostState {
  readonly name: HostName;
  /** `user@address:port`, for people. */
  readonly target: string;
  readonly phase: 'connecting' | 'up' | 'down';
  /** When it took on this phase. */
  readonly since: Millis;
  /** Why it is down. */
  readonly failure?: Failure;
  /** How long its newest round took, in ms. */
  readonly took?: Millis;
  readonly survey?: Survey;
  /** The stacks found or told to be on it. */
  readonly stacks: readonly string[];
  /** They were told by a person, not found. */
  readonly told?: boolean;
}

/** What one look at a host says about it; asked at each connect, and now and then. */
export interface Survey {
  /** What the host calls itself. */
  readonly hostname: string;
  /** Its IP addresses, without loopback. */
  readonly addresses: readonly string[];
  readonly kernel: string;
  readonly os: string;
  /** Its clock minus ours, in ms: how far it is off at the least, since an answer takes its time. */
  readonly clockOffset: Millis;
  readonly bootId: string;
  /** Whether commands run as root. */
  readonly root: boolean;
  /** Of the programs and paths that stacks asked after, those that are there. */
  readonly present: ReadonlySet<string>;
}
