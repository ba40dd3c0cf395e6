import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { execa } from 'execa';
import type { Millis } from '../core/host.js';
import { lasting, notConnected, stopped, unresolved, type Goal, type Refusal } from './failures.js';
import { lastLine } from './batcher.js';

/** How long a connection is awaited where OpenSSH's config does not say. */
export const CONNECT_TIMEOUT: Millis = 10_000;

/** A stream of bytes to an sshd, or why there is none. */
export type Opened =
  { readonly ok: true; readonly stream: Duplex; readonly release: () => void } | Refusal;

/** The addresses of a name, or why there are none. */
export type Resolved = { readonly ok: true; readonly addresses: readonly string[] } | Refusal;

/** Looks a name up, for no longer than the patience lasts: a resolver may hang as anything may. */
export function resolve(goal: Goal, patience: Millis, signal: AbortSignal): Promise<Resolved> {
  const found = lookup(goal.address, { all: true }).then(
    (all): Resolved => ({ ok: true, addresses: all.map(({ address }) => address) }),
    (error: unknown) => unresolved(goal, codeOf(error)),
  );
  const late = () => unresolved(goal, 'ETIMEDOUT');
  return within(found, patience, signal, late, () => stopped(goal.host));
}

/** Opens a TCP connection to the first address that answers. */
export async function openTcp(
  goal: Goal,
  addresses: readonly string[],
  patience: Millis,
  signal: AbortSignal,
): Promise<Opened> {
  let newest: Opened = notConnected(goal, 'EADDRNOTAVAIL', patience);
  for (const address of addresses) {
    newest = await tryTcp(goal, address, patience / addresses.length, signal);
    if (newest.ok || signal.aborted) return newest;
  }
  return newest;
}

function tryTcp(
  goal: Goal,
  address: string,
  patience: Millis,
  signal: AbortSignal,
): Promise<Opened> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(stopped(goal.host));
      return;
    }
    const socket = connect({ host: address, port: goal.port });
    // Between the connection and the login nobody else listens, and a reset may come at any time.
    socket.on('error', () => undefined);
    // Small packets that wait for an acknowledgement cost 40 ms each and make a console slow.
    socket.setNoDelay(true);
    const done = (opened: Opened) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.removeListener('error', failed);
      if (!opened.ok) socket.destroy();
      resolve(opened);
    };
    const failed = (error: Error) => done(notConnected(goal, codeOf(error), patience));
    const stop = () => done(stopped(goal.host));
    const timer = setTimeout(() => done(notConnected(goal, 'ETIMEDOUT', patience)), patience);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', failed);
    socket.once('connect', () =>
      done({ ok: true, stream: socket, release: () => void socket.destroy() }),
    );
  });
}

/** What a proxy command says on standard error, for the failure when it ends. */
export interface ProxyTalk {
  said: string;
}

/** Runs a ProxyCommand; its standard streams are the way to the sshd. */
export function openProxy(goal: Goal, line: string, talk: ProxyTalk): Opened {
  // As OpenSSH does: `exec`, so that ending the child ends the program and not its shell.
  const child = execa('sh', ['-c', `exec ${line}`], {
    stdin: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (talk.said.length < 4096) talk.said += chunk.toString();
  });
  const stream = child.duplex();
  stream.on('error', () => undefined);
  // A command that ends takes the way with it, also when it ended before it said anything.
  child.once('close', () => stream.destroy());
  if (child.pid === undefined) {
    return lasting({
      what: 'its ProxyCommand could not be started',
      where: goal.host,
      means: lastLine(talk.said) || `\`${line}\``,
      todo: 'Mend `ProxyCommand` for it in ~/.ssh/config.',
    });
  }
  return {
    ok: true,
    stream,
    release: () => {
      stream.destroy();
      child.kill();
    },
  };
}

/** What was promised, or something else when the patience or the signal ends first. */
export function within<T>(
  promised: Promise<T>,
  patience: Millis,
  signal: AbortSignal,
  late: () => T,
  stop: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => resolve(stop());
    const timer = setTimeout(() => resolve(late()), patience);
    signal.addEventListener('abort', aborted, { once: true });
    promised.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    });
    if (signal.aborted) aborted();
  });
}

/** The errno name of an error; of several tries at once, the first one's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : 'unknown';
}
