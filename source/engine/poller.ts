import type { Host, HostName, Millis } from '../core/host.js';
import type { Probe, Reading } from '../core/probe.js';
import type { Stack } from '../core/stack.js';
import type { Clock } from './clock.js';
import { readProbe } from './reading.js';

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
  /** New readings; of a probe of cluster scope they replace those of all other hosts. */
  readonly read: (probe: Probe<unknown>, readings: readonly Reading<unknown>[]) => void;
  /** A round of one host ended. */
  readonly round: (host: HostName, took: Millis) => void;
}

/** One thing to be asked again and again: a probe of one host, or a probe of the whole cluster. */
interface Task {
  readonly due: Millis;
  readonly busy: boolean;
  /** Who brought no value in the last round; a host that has come up since is asked at once. */
  readonly without: ReadonlySet<HostName>;
}

const NOBODY: ReadonlySet<HostName> = new Set();

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
    for (const { key, probe, hosts } of this.#wanted()) {
      const task = this.#tasks.get(key);
      if (task && (task.busy || (task.due > now && !isNews(task, hosts)))) continue;
      // Asked anew of a host that came up: until it has answered, this was not asked to the end.
      const due = task && !isNews(task, hosts) ? task.due : 0;
      this.#tasks.set(key, { due, busy: true, without: NOBODY });
      const done = this.#ask(key, probe, hosts).then(({ every, without }) => {
        this.#tasks.set(key, { due: now + every, busy: false, without });
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

  *#wanted(): Iterable<{ key: string; probe: Probe<unknown>; hosts: readonly Host[] }> {
    const able = this.deps.able();
    for (const stack of this.deps.stacks) {
      const hosts = able.filter((a) => a.stacks.includes(stack.id)).map((a) => a.host);
      if (hosts.length === 0) continue;
      for (const probe of stack.probes) {
        if (probe.scope === 'cluster') yield { key: probe.id, probe, hosts };
        else
          for (const host of hosts) yield { key: `${probe.id}@${host.name}`, probe, hosts: [host] };
      }
    }
  }

  /** Asks one host after the other until one brings a value; the one that did last goes first. */
  async #ask(
    key: string,
    probe: Probe<unknown>,
    hosts: readonly Host[],
  ): Promise<Pick<Task, 'without'> & { readonly every: Millis }> {
    const last = this.#spokesman.get(key);
    const order = [...hosts].sort((a, b) => Number(b.name === last) - Number(a.name === last));
    const readings: Reading<unknown>[] = [];
    for (const host of order) {
      const slot = `${probe.id}@${host.name}`;
      const reading = await readProbe(probe, host, this.deps.clock, this.#readings.get(slot));
      this.#readings.set(slot, reading);
      readings.push(reading);
      if (reading.kind === 'fresh') {
        this.#spokesman.set(key, host.name);
        this.deps.read(probe, [reading]);
        return { every: probe.every, without: NOBODY };
      }
    }
    this.deps.read(probe, readings);
    const absent = readings.every((reading) => reading.kind === 'absent');
    return {
      every: absent ? ABSENT_EVERY : probe.every,
      without: new Set(hosts.map(({ name }) => name)),
    };
  }
}

/** Whether a question that nobody could answer can be put to somebody new. */
function isNews({ busy, without }: Task, hosts: readonly Host[]): boolean {
  return !busy && without.size > 0 && hosts.some(({ name }) => !without.has(name));
}
