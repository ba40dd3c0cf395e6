import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { parseKeyValue, valueOf as settingIn } from '../../../../files/key-value.js';
import { readHidden } from '../../../../tools/secret-lines.js';
import { runs, settingOf, type Flavour } from '../../flavour/parse.js';
import { lookAtFlavour } from '../../flavour/look.js';
import { discover } from '../../probes/discover.js';
import { statusAt } from '../../steps/server-place.js';
import { ADMIN_TOOLS } from '../../tools/admin.js';
import type { MetadataStatus } from '../../tools/metadata-status.js';
import { parseAddresses, printed, resolveCommand, type LocalMount } from '../../tools/on-host.js';
import { PASSWORDS } from '../../wizards/masters/look.js';
import { readText } from '../../../../tools/read-text.js';
import { parsePositions, positionsCommand, type Positions } from './positions.js';

export type AdminTool = (typeof ADMIN_TOOLS)[number];

/** A config file of a daemon; its passwords are hidden. */
export interface Config {
  readonly path: string;
  readonly text: string;
}

/** The daemons that look for the master. */
export type Daemon = 'master' | 'chunkserver' | 'metalogger';

/** What uraft would do with the floating address. */
export interface Uraft {
  readonly running: boolean;
  readonly address?: string;
  readonly netmask?: string;
  readonly device?: string;
}

/** All that a host tells of masters. */
export interface KnownHost {
  readonly ok: true;
  readonly name: HostName;
  readonly flavour: Flavour;
  readonly tool?: AdminTool;
  /** Those that are there and can be read. */
  readonly configs: ReadonlyMap<Daemon, Config>;
  /** Configs that could not be read, and why. */
  readonly unread: readonly string[];
  /** /etc/hosts */
  readonly hosts: string | null;
  readonly mounts: readonly LocalMount[];
  readonly dataFolder: string;
  readonly positions: Positions;
  /** `master`, `shadow` or `ha-cluster-managed`; undefined: no metadata server is configured. */
  readonly personality?: string;
  readonly uraft?: Uraft;
  /** IPv4, without loopback. */
  readonly addresses: readonly string[];
  /** The addresses of the names by which its daemons and mounts look for the master. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** A host, or why nothing is known of it. */
export type FoundHost =
  KnownHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/** What a metadata server said to one of our hosts. */
export interface Told {
  readonly asker: HostName;
  readonly address: string;
  readonly status?: MetadataStatus;
}

/** The evidence of all hosts. */
export interface Evidence {
  readonly hosts: readonly FoundHost[];
  readonly told: readonly Told[];
}

/** Gathers all evidence: each host for itself, then every host that can asks at every address. */
export async function gatherEvidence(readers: readonly Reader[]): Promise<Evidence> {
  const hosts = await Promise.all(readers.map(lookAtHost));
  const known = hosts.flatMap((host) => (host.ok ? [host] : []));
  const addresses = [
    ...new Set(
      known.flatMap((host) => [
        ...(host.personality === undefined ? [] : host.addresses),
        ...[...host.names.values()].flat(),
      ]),
    ),
  ].filter((address) => !address.startsWith('127.'));
  const told = await Promise.all(
    known.flatMap(({ name, tool }) => {
      const reader = readers.find((one) => one.name === name);
      if (!reader || tool === undefined) return [];
      return addresses.map(async (address): Promise<Told> => {
        const status = await statusAt(reader, tool, address);
        return { asker: name, address, ...(status && { status }) };
      });
    }),
  );
  return { hosts, told };
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const look = await lookAtFlavour(host);
  if (!look.ok) return { ok: false, name: host.name, because: look.because };
  const { flavour } = look;
  const { family } = flavour;
  const prefix = family?.prefix ?? 'mfs';
  const folder = family?.configFolder ?? '/etc/mfs';
  const names: readonly Daemon[] = ['master', 'chunkserver', 'metalogger'];
  const paths = names.map((name) => ({ name, path: `${folder}/${prefix}${name}.cfg` }));
  const there = paths.filter(({ path }) => flavour.files.includes(path));
  const dataFolder =
    settingOf(flavour, 'DATA_PATH', `${prefix}master.cfg`) ?? family?.dataFolder ?? '/var/lib/mfs';
  const [read, hosts, found, positions, uraft] = await Promise.all([
    Promise.all(
      there.map(async ({ name, path }) => ({
        name,
        path,
        read: await readHidden(host, path, PASSWORDS),
      })),
    ),
    readText(host, '/etc/hosts'),
    discover(host),
    host.run(positionsCommand([...new Set([dataFolder, ...flavour.dataFolders])])),
    lookAtUraft(host, flavour),
  ]);
  const configs = new Map(
    read.flatMap(({ name, path, read: one }): [Daemon, Config][] =>
      'text' in one && one.text !== null ? [[name, { path, text: one.text }]] : [],
    ),
  );
  const mounts = 'failure' in found ? [] : found.mounts;
  const tool = ADMIN_TOOLS.find((name) => flavour.programs.has(name));
  const master = configs.get('master');
  const told = parsePositions(printed(positions));
  // MooseFS has no personality: whoever has a master's metadata is one when it starts.
  const isServer =
    runs(flavour, 'master') ||
    told.serverFiles.length > 0 ||
    (master !== undefined && family?.id !== 'moosefs');
  return {
    ok: true,
    name: host.name,
    flavour,
    ...(tool !== undefined && { tool }),
    configs,
    unread: read.flatMap(({ read: one }) => ('because' in one ? [one.because] : [])),
    hosts: 'text' in hosts ? hosts.text : null,
    mounts,
    dataFolder,
    positions: told,
    ...(isServer && { personality: personalityOf(master) }),
    ...(uraft && { uraft }),
    addresses: flavour.addresses.filter((address) => /^\d+(?:\.\d+){3}$/.test(address)),
    names: await resolved(host, prefix, configs, mounts),
  };
}

/** Without a setting it is a master (the program's default, and MooseFS has no other). */
function personalityOf(config: Config | undefined): string {
  const value = config && settingIn(parseKeyValue(config.text), 'PERSONALITY');
  return (value ?? 'master').toLowerCase();
}

/** Where a daemon looks for its master. */
export function masterHostOf(text: string, prefix: string): string {
  return settingIn(parseKeyValue(text), 'MASTER_HOST') ?? `${prefix}master`;
}

async function resolved(
  host: Reader,
  prefix: string,
  configs: KnownHost['configs'],
  mounts: readonly LocalMount[],
): Promise<KnownHost['names']> {
  const wanted = new Set([
    ...[...configs.values()].map(({ text }) => masterHostOf(text, prefix)),
    ...mounts.map(({ master }) => master.host),
  ]);
  const answers = [...wanted].map(async (name) => {
    const said = /^\d+(?:\.\d+){3}$/.test(name)
      ? [name]
      : parseAddresses(printed(await host.run(resolveCommand(name))));
    return [name, said] as const;
  });
  return new Map(await Promise.all(answers));
}

const URAFT = [
  'for f in /etc/mfs/lizardfs-uraft.cfg /etc/lizardfs/lizardfs-uraft.cfg /etc/saunafs/saunafs-uraft.cfg; do',
  `[ -r "$f" ] && sed -n 's/^ *URAFT_FLOATING_\\(IP\\|NETMASK\\|IFACE\\) *= *\\([^ ]*\\).*/\\1 \\2/p' "$f"; done; true`,
].join(' ');

async function lookAtUraft(host: Reader, flavour: Flavour): Promise<Uraft | undefined> {
  const running = flavour.running.some((name) => name.endsWith('-uraft'));
  const text = printed(await host.run(reads(['sh', '-c', URAFT])));
  const value = (key: string): string | undefined =>
    new RegExp(`^${key} (\\S+)$`, 'm').exec(text)?.[1];
  const [address, netmask, device] = [value('IP'), value('NETMASK'), value('IFACE')];
  if (!running && address === undefined) return undefined;
  return {
    running,
    ...(address !== undefined && { address }),
    ...(netmask !== undefined && { netmask }),
    ...(device !== undefined && { device }),
  };
}
