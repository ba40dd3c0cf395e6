import type { Millis } from '../../../core/host.js';
import type { Signature } from '../signature.js';

/** How a DRBD replica stands with its peer, as the kernel says it. */
export type ConnectionState =
  | 'StandAlone'
  | 'NetworkFailure'
  | 'WFConnection'
  | 'Connected'
  | 'SyncSource'
  | 'SyncTarget'
  | 'PausedSyncS'
  | 'PausedSyncT'
  | 'VerifyS'
  | 'VerifyT';

/** What a machine's kernel was told of a resource: by its file, at `up`, `connect` or `adjust`. */
export interface Settings {
  /** `/dev/sdb`, as the file names it. */
  readonly backing: string;
  /** `internal`, or the device that the metadata are on. */
  readonly metadata: string;
  readonly address: string;
  /** The peer's address. */
  readonly peer: string;
  readonly port: number;
  /** Options by their names: `allow-two-primaries`: `yes`. */
  readonly net: Map<string, string>;
  readonly disk: Map<string, string>;
}

/** One machine's side of a resource. Amounts are KiB. */
export interface Replica {
  readonly machine: string;
  /** The kernel has it. */
  up: boolean;
  /** Its disk has metadata, which know what follows. */
  hasMetadata: boolean;
  settings: Settings;
  role: 'Primary' | 'Secondary';
  /** The role it takes when the machine boots. */
  readonly bootRole: 'Primary' | 'Secondary';
  connection: ConnectionState;
  disk: 'UpToDate' | 'Outdated' | 'Inconsistent' | 'Diskless';
  /** Somebody paused its resync. */
  paused: boolean;
  outOfSync: number;
  sent: number;
  received: number;
  written: number;
  read: number;
  activityLog: number;
  /** Generation identifiers: 16 hexadecimal digits each. */
  current: string;
  bitmap: string;
  history: readonly [string, string];
  /** It was told to connect and give up its own changes. */
  discards: boolean;
}

/** A resynchronisation under way. Amounts are KiB, the rate KiB/s. */
export interface Resync {
  readonly source: string;
  readonly total: number;
  left: number;
  rate: number;
  readonly began: Millis;
}

/** A comparison of both copies under way. Amounts are KiB, the rate KiB/s. */
export interface Verify {
  /** The machine on which it was asked for. */
  readonly by: string;
  readonly total: number;
  left: number;
  readonly rate: number;
  readonly began: Millis;
}

/** A DRBD resource of one volume on two machines. */
export interface Resource {
  readonly name: string;
  readonly minor: number;
  /** KiB. */
  size: number;
  /** What each Primary writes, KiB/s. */
  readonly writes: number;
  /** Another one takes the place of a machine that is gone for good. */
  replicas: readonly [Replica, Replica];
  resync?: Resync;
  verify?: Verify;
  /** What the copies differ by that nobody knows of, KiB: a verify finds it. */
  differs: number;
  /** The file system on it. */
  fileSystem?: Signature;
}

/** The DRBD pair. */
export interface Drbd {
  readonly resources: Resource[];
  linkCut: boolean;
}
