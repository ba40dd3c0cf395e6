import type { Connector } from '../../core/connection.js';
import { failureLines, type Failure } from '../../core/failure.js';
import type { Cluster, HostEntry } from '../../core/fleet.js';
import type { HostName, Reader } from '../../core/host.js';
import { clean } from '../../core/text.js';
import { GivenSecrets, remembering } from '../../engine/run/given-secrets.js';
import type { RunHost } from '../../engine/run/runner.js';
import { SteadyHost } from '../../engine/run/steady-host.js';
import { note, type Context } from '../context.js';
import { usage } from '../exit.js';
import { didYouMean } from '../near.js';
import { wayTo } from '../commands/status.js';
import { askerFor } from '../terminal-asker.js';

/** Hosts that a command has connected to. */
export interface Reached {
  readonly hosts: ReadonlyMap<HostName, RunHost>;
  /** Those that cannot be reached. */
  readonly failures: ReadonlyMap<HostName, Failure>;
  /** Passwords and passphrases that were asked for on the way. */
  readonly secrets: GivenSecrets;
  readonly close: () => void;
}

/** Connects to hosts, all at once. What a host could not ask for is said on stderr. */
export async function reach(
  context: Context,
  entries: readonly HostEntry[],
  signal: AbortSignal,
): Promise<Reached> {
  const secrets = new GivenSecrets();
  const asker = askerFor(context.io);
  const connector = await context.parts.connector(wayTo(context, remembering(asker, secrets)));
  const reached = await reachThrough(connector, entries, signal);
  for (const line of asker.unanswered()) note(context, line);
  return { ...reached, secrets };
}

/** Connects to hosts through a connector that is there already; tells of each that was tried. */
export async function reachThrough(
  connector: Connector,
  entries: readonly HostEntry[],
  signal: AbortSignal,
  told: () => void = () => undefined,
): Promise<Omit<Reached, 'secrets'>> {
  const tries = entries.map(async (entry) => {
    const tried = await tryHost(entry, connector, signal);
    told();
    return tried;
  });
  const tried = await Promise.all(tries);
  const opened = tried.filter(({ failure }) => failure === undefined).map(({ host }) => host);
  const failures = tried.flatMap(({ host, failure }): [HostName, Failure][] =>
    failure === undefined ? [] : [[host.name, failure]],
  );
  return {
    hosts: new Map(opened.map((host) => [host.name, host])),
    failures: new Map(failures),
    close: () => {
      for (const host of opened) host.close();
    },
  };
}

async function tryHost(entry: HostEntry, connector: Connector, signal: AbortSignal) {
  const host = new SteadyHost(entry, connector, signal);
  return { host, failure: await host.open() };
}

/** The entries of these hosts, or of all. Throws a `Stop` for a name that is not in the cluster. */
export function entriesOf(cluster: Cluster, names: Iterable<string>): readonly HostEntry[] {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return cluster.hosts;
  const known = cluster.hosts.map(({ name }) => name);
  return wanted.map((name) => {
    const found = cluster.hosts.find((host) => host.name === name);
    if (found) return found;
    throw usage(
      `The cluster ${cluster.name} has no host named ${JSON.stringify(name)}.`,
      ...didYouMean(name, known),
    );
  });
}

/** Says on stderr which hosts cannot be reached. */
export function noteSilent(context: Context, { failures }: Reached): void {
  for (const failure of failures.values()) {
    for (const line of failureLines(failure)) note(context, clean(line));
  }
}

/** All hosts of a cluster: one that cannot be reached answers so, since that is evidence too. */
export function readersOf(
  cluster: Cluster,
  { hosts, failures }: Pick<Reached, 'hosts' | 'failures'>,
): ReadonlyMap<HostName, Reader> {
  return new Map(
    cluster.hosts.map(({ name }): [HostName, Reader] => [
      name,
      hosts.get(name) ?? silentReader(name, failures.get(name)),
    ]),
  );
}

function silentReader(name: HostName, failure: Failure | undefined): Reader {
  const reason = failure?.what ?? 'it cannot be reached';
  return { name, run: () => Promise.resolve({ kind: 'unreachable', reason }) };
}
