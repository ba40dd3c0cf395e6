import type { Cluster } from '../core/fleet.js';
import type { ConfigFile } from './config/file.js';
import type { Config } from './config/schema.js';
import { usage } from './exit.js';
import { wantsAscii, type Io } from './io.js';
import { didYouMean } from './near.js';
import type { Parts } from './parts.js';
import { toAscii } from './signs.js';

/** The options that every command takes. */
export interface Globals {
  readonly cluster?: string;
  readonly config?: string;
  readonly readOnly?: boolean;
  readonly ascii?: boolean;
  readonly sshConfig?: string;
}

/** What a command works with. */
export interface Context {
  readonly io: Io;
  readonly parts: Parts;
  readonly globals: Globals;
}

/** Writes for people: with signs, or in ASCII where that is all that can be shown. */
export function say({ io, globals }: Context, text: string): void {
  io.out(wantsAscii(globals.ascii, io.env) ? toAscii(text) : text);
}

/** Writes a line for people beside the output proper. */
export function note({ io, globals }: Context, line: string): void {
  io.err(wantsAscii(globals.ascii, io.env) ? toAscii(`${line}\n`) : `${line}\n`);
}

/** The configuration that this run uses; loaded late, since most runs of `inspect` need none. */
export async function configFile(context: Context): Promise<ConfigFile> {
  const { openConfig } = await import('./config/file.js');
  return openConfig({ file: context.globals.config, warn: (line) => note(context, line) });
}

/** The name of the cluster that is meant: the one asked for, the only one, or `main`. */
export function clusterName(config: Config, wanted: string | undefined): string {
  const names = Object.keys(config.clusters);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw usage(
      `There is no cluster ${JSON.stringify(wanted)}.`,
      ...didYouMean(wanted, names),
      names.length === 0
        ? 'None is configured yet; `holdfast hosts add` makes one.'
        : `Configured: ${names.join(', ')}.`,
    );
  }
  const [only] = names;
  if (names.length === 1 && only !== undefined) return only;
  if (names.length === 0 || names.includes('main')) return 'main';
  throw usage(`Which cluster? Say --cluster with one of: ${names.join(', ')}.`);
}

/** All clusters that are configured, and the one that is meant. Throws a `Stop` when it has no hosts. */
export async function configuredCluster(
  context: Context,
): Promise<{ readonly cluster: Cluster; readonly clusters: readonly Cluster[] }> {
  const { clusterOf } = await import('./config/schema.js');
  const file = await configFile(context);
  const config = await file.load();
  const wanted = clusterName(config, context.globals.cluster);
  const clusters = Object.keys(config.clusters)
    .flatMap((name) => clusterOf(config, name) ?? [])
    .map((cluster) => withReadOnly(cluster, context.globals.readOnly));
  const cluster = clusters.find(({ name }) => name === wanted);
  if (!cluster || cluster.hosts.length === 0) throw noHosts(file.path);
  return { cluster, clusters: clusters.filter(({ hosts }) => hosts.length > 0) };
}

function withReadOnly(cluster: Cluster, readOnly: boolean | undefined): Cluster {
  return readOnly === true ? { ...cluster, readOnly } : cluster;
}

function noHosts(path: string): Error {
  return usage(
    'Holdfast has no hosts to look at yet.',
    '',
    'Add the hosts of your cluster, as you would reach them with ssh:',
    '  holdfast hosts add root@xs-1.example.org',
    '  holdfast hosts add admin@kvm-2 --become sudo',
    'and see whether they can be reached:',
    '  holdfast hosts test',
    '',
    'Or try it on a simulated fleet, which needs nothing:',
    '  holdfast demo',
    '',
    `The hosts are kept in ${path}`,
  );
}
