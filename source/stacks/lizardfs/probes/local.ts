import type { Reader } from '../../../core/host.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { askAdmin, queries } from '../tools/admin.js';
import { unreadOf, type Part } from '../tools/question.js';
import type { MetadataStatus } from '../tools/metadata-status.js';
import { discover, isAnything, mastersOf, resolveAll, type Discovery } from './discover.js';
import { lookUpNames, type MasterName } from './names.js';

/** What of this file system is on one host. */
export interface Local extends Omit<Discovery, 'masters' | 'unread'> {
  /** Where its configs say that the master is. */
  readonly masters: readonly {
    readonly host: string;
    readonly from: string;
    /** What this host takes the name for; empty where it cannot tell. */
    readonly addresses: readonly string[];
  }[];
  /** The names by which it looks for the master, or would. */
  readonly names: readonly MasterName[];
  /** What its own metadata server says of itself, if one runs and the tool is there. */
  readonly status?: Part<MetadataStatus>;
}

/** Each host for itself: daemons, configs, mounts, and its own metadata server's state. */
export const localProbe: Probe<Local> = {
  id: 'lizardfs.local',
  title: 'LizardFS on this host',
  every: 10_000,
  scope: 'host',
  read,
};

async function read(host: Reader): Promise<Answer<Local>> {
  const found = await discover(host);
  if ('failure' in found) return { kind: 'failed', failure: found.failure };
  if (!isAnything(found)) return { kind: 'absent', because: 'nothing of LizardFS is on this host' };
  const { admin, ownServer, configs, personality, unread, ...rest } = found;
  const settings = mastersOf(configs, personality);
  const [addresses, names, status] = await Promise.all([
    resolveAll(
      host,
      settings.map((setting) => setting.host),
    ),
    lookUpNames(host, found),
    admin !== undefined && ownServer?.running
      ? askAdmin(host, admin, queries.status, ownServer)
      : Promise.resolve(undefined),
  ]);
  const value: Local = {
    ...rest,
    configs,
    ...(admin !== undefined && { admin }),
    ...(ownServer && { ownServer }),
    ...(personality !== undefined && { personality }),
    ...(status && { status }),
    names,
    masters: settings.map((setting) => ({
      ...setting,
      addresses: addresses.get(setting.host) ?? [],
    })),
  };
  const more = status ? unreadOf(status) : [];
  return { kind: 'value', value, unread: [...unread, ...more] };
}
