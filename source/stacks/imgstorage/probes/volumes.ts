import { reads, type Command } from '../../../core/host.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { ask } from '../../../core/tool.js';
import {
  DATASET_FIELDS,
  parseDatasets,
  parsePermissions,
  parsePools,
  type Dataset,
  type Permissions,
  type Pool,
} from '../../../tools/zfs.js';
import { whereRole } from './role.js';

/** The pools of a host and all that lies in them. */
export interface Volumes {
  readonly pools: readonly Pool[];
  readonly datasets: readonly Dataset[];
}

/** Pools, file systems, volumes and snapshots, sizes in bytes. */
export function datasetsCommand(): Command<'reads'> {
  return reads(['zfs', 'list', '-H', '-p', '-t', 'all', '-o', DATASET_FIELDS.join(',')], 15_000);
}

/** The pools and their health. */
export function poolsCommand(): Command<'reads'> {
  return reads(['zpool', 'list', '-H', '-o', 'name,health'], 15_000);
}

/** Which volumes a host has: images on a NAS, their copies and what is written beside on a container. */
export const volumesProbe: Probe<Volumes> = {
  id: 'imgstorage.volumes',
  title: 'ZFS pools and volumes',
  every: 15_000,
  scope: 'host',
  read: (host) =>
    whereRole(
      host,
      ['nas', 'container'],
      bothOf(
        ask(host, { command: poolsCommand, parse: parsePools }),
        ask(host, { command: datasetsCommand, parse: parseDatasets }),
      ),
    ),
};

async function bothOf(
  pools: Promise<Answer<readonly Pool[]>>,
  datasets: Promise<Answer<readonly Dataset[]>>,
): Promise<Answer<Volumes>> {
  const [first, second] = await Promise.all([pools, datasets]);
  if (first.kind !== 'value') return first;
  if (second.kind !== 'value') return second;
  return {
    kind: 'value',
    value: { pools: first.value, datasets: second.value },
    unread: [...first.unread, ...second.unread],
  };
}

/** `zfs allow` knows no format for programs; each answer stands behind its pool's name. */
const PERMISSIONS = 'for p in $(zpool list -H -o name); do echo "== $p"; zfs allow "$p"; done';

/** Who may do what with each pool by delegation. */
export function permissionsCommand(): Command<'reads'> {
  return reads(['sh', '-c', PERMISSIONS], 15_000);
}

/** What the roll's user may do with the pools; it is set once, so it is asked seldom. */
export const permissionsProbe: Probe<readonly Permissions[]> = {
  id: 'imgstorage.permissions',
  title: 'permissions of the roll’s user',
  every: 60_000,
  scope: 'host',
  read: (host) =>
    whereRole(
      host,
      ['nas', 'container'],
      ask(host, { command: permissionsCommand, parse: parsePermissions }),
    ),
};
