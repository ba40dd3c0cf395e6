import type { Client } from 'ssh2';
import type { Duplex } from 'node:stream';
import type { ConnectionStep } from '../core/connection.js';
import type { HostName } from '../core/host.js';
import { lasting, notConnected, passing, stopped, type Goal, type Refusal } from './failures.js';
import { lastLine } from './batcher.js';
import { logIn, type LoginMeans } from './login.js';
import { CONNECT_TIMEOUT, openProxy, openTcp, resolve, within, type Opened } from './stream.js';
import type { SshConfig, SshSettings, SshTarget } from './ssh-config.js';

/** A way to an sshd, logged in. */
export interface Way {
  readonly ok: true;
  readonly client: Client;
  /** The bytes beneath it, to see whether the other side is alive. */
  readonly stream: Duplex;
  readonly settings: SshSettings;
  readonly close: () => void;
}

/** One attempt to reach a host. */
export interface Trip {
  readonly host: HostName;
  readonly target: SshTarget;
  readonly steps: ConnectionStep[];
  readonly signal: AbortSignal;
  /** Told when a person is asked something. */
  readonly onAsking: () => void;
  /** The jump hosts before it, nearest first; left out: what the config says. */
  readonly jumps?: readonly string[];
}

/** A jump host that several hosts are reached through. */
interface Hop {
  readonly way: Promise<Way | Refusal>;
  readonly stop: AbortController;
  users: number;
}

/** More jumps than this are a config that leads in a circle. */
const MOST_JUMPS = 8;

/** Finds the way to a host as OpenSSH's config describes it: directly, by a command, or by jumps. */
export class Routes {
  readonly #config: SshConfig;
  readonly #means: LoginMeans;
  readonly #hops = new Map<string, Hop>();

  constructor(config: SshConfig, means: LoginMeans) {
    this.#config = config;
    this.#means = means;
  }

  async connect(trip: Trip, depth = 0): Promise<Way | Refusal> {
    const { host, target, signal, steps, onAsking } = trip;
    const answer = await this.#config.settings(target);
    if (!answer.ok) return lasting({ ...answer.failure, where: host });
    if (signal.aborted) return stopped(host);
    const { settings } = answer;
    const talk = { said: '' };
    const opened = await this.#open(trip, settings, talk, depth);
    if (!opened.ok) return opened;
    const { stream, release } = opened;
    const complaint = () => lastLine(talk.said);
    const attempt = { host, stream, settings, steps, signal, onAsking, complaint };
    const loggedIn = await logIn(this.#means, attempt);
    if (!loggedIn.ok) {
      release();
      return loggedIn;
    }
    const { client } = loggedIn;
    const close = () => {
      client.end();
      release();
    };
    return { ok: true, client, stream, settings, close };
  }

  async #open(
    trip: Trip,
    settings: SshSettings,
    talk: { said: string },
    depth: number,
  ): Promise<Opened> {
    const { host, steps, signal } = trip;
    const goal: Goal = { host, address: settings.hostName, port: settings.port };
    const patience = settings.connectTimeout ?? CONNECT_TIMEOUT;
    const jumps = trip.jumps ?? settings.proxyJump?.split(',').map((hop) => hop.trim()) ?? [];
    const last = jumps.at(-1);
    if (last !== undefined) return this.#through(last, jumps.slice(0, -1), goal, trip, depth);
    if (settings.proxyCommand !== undefined) {
      steps.push({ step: 'connect', says: `by its ProxyCommand: ${settings.proxyCommand}` });
      return openProxy(goal, settings.proxyCommand, talk);
    }
    const resolved = await resolve(goal, patience, signal);
    if (!resolved.ok) return resolved;
    const { addresses } = resolved;
    steps.push({ step: 'resolve', says: `${goal.address} is ${addresses.join(', ')}` });
    const opened = await openTcp(goal, addresses, patience, signal);
    if (opened.ok) steps.push({ step: 'connect', says: `port ${goal.port} answers` });
    return opened;
  }

  async #through(
    jump: string,
    before: readonly string[],
    goal: Goal,
    trip: Trip,
    depth: number,
  ): Promise<Opened> {
    const target = parseJump(jump);
    if (!target || depth >= MOST_JUMPS) {
      return lasting({
        what: target ? 'its jump hosts lead in a circle' : `\`${jump}\` is not a jump host`,
        where: goal.host,
        means: "ProxyJump in OpenSSH's config names the hosts on the way.",
        todo: 'Mend `ProxyJump` for it in ~/.ssh/config.',
      });
    }
    const key = JSON.stringify([target, before]);
    const hop = this.#hops.get(key) ?? this.#hop(key, target, before, trip, depth);
    hop.users += 1;
    const release = once(() => {
      hop.users -= 1;
      if (hop.users === 0) this.#drop(key, hop);
    });
    const stop = () => stopped(goal.host);
    const way = await within(hop.way, 2 ** 31 - 1, trip.signal, stop, stop);
    const opened = way.ok
      ? await forward(way.client, goal, trip.signal, release)
      : throughFailed(goal, jump, way);
    if (opened.ok) trip.steps.push({ step: 'connect', says: `through ${jump}` });
    else release();
    return opened;
  }

  #hop(
    key: string,
    target: SshTarget,
    before: readonly string[],
    { host, onAsking }: Trip,
    depth: number,
  ): Hop {
    const stop = new AbortController();
    const trip: Trip = {
      host,
      target,
      steps: [],
      signal: stop.signal,
      onAsking,
      ...(before.length > 0 && { jumps: before }),
    };
    const hop: Hop = { way: this.connect(trip, depth + 1), stop, users: 0 };
    this.#hops.set(key, hop);
    void hop.way.then((way) => {
      if (way.ok) way.client.once('close', () => this.#forget(key, hop));
      else this.#forget(key, hop);
    });
    return hop;
  }

  #drop(key: string, hop: Hop): void {
    this.#forget(key, hop);
    hop.stop.abort();
    void hop.way.then((way) => {
      if (way.ok) way.close();
    });
  }

  #forget(key: string, hop: Hop): void {
    if (this.#hops.get(key) === hop) this.#hops.delete(key);
  }
}

/** `[user@]host[:port]` or `ssh://…`, with IPv6 addresses in brackets. */
function parseJump(jump: string): SshTarget | undefined {
  const found = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?\/?$/.exec(jump);
  const address = found?.[2] ?? found?.[3];
  if (address === undefined) return undefined;
  const user = found?.[1];
  const port = found?.[4];
  return {
    address,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  };
}

function forward(
  client: Client,
  goal: Goal,
  signal: AbortSignal,
  release: () => void,
): Promise<Opened> {
  const opened = new Promise<Opened>((resolve) => {
    try {
      client.forwardOut('127.0.0.1', 0, goal.address, goal.port, (error, stream) => {
        if (error) {
          resolve(notForwarded(goal, error.message));
          return;
        }
        const close = () => {
          stream.destroy();
          release();
        };
        resolve({ ok: true, stream, release: once(close) });
      });
    } catch (error) {
      resolve(notForwarded(goal, error instanceof Error ? error.message : 'not connected'));
    }
  });
  const late = () => notConnected(goal, 'ETIMEDOUT', CONNECT_TIMEOUT);
  return within(opened, CONNECT_TIMEOUT, signal, late, () => stopped(goal.host));
}

function notForwarded(goal: Goal, says: string): Refusal {
  if (/refused/i.test(says)) return notConnected(goal, 'ECONNREFUSED', CONNECT_TIMEOUT);
  if (/no route|unreachable/i.test(says)) {
    return notConnected(goal, 'EHOSTUNREACH', CONNECT_TIMEOUT);
  }
  if (/timed out/i.test(says)) return notConnected(goal, 'ETIMEDOUT', CONNECT_TIMEOUT);
  return passing({
    what: `its jump host does not lead to ${goal.address}: ${says}`,
    where: goal.host,
    means: 'The jump host may not know the name, or may not forward (AllowTcpForwarding no).',
    todo: 'Try `ssh -J` with the same hosts; it says more.',
  });
}

function throughFailed(goal: Goal, jump: string, refusal: Refusal): Refusal {
  const what = `its jump host ${jump}: ${refusal.failure.what}`;
  return { ...refusal, failure: { ...refusal.failure, what, where: goal.host } };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
