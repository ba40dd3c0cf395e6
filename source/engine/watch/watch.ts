import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Connector } from '../../core/connection.js';
import type { Cluster } from '../../core/fleet.js';
import type { HostName, Millis } from '../../core/host.js';
import { Now, type HostState, type Probe, type Reading } from '../../core/probe.js';
import type { Stack } from '../../core/stack.js';
import { duration } from '../../core/units.js';
import { assemble } from './assemble.js';
import { Board } from './board.js';
import { systemClock, type Clock } from '../clock.js';
import { CommandLog } from './command-log.js';
import { Events } from './events.js';
import { paces, remember, type History } from './history.js';
import { HostLink } from './host-link.js';
import { Poller } from './poller.js';
import { Problems } from './problems.js';
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
  /** Counts hosts that have not answered within this time as down. */
  readonly expire: (after: Millis) => void;
}

/** What is watched, and how it is reached. */
export interface WatchOptions {
  readonly cluster: Cluster;
  readonly stacks: readonly Stack[];
  readonly connector: Connector;
  readonly clock?: Clock;
}

/** The least time between two changes of the store, in ms. */
const FLUSH_EVERY: Millis = 250;
/** Time-based rules and acknowledgements are looked at this often even when nothing new was read, in ms. */
const LOOK_EVERY: Millis = 5000;

/** Watches a cluster: links to its hosts, a poller over them, and the world that they make. */
export function createWatch(options: WatchOptions): Watch {
  return new ClusterWatch(options);
}

class ClusterWatch implements Watch {
  readonly store: StoreApi<World>;
  readonly #clock: Clock;
  readonly #links: ReadonlyMap<HostName, HostLink>;
  readonly #poller: Poller;
  readonly #board = new Board();
  readonly #problems = new Problems();
  readonly #events = new Events();
  readonly #log = new CommandLog();
  readonly #peaks = new Map<string, number>();
  #history: History = new Map();
  #complete = false;
  #flushDue = false;
  #cancelFlush: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;

  constructor(private readonly options: WatchOptions) {
    const { cluster, stacks, connector, clock = systemClock } = options;
    this.#clock = clock;
    const listener = {
      changed: (state: HostState) => this.#hostChanged(state),
      ready: () => this.#poller.poll(),
    };
    this.#links = new Map(
      cluster.hosts.map((entry) => {
        return [entry.name, new HostLink(entry, { connector, stacks, clock, listener })];
      }),
    );
    this.#poller = new Poller({
      stacks,
      clock,
      able: () => this.#able(),
      now: () => this.#now(),
      read: (probe, readings, instead) => this.#read(probe, readings, instead),
      round: (host, took) => this.#links.get(host)?.took(took),
    });
    this.store = createStore(() => this.#firstWorld());
  }

  readonly start = (): void => {
    for (const link of this.#links.values()) link.start();
    this.#poller.start();
    this.#look();
  };

  readonly stop = (): void => {
    this.#poller.stop();
    this.#cancelFlush();
    this.#cancelLook();
    for (const link of this.#links.values()) link.stop();
  };

  readonly pause = (paused: boolean): void => {
    this.#poller.pause(paused);
    const says = paused ? 'paused: nothing is asked' : 'going on';
    this.#events.add(this.#clock.now(), 'notice', 'polling', says);
    this.store.setState({ paused, events: this.#events.all });
  };

  readonly refresh = (): void => {
    for (const link of this.#links.values()) link.retry();
    this.#poller.refresh();
  };

  readonly acknowledge = (key: string, forMillis: Millis): void => {
    const problem = this.store.getState().problems.find((p) => p.key === key);
    if (!problem) return;
    this.#problems.acknowledge(problem, this.#clock.now(), forMillis);
    const says = problem.acknowledged ? 'no longer acknowledged' : 'acknowledged';
    this.#events.add(this.#clock.now(), 'notice', problem.finding.subject, says, key);
    this.#flush();
  };

  readonly expire = (after: Millis): void => {
    for (const link of this.#links.values()) {
      link.expire({
        what: `no answer within ${duration(after / 1000)}`,
        where: link.entry.name,
        means: 'It may be down, or far away and slow.',
        todo: `\`holdfast hosts test ${link.entry.name}\` shows how far the way to it goes.`,
      });
    }
    this.#flush();
  };

  #able() {
    return [...this.#links.values()].flatMap(({ host, state }) =>
      host ? [{ host, stacks: state.stacks }] : [],
    );
  }

  #hostChanged(state: HostState): void {
    const before = this.store.getState().hosts.find(({ name }) => name === state.name);
    const at = this.#clock.now();
    if (state.phase === 'down' && state.failure) {
      this.#board.outdate(state.name, state.failure, at);
    }
    if (before?.survey && state.survey && before.survey.bootId !== state.survey.bootId) {
      this.#events.add(at, 'warning', state.name, 'it was restarted');
    }
    this.#flushSoon();
  }

  #now(): Now {
    const at = this.#clock.now();
    const rates = paces(this.#history, at);
    return new Now(at, this.#hosts(), this.#board.all(), this.#peaks, rates);
  }

  #read(
    probe: Probe<unknown>,
    readings: readonly Reading<unknown>[],
    instead: (host: HostName) => boolean,
  ): void {
    this.#board.put(probe, readings, instead);
    this.#log.read(probe, readings);
    // A host may have gone down while its answer was on the way.
    for (const { host } of readings) {
      const state = this.#links.get(host)?.state;
      if (state?.phase === 'down' && state.failure) {
        this.#board.outdate(host, state.failure, this.#clock.now());
      }
    }
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#cancelFlush = this.#clock.after(FLUSH_EVERY, () => this.#flush());
  }

  #look(): void {
    this.#flushSoon();
    this.#cancelLook = this.#clock.after(LOOK_EVERY, () => this.#look());
  }

  #flush(): void {
    this.#cancelFlush();
    this.#flushDue = false;
    const now = this.#now();
    const { at, hosts, readings } = now;
    const { metrics, ...picture } = assemble(now, this.options.stacks, this.#problems);
    for (const { key, value } of metrics) {
      this.#peaks.set(key, Math.max(value, this.#peaks.get(key) ?? value));
    }
    this.#history = remember(this.#history, metrics, at);
    this.#events.compare(picture.problems, at);
    this.#complete ||= hosts.every(({ phase }) => phase !== 'connecting') && this.#poller.complete;
    this.store.setState({
      ...picture,
      at,
      hosts,
      readings,
      history: this.#history,
      events: this.#events.all,
      log: this.#log.all(),
      complete: this.#complete,
    });
  }

  #hosts(): readonly HostState[] {
    return [...this.#links.values()].map(({ state }) => state);
  }

  #firstWorld(): World {
    const { cluster, stacks } = this.options;
    const at = this.#clock.now();
    const hosts = this.#hosts();
    const { metrics: _none, ...picture } = assemble(new Now(at, hosts, []), stacks, this.#problems);
    return {
      ...picture,
      cluster: cluster.name,
      readOnly: cluster.readOnly,
      at,
      hosts,
      readings: [],
      events: [],
      log: [],
      history: this.#history,
      paused: false,
      complete: false,
    };
  }
}

/**
 * Watches until everything has been asked once, or until the time is over; hosts that have not
 * answered by then count as down. The watch is stopped afterwards.
 */
export function pollOnce(
  watch: Watch,
  timeout: Millis,
  clock: Clock = systemClock,
): Promise<World> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      unsubscribe();
      watch.expire(timeout);
      watch.stop();
      resolve(watch.store.getState());
    };
    const cancel = clock.after(timeout, finish);
    const unsubscribe = watch.store.subscribe(({ complete }) => {
      if (complete) finish();
    });
    watch.start();
  });
}
