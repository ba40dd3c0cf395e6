import { reads, type Command, type Reader } from '../../../core/host.js';
import { hostsAddresses, parseHosts } from '../../../files/hosts.js';
import { parseAddresses, printed, resolveCommand } from '../tools/on-host.js';
import { isAddress, mastersOf, type Discovery } from './discover.js';

/** A name by which a host looks for the master, or would. */
export interface MasterName {
  readonly name: string;
  /** What the host takes it for, the first one first; empty: it finds none. Undefined: not known. */
  readonly addresses?: readonly string[];
  /** What its /etc/hosts says of it, in the order of the file. */
  readonly inHosts: readonly string[];
  /** What on the host looks for the master by this name; empty: nothing does now. */
  readonly users: readonly string[];
}

/** getent(1): the key could not be found in the database. */
const NOT_FOUND = 2;

/** The lines of /etc/hosts about any of the names, and lines that look alike. */
export function hostsLinesCommand(names: readonly string[]): Command<'reads'> {
  return reads(['grep', '-iwF', ...names.flatMap((name) => ['-e', name]), '--', '/etc/hosts']);
}

/**
 * What a host takes the master's names for: those that its configs and mounts give, and the one that
 * all programs take unless told otherwise.
 */
export async function lookUpNames(host: Reader, found: Discovery): Promise<readonly MasterName[]> {
  const users = usersOf(found);
  const names = [...users.keys()];
  const [lines, ...answers] = await Promise.all([
    host.run(hostsLinesCommand(names)),
    ...names.map((name) => host.run(resolveCommand(name))),
  ]);
  const file = parseHosts(printed(lines));
  return names.map((name, at): MasterName => {
    const answer = answers[at];
    const isTold = answer?.kind === 'exited' && (answer.code === 0 || answer.code === NOT_FOUND);
    return {
      name,
      ...(isTold && { addresses: parseAddresses(answer.stdout) }),
      inHosts: hostsAddresses(file, name),
      users: users.get(name) ?? [],
    };
  });
}

/** The names, each with what looks for it. */
function usersOf({
  configs,
  mounts,
  daemons,
  personality,
}: Discovery): ReadonlyMap<string, readonly string[]> {
  const sauna = configs.some(({ path }) => path.startsWith('/etc/saunafs/'));
  const byDefault = sauna ? 'sfsmaster' : 'mfsmaster';
  const users = new Map<string, readonly string[]>([[byDefault, []]]);
  const add = (name: string, user: string): void => {
    if (!isAddress(name)) users.set(name, [...(users.get(name) ?? []), user]);
  };
  const settings = mastersOf(configs, personality);
  for (const { host, from } of settings) add(host, from);
  for (const { master, mountPoint } of mounts) add(master.host, mountPoint);
  for (const daemon of daemons.filter((name) => /^[ms]fs(?:chunkserver|metalogger)/.test(name))) {
    const config = daemon.includes('chunk') ? 'chunkserver.cfg' : 'metalogger.cfg';
    if (!settings.some(({ from }) => from.endsWith(config))) add(byDefault, daemon);
  }
  return users;
}
