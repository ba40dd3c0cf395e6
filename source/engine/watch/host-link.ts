import type { Connected, Connection, Connector } from '../../core/connection.js';
import type { Failure } from '../../core/failure.js';
import { targetOf, type HostEntry } from '../../core/fleet.js';
import type { Host, Millis } from '../../core/host.js';
import type { HostState, Survey } from '../../core/probe.js';
import { parseSurvey, stacksOn, surveyCommand } from '../../core/survey.js';
import type { Stack } from '../../core/stack.js';
import type { Clock } from '../clock.js';

/** Waits between attempts, in ms; the last one repeats. */
const BACKOFF: readonly Millis[] = [1000, 2000, 5000, 10_000, 20_000, 30_000];
/** How often a host that is up is looked at again, in ms. */
const SURVEY_EVERY: Millis = 30_000;

/** What a link tells the watch. */
export interface LinkListener {
  readonly changed: (state: HostState) => void;
  /** The host has just come up and can be asked. */
  readonly ready: (host: Host) => void;
}

/**
 * Keeps one host connected: connects, looks who it is, looks again now and then, and after a loss
 * tries again with growing, jittered pauses. A host that takes the connection but answers no command
 * counts as down.
 */
export class HostLink {
  #state: HostState;
  #connection: Connection | undefined;
  #attempts = 0;
  #cancelTimer: () => void = () => undefined;
  #abort = new AbortController();

  constructor(
    readonly entry: HostEntry,
    private readonly deps: {
      readonly connector: Connector;
      readonly stacks: readonly Stack[];
      readonly clock: Clock;
      readonly listener: LinkListener;
    },
  ) {
    this.#state = {
      name: entry.name,
      target: targetOf(entry),
      phase: 'connecting',
      since: deps.clock.now(),
      stacks: entry.stacks ?? [],
      ...(entry.stacks && { told: true }),
    };
  }

  get state(): HostState {
    return this.#state;
  }

  /** The host, while it is up. */
  get host(): Host | undefined {
    return this.#state.phase === 'up' ? this.#connection?.host : undefined;
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#cancelTimer();
    this.#abort.abort();
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Tries a host that is down at once, also one whose failure was final. */
  retry(): void {
    if (this.#state.phase !== 'down') return;
    this.#cancelTimer();
    this.#attempts = 0;
    void this.#connect();
  }

  /** Counts a host that has not answered yet as down. */
  expire(failure: Failure): void {
    if (this.#state.phase !== 'connecting') return;
    this.stop();
    this.#change({ phase: 'down', failure });
  }

  /** Notes how long the newest round took, in ms. */
  took(took: Millis): void {
    this.#state = { ...this.#state, took };
  }

  async #connect(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const result = await this.#tryConnect(abort.signal);
    if (abort.signal.aborted) {
      if (result.ok) result.connection.close();
      return;
    }
    if (!result.ok) {
      this.#down(result.failure, result.final);
      return;
    }
    this.#connection = result.connection;
    result.connection.onGone((failure) => {
      if (this.#connection !== result.connection) return;
      this.#connection = undefined;
      this.#down(failure, false);
    });
    await this.#survey(result.connection);
  }

  /** A connector that throws is a mistake of ours; it must not end the console. */
  #tryConnect(signal: AbortSignal): Promise<Connected> {
    const { connector } = this.deps;
    return connector.connect(this.entry, signal).catch((error: unknown): Connected => {
      const means = error instanceof Error ? error.message : String(error);
      const failure = { what: 'connecting failed', where: this.entry.name, means, todo: '' };
      return { ok: false, failure, steps: [], final: false };
    });
  }

  async #survey(connection: Connection): Promise<void> {
    const { clock, stacks, listener } = this.deps;
    const sent = clock.now();
    const outcome = await connection.host.run(surveyCommand(stacks));
    if (this.#connection !== connection) return;
    if (outcome.kind !== 'exited') {
      this.#connection = undefined;
      connection.close();
      this.#down(silent(this.entry.name, outcome.reason), false);
      return;
    }
    const survey = parseSurvey(outcome.stdout, { sent, received: clock.now() });
    const wasUp = this.#state.phase === 'up';
    this.#attempts = 0;
    this.#change({ phase: 'up', survey, stacks: this.#stacksBy(survey) });
    if (!wasUp) listener.ready(connection.host);
    this.#cancelTimer = clock.after(SURVEY_EVERY, () => void this.#survey(connection));
  }

  #stacksBy(survey: Survey): readonly string[] {
    return stacksOn(survey, this.deps.stacks, this.entry.stacks);
  }

  #down(failure: Failure, final: boolean): void {
    this.#cancelTimer();
    this.#change({ phase: 'down', failure });
    if (final) return;
    const pause = BACKOFF[Math.min(this.#attempts, BACKOFF.length - 1)] ?? 30_000;
    this.#attempts += 1;
    const jittered = pause * (0.75 + Math.random() / 2);
    this.#cancelTimer = this.deps.clock.after(jittered, () => void this.#connect());
  }

  #change(change: Pick<HostState, 'phase'> & Partial<HostState>): void {
    const { failure: _old, ...before } = this.#state;
    const since = change.phase === before.phase ? before.since : this.deps.clock.now();
    this.#state = { ...before, ...change, since };
    this.deps.listener.changed(this.#state);
  }
}

function silent(name: string, reason: string): Failure {
  return {
    what: `it takes the connection but answers no command (${reason})`,
    where: name,
    means: 'The host may be out of memory or processes, or its disks may hang.',
    todo: 'Look at its console; Holdfast tries again by itself.',
  };
}
