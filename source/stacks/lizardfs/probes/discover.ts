import type { Failure } from '../../../core/failure.js';
import { outcomeFailure } from '../../../core/failure.js';
import type { Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { CLIENT_PORT, type Place } from '../tools/question.js';
import {
  configCommand,
  elsewhereCommand,
  mountsCommand,
  parseAddresses,
  parseConfigs,
  parseLocalMounts,
  parseProcesses,
  parseTool,
  printed,
  processesCommand,
  resolveCommand,
  toolCommand,
  type ConfigFile,
  type LocalMount,
} from '../tools/on-host.js';

/** What a host knows by itself, without asking a daemon. */
export interface Discovery {
  /** The administration tool that is installed. */
  readonly admin?: string;
  /** The daemons that run. */
  readonly daemons: readonly string[];
  readonly configs: readonly ConfigFile[];
  readonly mounts: readonly LocalMount[];
  /** The metadata server of its own, if one runs or is configured. */
  readonly ownServer?: OwnServer;
  /** `master`, `shadow` or `ha-cluster-managed`, from the config of the metadata server. */
  readonly personality?: string;
  /** Where this host's daemons and mounts look for the master, the likeliest first. */
  readonly masters: readonly Candidate[];
  readonly unread: readonly string[];
}

/** A metadata server of this host, and where it listens. */
export interface OwnServer extends Place {
  readonly running: boolean;
}

/** A place where the master may be, and who says so. */
export interface Candidate extends Place {
  /** `mfschunkserver.cfg`, `/mnt/lizard`, `the metadata server here`. */
  readonly from: string;
}

/** More places are not tried in one round. */
const MOST = 4;

/** Looks around on a host: one round of commands, which travel together. */
export async function discover(host: Reader): Promise<Discovery | { readonly failure: Failure }> {
  const [processes, tool, config, mounted, elsewhere] = await Promise.all([
    host.run(processesCommand),
    host.run(toolCommand),
    host.run(configCommand),
    host.run(mountsCommand),
    host.run(elsewhereCommand),
  ]);
  // The tool's question ends well everywhere; if it did not, the host itself does not answer.
  if (tool.kind !== 'exited') return { failure: outcomeFailure(host.name, toolCommand, tool) };
  const admin = parseTool(tool.stdout);
  const daemons = parseProcesses(printed(processes));
  const configs = parseConfigs(printed(config));
  const mounts = parseLocalMounts(printed(mounted));
  const server = configs.value.find(({ path }) => /\/[ms]fsmaster\.cfg$/.test(path));
  const personality = server?.settings.PERSONALITY?.toLowerCase();
  const running = daemons.some((name) => /^[ms]fsmaster/.test(name));
  const ownServer = running || server ? { ...placeOf(server), running } : undefined;
  return {
    ...(admin !== undefined && { admin }),
    ...(ownServer && { ownServer }),
    ...(personality !== undefined && { personality }),
    daemons,
    configs: configs.value,
    mounts: mounts.value,
    masters: candidates(
      {
        configs: configs.value,
        mounts: mounts.value,
        daemons,
        elsewhere: linesOf(printed(elsewhere)),
      },
      ownServer,
      personality,
    ),
    unread: [...configs.unread, ...mounts.unread],
  };
}

/** Whether a host has anything of this file system. */
export function isAnything(found: Discovery): boolean {
  return (
    found.admin !== undefined ||
    [found.daemons, found.configs, found.mounts].some((list) => list.length > 0)
  );
}

function placeOf(server: ConfigFile | undefined): Place {
  const host = server?.settings.MATOCL_LISTEN_HOST;
  const port = Number(server?.settings.MATOCL_LISTEN_PORT);
  return {
    host: host === undefined || host === '*' || host === '' ? '127.0.0.1' : host,
    port: Number.isInteger(port) && port > 0 ? port : CLIENT_PORT,
  };
}

/** What tells where the master may be. */
interface Signs extends Pick<Discovery, 'configs' | 'mounts' | 'daemons'> {
  /** Default names that mean another host. */
  readonly elsewhere: readonly string[];
}

function candidates(
  { configs, mounts, daemons, elsewhere }: Signs,
  own: OwnServer | undefined,
  personality: string | undefined,
): readonly Candidate[] {
  const found = mastersOf(configs, personality).map(({ host, from }) => ({
    host,
    port: CLIENT_PORT,
    from,
  }));
  const mounted = mounts.map(({ master, mountPoint }) => ({ ...master, from: mountPoint }));
  const here = own?.running ? [{ host: own.host, port: own.port, from: 'its own config' }] : [];
  // Without a setting the daemons look for this name (the defaults in their sources).
  const sauna = daemons.some((name) => /^s(?:fs|auna)/.test(name));
  const name = sauna ? 'sfsmaster' : 'mfsmaster';
  const byDefault = { host: name, port: CLIENT_PORT, from: 'the default' };
  const away = [...found, ...mounted];
  const standsBy = personality === 'shadow';
  // To a master that runs here the name is news only where it means another one: then there are two.
  const isNews = here.length === 0 || standsBy || elsewhere.includes(name);
  if (away.length === 0 && isNews) away.push(byDefault);
  // A running master knows best; a shadow's config names another.
  const all = standsBy ? [...away, ...here] : [...here, ...away];
  const seen = new Set<string>();
  return all
    .filter(({ host, port }) => !seen.has(`${host}:${port}`) && seen.add(`${host}:${port}`))
    .slice(0, MOST);
}

/** A config file's word on where the master is. */
export interface MasterSetting {
  readonly host: string;
  /** The file's name without its folder. */
  readonly from: string;
}

/**
 * Where the configs say that the master is. A metadata server's own MASTER_HOST is used only while
 * it is a shadow, so a master's says nothing.
 */
export function mastersOf(
  configs: readonly ConfigFile[],
  personality: string | undefined,
): readonly MasterSetting[] {
  return configs.flatMap(({ path, settings }) => {
    const from = path.split('/').at(-1) ?? path;
    const host = settings.MASTER_HOST ?? settings['mount-master'];
    if (host === undefined || host === '') return [];
    const isOwn = /^[ms]fsmaster\.cfg$/.test(from);
    return isOwn && (personality ?? 'master') === 'master' ? [] : [{ host, from }];
  });
}

/** Whether a place is named by its address, which is the same on every host. */
export function isAddress(name: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(name);
}

/** The addresses of names as this host sees them; addresses stand for themselves. */
export async function resolveAll(
  host: Reader,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = [...new Set(names)].map(async (name) => {
    if (isAddress(name)) return [name, [name]] as const;
    return [name, parseAddresses(printed(await host.run(resolveCommand(name))))] as const;
  });
  return new Map(await Promise.all(entries));
}
