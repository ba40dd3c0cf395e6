import type { HostName } from '../../../../core/host.js';
import type { Json } from '../../../../core/json.js';
import { listed } from '../../../../core/text.js';
import { hostsAddresses, parseHosts, printHosts, setHostsName } from '../../../../files/hosts.js';
import { parseKeyValue, printKeyValue, setValue } from '../../../../files/key-value.js';
import { PORTS } from '../../flavour/families.js';
import { MFSCLI } from '../../tools/admin.js';
import { PASSWORDS } from '../../wizards/masters/look.js';
import { masterHostOf, type Config, type Daemon, type KnownHost } from './evidence.js';
import { reloadWay, type ServiceWay } from './service.js';

/** The new master, as those who follow it must find it. */
export interface Target {
  readonly host: KnownHost;
  readonly address: string;
  /** All addresses at which it is the master: its own, and a floating one. */
  readonly addresses: readonly string[];
}

/** What is changed on a host that follows the master. */
export interface Following {
  readonly host: KnownHost;
  /** Edits as `file.edit` takes them. */
  readonly edits: readonly Json[];
  /** Daemons that read their config again, and what shows that they found the master. */
  readonly reloads: readonly (ServiceWay & { readonly shows: Json })[];
  readonly warnings: readonly string[];
}

/** Which names mean the master: its default name, and those in use that are no host's own. */
export function masterNames(hosts: readonly KnownHost[]): readonly string[] {
  const own = new Set(hosts.map(({ name }) => name.toLowerCase()));
  const used = hosts.flatMap(({ names }) => [...names.keys()]);
  const names = ['mfsmaster', 'sfsmaster', ...used].filter((name) => !isAddress(name));
  return [...new Set(names)].filter((name) => !own.has(name.toLowerCase()) && name !== 'localhost');
}

/** What a host needs to find the new master. */
export function follow(host: KnownHost, target: Target, names: readonly string[]): Following {
  const { flavour, configs } = host;
  const prefix = flavour.family?.prefix ?? 'mfs';
  const daemons = ([...configs] as const).filter(
    ([daemon]) => daemon !== 'master' || isShadow(host, target),
  );
  const literal = daemons.flatMap(([, config]) => {
    const value = masterHostOf(config.text, prefix);
    return names.includes(value) || target.addresses.includes(value)
      ? []
      : [withMaster(config, target)];
  });
  const reloads = daemons.flatMap(([daemon]) => reloadOf(host, daemon, target));
  const file = hostsEdit(host, target, names);
  return {
    host,
    edits: [...(file === undefined ? [] : [file]), ...literal],
    reloads,
    warnings: [
      ...unresolved(host, target, names, file !== undefined),
      ...asleep(
        host,
        daemons.map(([daemon]) => daemon),
      ),
      ...hanging(host, target),
    ],
  };
}

/** A metadata server that runs as a shadow, and is not the one that becomes the master. */
function isShadow({ personality, name }: KnownHost, target: Target): boolean {
  return personality === 'shadow' && name !== target.host.name;
}

function isAddress(name: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(name);
}

function withMaster({ path, text }: Config, { address }: Target): Json {
  const after = printKeyValue(setValue(parseKeyValue(text), 'MASTER_HOST', address));
  return { path, before: text, after, ...hiding(text) };
}

/** What `file.edit` must know of a config that holds a password; its mode stays closed then. */
export function hiding(text: string): Readonly<Record<string, Json>> {
  const { keys, form } = PASSWORDS;
  return text.includes('<<kept:') ? { mode: '600', secrets: { keys, form } } : {};
}

function hostsEdit(
  { hosts }: KnownHost,
  target: Target,
  names: readonly string[],
): Json | undefined {
  if (hosts === null) return undefined;
  const file = parseHosts(hosts);
  const wrong = names.filter((name) => {
    const [first] = hostsAddresses(file, name);
    return first !== undefined && !target.addresses.includes(first);
  });
  if (wrong.length === 0) return undefined;
  const after = wrong.reduce((now, name) => setHostsName(now, name, target.address), file);
  return { path: '/etc/hosts', before: hosts, after: printHosts(after) };
}

/** Chunkservers go to 9420 of the master, shadows and metaloggers to 9419 (the daemons' sources). */
function reloadOf(
  { flavour }: KnownHost,
  daemon: Daemon,
  { addresses }: Target,
): Following['reloads'] {
  const way = reloadWay(flavour, daemon);
  const port = daemon === 'chunkserver' ? PORTS.chunkserver : PORTS.metalogger;
  return way ? [{ ...way, shows: connectedTo(addresses, port) }] : [];
}

/** Whether the host has a connection to one of these addresses, as its kernel tells (proc_net_tcp). */
export function connectedTo(addresses: readonly string[], port: number): Json {
  const pattern = connection(addresses, port);
  const script = 'grep -qE "$1" /proc/net/tcp && echo connected; true';
  return { argv: ['sh', '-c', script, 'sh', pattern], expect: 'connected' };
}

/** What stands in /proc/net/tcp for an open connection to one of these addresses: an extended regex. */
export function connection(addresses: readonly string[], port: number): string {
  const places = addresses.map((address) => `${kernelAddress(address)}:${hex(port, 4)}`);
  return `^ *[0-9]+: [0-9A-F]{8}:[0-9A-F]{4} (${places.join('|')}) 01 `;
}

/** The kernel prints the four bytes of an address as one number of the machine: the last first. */
function kernelAddress(address: string): string {
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2));
  return bytes.reverse().join('');
}

function hex(n: number, digits: number): string {
  return n.toString(16).toUpperCase().padStart(digits, '0');
}

/** A name that something else than /etc/hosts knows is not changed here. */
function unresolved(
  { name, hosts, names: found }: KnownHost,
  target: Target,
  names: readonly string[],
  edited: boolean,
): readonly string[] {
  const file = parseHosts(hosts ?? '');
  return names.flatMap((one) => {
    const said = found.get(one);
    if (said === undefined || said.some((address) => target.addresses.includes(address))) return [];
    if (edited && hostsAddresses(file, one).length > 0) return [];
    const means = said.length === 0 ? 'has no address' : `means ${listed(said)}`;
    return [
      `${name}: ${one} ${means} there, and /etc/hosts does not say so: change it where it is kept (DNS), to ${target.address}.`,
    ];
  });
}

function asleep({ name, flavour }: KnownHost, daemons: readonly Daemon[]): readonly string[] {
  const still = daemons.filter((daemon) => daemon !== 'master' && !reloadWay(flavour, daemon));
  return still.map(
    (daemon) =>
      `${name}: its ${daemon} is not reloaded: it does not run, or nothing is known that reloads it.`,
  );
}

/** MooseFS's client looks the name up again and goes on by itself (seen with 3.0.117). */
function hanging({ name, mounts, names, tool }: KnownHost, target: Target): readonly string[] {
  return mounts.flatMap(({ mountPoint, master }) => {
    if (tool === MFSCLI && !isAddress(master.host)) return [];
    const said = names.get(master.host) ?? [master.host];
    if (said.some((address) => target.addresses.includes(address))) return [];
    return [
      `${name}: ${mountPoint} hangs until it is mounted anew: \`umount -l ${mountPoint} && mount ${mountPoint}\`. What waits for a file there may wait for ever.`,
    ];
  });
}

/** Where a host is told of the new master, for what stands in the review. */
export function followersSay(following: readonly Following[]): readonly HostName[] {
  return following
    .filter(({ edits, reloads }) => edits.length + reloads.length > 0)
    .map(({ host }) => host.name);
}
