import { notThis, type Parsed } from '../../../core/parsed.js';
import { aFlag, aList, aNumber, aText, Fields, Unread } from './fields.js';
import { readHealth, type Check } from './health.js';
import { findObject } from './json.js';
import { readPlacement, type PlacementMap } from './pgmap.js';

/** What `ceph -s -f json` says of a cluster. What a release does not say is null, never zero. */
export interface CephStatus extends PlacementMap {
  /** The cluster's id, a UUID. */
  readonly fsid: string | null;
  /** `HEALTH_OK`, `HEALTH_WARN`, `HEALTH_ERR`. */
  readonly health: string | null;
  readonly checks: readonly Check[];
  readonly monitors: { readonly inQuorum: number; readonly total: number | null } | null;
  readonly quorumNames: readonly string[];
  /** Seconds since the quorum was formed; said since Octopus. */
  readonly quorumAge?: number;
  readonly osds: { readonly up: number; readonly in: number; readonly total: number } | null;
  readonly remappedPgs: number;
  /** Null before Kraken, which had no manager. */
  readonly manager: Manager | null;
  /** Flags set on the OSD map: `noout`, `norebalance`, `full`. */
  readonly flags: readonly string[];
  /** Work that the manager reports on, by its own words. */
  readonly progress: readonly ProgressEvent[];
  /** The oldest release among the monitors: `pacific`; said since Nautilus. */
  readonly release?: string;
}

/** The daemon that gathers the statistics: without it nothing in the pgmap moves. */
export interface Manager {
  readonly available: boolean;
  readonly standbys: number;
  /** Not said since Octopus. */
  readonly name?: string;
}

/** A piece of work that the manager reports on. */
export interface ProgressEvent {
  readonly id: string;
  readonly message: string;
  /** 0 to 1. */
  readonly share: number;
}

const KNOWN = new Set([
  'fsid',
  'health',
  'election_epoch',
  'quorum',
  'quorum_names',
  'quorum_age',
  'monmap',
  'osdmap',
  'pgmap',
  'fsmap',
  'mdsmap',
  'mgrmap',
  'servicemap',
  'progress_events',
]);
const SIGNS = ['health', 'pgmap', 'osdmap', 'monmap', 'quorum'];

/** Reads `ceph -s -f json` of any release from Jewel (10) to Tentacle (20). */
export function parseStatus(text: string): Parsed<CephStatus> {
  const found = findObject(text);
  if (!found.ok) return found;
  const { object, around } = found.value;
  if (!SIGNS.some((sign) => Object.hasOwn(object, sign))) {
    return notThis(1, 'the JSON of `ceph -s`: health, monmap, osdmap, pgmap');
  }
  const unread = new Unread(around);
  const fields = new Fields(object, '', unread);
  fields.only(KNOWN);
  return { ok: true, value: readStatus(fields), unread: unread.lines() };
}

function readStatus(fields: Fields): CephStatus {
  const health = fields.inside('health');
  const { status, checks } = health ? readHealth(health) : { status: null, checks: [] };
  const quorumAge = fields.get('quorum_age', aNumber);
  const release = fields.inside('monmap')?.get('min_mon_release_name', aText);
  const outer = fields.inside('osdmap');
  // Nested until Nautilus, flat since Octopus.
  const osdmap = outer?.inside('osdmap') ?? outer;
  return {
    fsid: fields.get('fsid', aText) ?? null,
    health: status,
    checks,
    monitors: readMonitors(fields),
    quorumNames: texts(fields, 'quorum_names'),
    ...(quorumAge === undefined ? {} : { quorumAge }),
    osds: osdmap ? readOsds(osdmap) : null,
    remappedPgs: osdmap?.get('num_remapped_pgs', aNumber) ?? 0,
    manager: readManager(fields),
    flags: readFlags(checks, osdmap),
    progress: readProgress(fields),
    ...(release === undefined ? {} : { release }),
    ...readPlacement(fields.inside('pgmap')),
  };
}

function readMonitors(fields: Fields): CephStatus['monitors'] {
  const quorum = fields.get('quorum', aList);
  const monmap = fields.inside('monmap');
  // A number since Octopus, a list of monitors before.
  const total = monmap?.get('num_mons', aNumber) ?? monmap?.get('mons', aList)?.length;
  if (!quorum && total === undefined) return null;
  return { inQuorum: quorum?.length ?? 0, total: total ?? null };
}

function readOsds(osdmap: Fields): CephStatus['osds'] {
  const total = osdmap.get('num_osds', aNumber);
  const up = osdmap.get('num_up_osds', aNumber);
  const isIn = osdmap.get('num_in_osds', aNumber);
  if (total === undefined || up === undefined || isIn === undefined) return null;
  return { up, in: isIn, total };
}

function readManager(fields: Fields): Manager | null {
  const mgrmap = fields.inside('mgrmap');
  if (!mgrmap) return null;
  const name = mgrmap.get('active_name', aText);
  return {
    available: mgrmap.get('available', aFlag) ?? (name !== undefined && name !== ''),
    standbys: mgrmap.get('num_standbys', aNumber) ?? mgrmap.get('standbys', aList)?.length ?? 0,
    ...(name === undefined ? {} : { name }),
  };
}

/**
 * The flags named by health (`noout,norecover flag(s) set`; Jewel says it in a sentence), and
 * those that the OSD map itself showed until Nautilus.
 */
function readFlags(checks: readonly Check[], osdmap: Fields | undefined): readonly string[] {
  const named = checks.flatMap(
    ({ summary }) => /^([a-z,_-]+) flag\(s\) set/.exec(summary)?.[1]?.split(',') ?? [],
  );
  const shown = ['full', 'nearfull'].filter((flag) => osdmap?.get(flag, aFlag) === true);
  return [...new Set([...named, ...shown])];
}

function readProgress(fields: Fields): readonly ProgressEvent[] {
  return (fields.inside('progress_events')?.entries() ?? []).map(([id, event]) => ({
    id,
    message: event.get('message', aText) ?? '',
    share: Math.min(1, Math.max(0, event.get('progress', aNumber) ?? 0)),
  }));
}

function texts(fields: Fields, name: string): readonly string[] {
  return (fields.get(name, aList) ?? []).flatMap((entry, index) => {
    if (typeof entry === 'string') return [entry];
    fields.note(`${name}[${index}]`, entry);
    return [];
  });
}
