import type { Millis } from '../../core/host.js';

/** A Ceph monitor or manager daemon. */
export interface CephDaemon {
  readonly name: string;
  readonly machine: string;
  running: boolean;
}

/** An object storage daemon. */
export interface Osd {
  readonly id: number;
  readonly machine: string;
  running: boolean;
  /** As the monitors see it. */
  up: boolean;
  in: boolean;
  /** When it last came up or went down. */
  since: Millis;
  /** When it was last seen to differ from what the monitors think. */
  noticed?: Millis;
  /** Objects written while it was away. */
  missing: number;
}

/** A Ceph cluster of three-copy pools. */
export interface Ceph {
  readonly fsid: string;
  readonly monitors: readonly CephDaemon[];
  readonly managers: readonly CephDaemon[];
  readonly osds: readonly Osd[];
  readonly objects: number;
  /** Bytes. */
  readonly objectSize: number;
  readonly osdSize: number;
  /** Bytes per second of the clients. */
  readonly reads: number;
  readonly writes: number;
  epoch: number;
  election: number;
  electedAt: Millis;
  managerSince: Millis;
  /** Objects brought back since the last recovery began. */
  recovered: number;
  /** Placement groups have fewer copies than they should since then. */
  undersizedSince?: Millis;
  /** The ranks that were in quorum when last looked at. */
  electorate: string;
}
