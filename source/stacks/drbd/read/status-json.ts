import { z } from 'zod';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { drbdsetup, explainNotLoaded } from './drbdsetup.js';

/** A resource of DRBD 9 on the host that was asked. */
export interface StatusResource {
  readonly name: string;
  /** Null where the version does not say. */
  readonly nodeId: number | null;
  /** `Primary`, `Secondary`. */
  readonly role: string;
  /** I/O is held back. */
  readonly suspended: boolean;
  /** By what, as far as the version says: `user`, `no-data`, `fencing`, `quorum`. */
  readonly suspendedBy: readonly string[];
  readonly volumes: readonly StatusVolume[];
  readonly peers: readonly StatusPeer[];
}

/** A volume on the host that was asked. */
export interface StatusVolume {
  readonly volume: number;
  readonly minor: number;
  readonly disk: string;
  /** Diskless on purpose. */
  readonly client: boolean;
  /** Null where the version does not say. */
  readonly quorum: boolean | null;
  readonly sizeKiB: number | null;
}

/** A peer as this host sees it. */
export interface StatusPeer {
  readonly name: string;
  readonly nodeId: number | null;
  /** `Connected`, `Connecting`, `StandAlone` … */
  readonly connection: string;
  readonly role: string;
  readonly congested: boolean;
  readonly volumes: readonly StatusPeerVolume[];
}

/** A volume on a peer, as this host sees it. */
export interface StatusPeerVolume {
  readonly volume: number;
  /** `Established`, `Off`, `SyncSource` … */
  readonly replication: string;
  readonly disk: string;
  /** Diskless on purpose. */
  readonly client: boolean;
  /** `no`, or by whom: `user`, `peer`, `dependency`. */
  readonly resyncSuspended: string;
  readonly outOfSyncKiB: number | null;
  /** 0 to 100. */
  readonly percentInSync: number | null;
  /** 0 to 100, of the resync or verify that runs; null without one. */
  readonly percentDone: number | null;
  readonly secondsLeft: number | null;
  readonly kibPerSecond: number | null;
  /** The tool's own mark for no progress at all. */
  readonly stalled: boolean;
}

/** What `drbdsetup status --json` says. */
export interface Status {
  readonly resources: readonly StatusResource[];
}

const number = z.number().nullable().catch(null);
const flag = z.boolean().catch(false);
const word = z.string().catch('no');

const peerVolumeSchema = z
  .object({
    volume: z.number(),
    'replication-state': z.string(),
    'peer-disk-state': z.string(),
    'peer-client': flag,
    'resync-suspended': word,
    'out-of-sync': number,
    'percent-in-sync': number,
    'percent-resync-done': number,
    'estimated-seconds-to-finish': number,
    'db1/dt1 [MiB/s]': number,
  })
  .transform((v): StatusPeerVolume => {
    const seconds = v['estimated-seconds-to-finish'];
    const rate = v['db1/dt1 [MiB/s]'];
    const stalled = seconds === NEVER;
    return {
      volume: v.volume,
      replication: v['replication-state'],
      disk: v['peer-disk-state'],
      client: v['peer-client'],
      resyncSuspended: v['resync-suspended'],
      outOfSyncKiB: v['out-of-sync'],
      percentInSync: v['percent-in-sync'],
      percentDone: v['percent-resync-done'],
      secondsLeft: stalled ? null : seconds,
      kibPerSecond: rate === null ? null : rate * 1024,
      stalled,
    };
  });

/** What drbdsetup prints for the time left when nothing was done between its last two marks. */
const NEVER = 987654321;

const peerSchema = z
  .object({
    name: z.string(),
    'peer-node-id': number,
    'connection-state': z.string(),
    'peer-role': z.string().catch('Unknown'),
    congested: flag,
    peer_devices: z.array(peerVolumeSchema).default([]),
  })
  .transform((v): StatusPeer => ({
    name: v.name,
    nodeId: v['peer-node-id'],
    connection: v['connection-state'],
    role: v['peer-role'],
    congested: v.congested,
    volumes: v.peer_devices,
  }));

const volumeSchema = z
  .object({
    volume: z.number(),
    minor: z.number(),
    'disk-state': z.string(),
    client: flag,
    quorum: z.boolean().nullable().catch(null),
    size: number,
  })
  .transform((v): StatusVolume => ({
    volume: v.volume,
    minor: v.minor,
    disk: v['disk-state'],
    client: v.client,
    quorum: v.quorum,
    sizeKiB: v.size,
  }));

const resourceSchema = z
  .object({
    name: z.string(),
    'node-id': number,
    role: z.string(),
    // Newer versions say by whom instead of true.
    suspended: z.union([z.boolean(), z.string()]).catch(false),
    'suspended-user': flag,
    'suspended-no-data': flag,
    'suspended-fencing': flag,
    'suspended-quorum': flag,
    devices: z.array(volumeSchema).default([]),
    connections: z.array(peerSchema).default([]),
  })
  .transform((v): StatusResource => ({
    name: v.name,
    nodeId: v['node-id'],
    role: v.role,
    suspended: v.suspended !== false && v.suspended !== 'no' && v.suspended !== '',
    suspendedBy: [
      ...(typeof v.suspended === 'string' ? v.suspended.split(',').filter(isReason) : []),
      ...(['user', 'no-data', 'fencing', 'quorum'] as const).filter((by) => v[`suspended-${by}`]),
    ],
    volumes: v.devices,
    peers: v.connections,
  }));

function isReason(word: string): boolean {
  return word !== '' && word !== 'no' && word !== 'yes';
}

/**
 * Reads `drbdsetup status --json` (and `drbdadm status --json`) of DRBD 9: unknown fields are
 * passed over, missing numbers are null, a resource without its name or states is unread.
 * Sizes and amounts are KiB. Source: drbd-utils' drbdsetup.c (`resource_status_json`).
 */
export function parseStatusJson(text: string): Parsed<Status> {
  const json = parseJson(text);
  const list = z.array(z.unknown()).safeParse(json);
  if (!list.success) return notThis(1, 'a JSON list of resources');
  const resources: StatusResource[] = [];
  const unread: string[] = [];
  for (const item of list.data) {
    const resource = resourceSchema.safeParse(item);
    if (resource.success) resources.push(resource.data);
    else unread.push(shown(item));
  }
  return parsed({ resources }, unread);
}

function shown(item: unknown): string {
  try {
    return JSON.stringify(item);
  } catch {
    return 'an entry nested too deeply to be shown';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * `drbdsetup status --json`. With the kernel's DRBD 8.4 there is no JSON: it prints its usage and
 * ends with 20.
 */
export const statusJson: Tool<[], Status> = {
  command: () => drbdsetup('status', '--json'),
  parse: parseStatusJson,
  explain: (outcome) =>
    outcome.kind === 'exited' && outcome.code === 20
      ? { absent: 'this DRBD has no status in JSON' }
      : explainNotLoaded(outcome),
};

/** DRBD 9.2 as Primary with one peer. */
export const statusJsonSample = `[
{
  "name": "r0", "node-id": 0, "role": "Primary", "suspended": false, "write-ordering": "flush",
  "devices": [
    { "volume": 0, "minor": 0, "disk-state": "UpToDate", "client": false, "quorum": true,
      "size": 262100, "read": 0, "written": 0, "al-writes": 0, "bm-writes": 0,
      "upper-pending": 0, "lower-pending": 0 } ],
  "connections": [
    { "peer-node-id": 1, "name": "torchio", "connection-state": "Connected", "congested": false,
      "peer-role": "Secondary", "ap-in-flight": 0, "rs-in-flight": 0,
      "peer_devices": [
        { "volume": 0, "replication-state": "Established", "peer-disk-state": "UpToDate",
          "peer-client": false, "resync-suspended": "no", "received": 0, "sent": 0,
          "out-of-sync": 0, "pending": 0, "unacked": 0, "has-sync-details": false,
          "has-online-verify-details": false, "percent-in-sync": 100.00 } ] } ]
}
]
`;
