import type { Host, HostName, Millis } from '../../core/host.js';
import type { Now, Probe, Reading } from '../../core/probe.js';
import type { Stack } from '../../core/stack.js';
import type { Clock } from '../clock.js';
import { readProbe } from '../reading.js';

/** Due probes are gathered this often, in ms, so that those of one host travel together. */
const TICK: Millis = 1000;
/** How often a host is asked again for what it does not have, in ms. */
const ABSENT_EVERY: Millis = 60_000;

/** What the poller needs to know of the hosts, and whom it tells. */
export interface PollerDeps {
  readonly stacks: readonly Stack[];
  readonly clock: Clock;
  /** The hosts that can be asked now, with the stacks on each. */
  readonly able: () => readonly { readonly host: Host; readonly stacks: readonly string[] }[];
  /** What is known now: which hosts share a cluster may hang on what they said. */
  readonly now: () => Now;
  /** New readings; those of the hosts for whom they speak are old from now on. */
  readonly read: (
    probe: Probe<unknown>,
    readings: readonly Reading<unknown>[],
    instead: (host: HostName) => boolean,
  ) => void;
  /** A round of one host ended. */
  readonly round: (host: HostName, took: Millis) => void;
}

/** One thing to be asked: a probe, and the hosts of whom one is enough. */
interface Wanted {
  readonly key: string;
  readonly probe: Probe<unknown>;
  readonly hosts: readonly Host[];
  /** The hosts for whom the answer speaks, whether they can be asked or not. */
  readonly instead: (host: HostName) => boolean;
}

/** One thing to be asked again and again: a probe of one host, or a probe of a whole cluster. */
interface Task {
  readonly due: Millis;
  readonly busy: boolean;
  /** Who brought no value in the last round; a host that has come up since is asked at once. */
  readonly without: ReadonlySet<HostName>;
}

const NOBODY: ReadonlySet<HostName> = new Set();
/**
 * How many hosts are asked one after the other in a round. A cluster without a quorum takes seconds
 * to say so on each of them; the others have their turn in the next round.
 */
const TRIES = 3;

/** Asks every probe when it is due. Never two rounds of one probe at a time on one host. */
export class Poller {
  readonly #tasks = new Map<string, Task>();
  /** The newest reading by `probe id` and host; what a failed round falls back to. */
  readonly #readings = new Map<string, Reading<unknown>>();
  /** Who answered a question about the whole cluster last. */
  readonly #spokesman = new Map<string, HostName>();
  #cancel: () => void = () => undefined;
  #paused = false;

  constructor(private readonly deps: PollerDeps) {}

  start(): void {
    this.#tick();
  }

  stop(): void {
    this.#cancel();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** Makes everything due at once. */
  refresh(): void {
    for (const [key, task] of this.#tasks) this.#tasks.set(key, { ...task, due: 0 });
    this.poll();
  }

  /** Whether every probe of every able host has been asked to the end at least once. */
  get complete(): boolean {
    return [...this.#wanted()].every(({ key, hosts }) => {
      const task = this.#tasks.get(key);
      if (task === undefined || isNews(task, hosts)) return false;
      return !task.busy || task.due > 0;
    });
  }

  /** Starts what is due. */
  poll(): void {
    const now = this.deps.clock.now();
    const rounds = new Map<HostName, Promise<unknown>[]>();
    for (const wanted of this.#wanted()) {
      const { key, probe, hosts } = wanted;
      const task = this.#tasks.get(key);
      if (task && (task.busy || (task.due > now && !isNews(task, hosts)))) continue;
      const news = task !== undefined && isNews(task, hosts);
      const tried = news ? task.without : NOBODY;
      // A question that is put to somebody new has not been asked to its end yet.
      this.#tasks.set(key, { due: news ? 0 : (task?.due ?? 0), busy: true, without: NOBODY });
      const done = this.#ask(wanted, tried).then(({ every, without }) => {
        this.#tasks.set(key, { due: now + every, busy: false, without });
        this.#follow();
      });
      const [first] = hosts;
      if (probe.scope === 'host' && first) {
        const list = rounds.get(first.name);
        if (list) list.push(done);
        else rounds.set(first.name, [done]);
      }
    }
    for (const [host, all] of rounds) {
      void Promise.all(all).then(() => this.deps.round(host, this.deps.clock.now() - now));
    }
  }

  #tick(): void {
    this.#cancel = this.deps.clock.after(TICK, () => this.#tick());
    if (!this.#paused) this.poll();
  }

  /** An answer may have told of a cluster that nobody knew of: it is asked at once. */
  #follow(): void {
    if (this.#paused) return;
    if ([...this.#wanted()].some(({ key }) => !this.#tasks.has(key))) this.poll();
  }

  *#wanted(): Iterable<Wanted> {
    const able = this.deps.able();
    for (const stack of this.deps.stacks) {
      const hosts = able.filter((a) => a.stacks.includes(stack.id)).map((a) => a.host);
      if (hosts.length === 0) continue;
      for (const probe of stack.probes) {
        if (probe.scope === 'cluster') yield* clustersOf(probe, hosts, this.deps.now);
        else {
          for (const host of hosts) {
            const instead = (name: HostName): boolean => name === host.name;
            yield { key: `${probe.id}@${host.name}`, probe, hosts: [host], instead };
          }
        }
      }
    }
  }

  /**
   * Asks one host after the other until one brings a value: the one that did last goes first, those
   * that were tried in the round before go last.
   */
  async #ask(
    { key, probe, hosts, instead }: Wanted,
    tried: ReadonlySet<HostName>,
  ): Promise<Pick<Task, 'without'> & { readonly every: Millis }> {
    const last = this.#spokesman.get(key);
    const rank = ({ name }: Host): number => (tried.has(name) ? 2 : name === last ? 0 : 1);
    const order = [...hosts].sort((a, b) => rank(a) - rank(b)).slice(0, TRIES);
    const readings: Reading<unknown>[] = [];
    for (const host of order) {
      const slot = `${probe.id}@${host.name}`;
      const reading = await readProbe(probe, host, this.deps.clock, this.#readings.get(slot));
      this.#readings.set(slot, reading);
      readings.push(reading);
      if (reading.kind === 'fresh') {
        this.#spokesman.set(key, host.name);
        this.deps.read(probe, [reading], instead);
        return { every: probe.every, without: NOBODY };
      }
    }
    this.deps.read(probe, readings, instead);
    const absent = readings.every((reading) => reading.kind === 'absent');
    return {
      every: absent ? ABSENT_EVERY : probe.every,
      without: new Set([...tried, ...order.map(({ name }) => name)]),
    };
  }
}

/** A question to each cluster of its kind, put to the hosts that belong to it. */
function clustersOf(
  probe: Probe<unknown>,
  hosts: readonly Host[],
  knownNow: () => Now,
): readonly Wanted[] {
  const { id, clusterOf } = probe;
  if (!clusterOf) return [{ key: id, probe, hosts, instead: () => true }];
  const now = knownNow();
  const clusters = new Map<string, Host[]>();
  for (const host of hosts) {
    const cluster = clusterOf(now, host.name);
    if (cluster === undefined) continue;
    const members = clusters.get(cluster);
    if (members) members.push(host);
    else clusters.set(cluster, [host]);
  }
  return [...clusters].map(([cluster, members]) => ({
    key: `${id}/${cluster}`,
    probe,
    hosts: members,
    instead: (host) => clusterOf(now, host) === cluster,
  }));
}

/** Whether a question that nobody could answer can be put to somebody new. */
function isNews({ busy, without }: Task, hosts: readonly Host[]): boolean {
  return !busy && without.size > 0 && hosts.some(({ name }) => !without.has(name));
}
