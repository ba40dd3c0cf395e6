import { aNumber, aText, type Fields } from './fields.js';

/** The part of the status that the manager gathers: placement groups, usage, rates. */
export interface PlacementMap {
  readonly pgs: {
    readonly total: number;
    /** How many placement groups are in each state, by Ceph's own words joined with `+`. */
    readonly byState: Readonly<Record<string, number>>;
    /** 0 to 1: the share that serves no I/O, as Ceph counts it. */
    readonly inactiveShare: number;
  } | null;
  readonly usage: {
    readonly usedBytes: number;
    readonly availableBytes: number;
    /** Zero while no OSD has reported. */
    readonly totalBytes: number;
    /** What users stored, before copies. */
    readonly dataBytes?: number;
  } | null;
  readonly objects: {
    readonly total?: number;
    /** Copies of objects that are missing. */
    readonly degraded: number;
    /** Copies that are whole but not where they should be. */
    readonly misplaced: number;
    /** Objects of which no copy can be found. */
    readonly unfound: number;
    /** Copies of all objects together; only said while some are degraded or misplaced. */
    readonly copies?: number;
  };
  /** Only said while something is being recovered; averaged by Ceph over some polls. */
  readonly recovery?: {
    readonly bytesPerSecond: number;
    readonly objectsPerSecond: number;
  };
  /** Only said while clients read or write. */
  readonly client?: {
    readonly readBytesPerSecond: number;
    readonly writeBytesPerSecond: number;
    readonly readsPerSecond: number;
    readonly writesPerSecond: number;
  };
}

/**
 * Reads the `pgmap` of `ceph -s`. `num_pgs` and the bytes are always there; degraded, misplaced,
 * unfound and all rates only where they are not zero (Ceph's `PGMapDigest::print_summary`).
 */
export function readPlacement(pgmap: Fields | undefined): PlacementMap {
  if (!pgmap) {
    return { pgs: null, usage: null, objects: { degraded: 0, misplaced: 0, unfound: 0 } };
  }
  const recovery = readRecovery(pgmap);
  const client = readClient(pgmap);
  return {
    pgs: readPgs(pgmap),
    usage: readUsage(pgmap),
    objects: readObjects(pgmap),
    ...(recovery && { recovery }),
    ...(client && { client }),
  };
}

function readRecovery(pgmap: Fields): PlacementMap['recovery'] {
  const bytesPerSecond = pgmap.get('recovering_bytes_per_sec', aNumber);
  const objectsPerSecond = pgmap.get('recovering_objects_per_sec', aNumber);
  if (bytesPerSecond === undefined && objectsPerSecond === undefined) return undefined;
  return { bytesPerSecond: bytesPerSecond ?? 0, objectsPerSecond: objectsPerSecond ?? 0 };
}

function readClient(pgmap: Fields): PlacementMap['client'] {
  const [read, written, reads, writes] = [
    'read_bytes_sec',
    'write_bytes_sec',
    'read_op_per_sec',
    'write_op_per_sec',
  ].map((name) => pgmap.get(name, aNumber));
  if ([read, written, reads, writes].every((rate) => rate === undefined)) return undefined;
  return {
    readBytesPerSecond: read ?? 0,
    writeBytesPerSecond: written ?? 0,
    readsPerSecond: reads ?? 0,
    writesPerSecond: writes ?? 0,
  };
}

function readPgs(pgmap: Fields): PlacementMap['pgs'] {
  const counts = new Map<string, number>();
  for (const state of pgmap.objects('pgs_by_state') ?? []) {
    const name = state.get('state_name', aText);
    const count = state.get('count', aNumber);
    if (name === undefined || count === undefined) state.note('state', state.record);
    else counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const sum = [...counts.values()].reduce((all, count) => all + count, 0);
  const total = pgmap.get('num_pgs', aNumber);
  if (total === undefined && counts.size === 0) return null;
  const inactiveShare =
    (pgmap.get('inactive_pgs_ratio', aNumber) ?? 0) +
    (pgmap.get('unknown_pgs_ratio', aNumber) ?? 0);
  // A state's name comes from the host and may be any word: fromEntries defines, it never assigns.
  return { total: total ?? sum, byState: Object.fromEntries(counts), inactiveShare };
}

function readUsage(pgmap: Fields): PlacementMap['usage'] {
  const totalBytes = pgmap.get('bytes_total', aNumber);
  const usedBytes = pgmap.get('bytes_used', aNumber);
  if (totalBytes === undefined || usedBytes === undefined) return null;
  const availableBytes = pgmap.get('bytes_avail', aNumber) ?? Math.max(0, totalBytes - usedBytes);
  const dataBytes = pgmap.get('data_bytes', aNumber);
  return {
    usedBytes,
    availableBytes,
    totalBytes,
    ...(dataBytes === undefined ? {} : { dataBytes }),
  };
}

function readObjects(pgmap: Fields): PlacementMap['objects'] {
  const total = pgmap.get('num_objects', aNumber);
  const copies = pgmap.get('degraded_total', aNumber) ?? pgmap.get('misplaced_total', aNumber);
  return {
    ...(total === undefined ? {} : { total }),
    degraded: pgmap.get('degraded_objects', aNumber) ?? 0,
    misplaced: pgmap.get('misplaced_objects', aNumber) ?? 0,
    unfound: pgmap.get('unfound_objects', aNumber) ?? 0,
    ...(copies === undefined ? {} : { copies }),
  };
}
