import type { Millis } from '../../core/host.js';
import type { MetadataServer } from './metadata-state.js';

/** A disk of a chunkserver. Bytes. */
export interface ChunkDisk {
  /** `xs-1:0`. */
  readonly id: string;
  readonly path: string;
  total: number;
  damaged: boolean;
  /** Marked by `*`: its chunks are copied to other servers. */
  draining?: boolean;
  lastError: Millis;
  /** A disk new to the chunkserver is read through until then. */
  readonly scannedAt?: Millis;
}

/** A LizardFS chunkserver. */
export interface Chunkserver {
  readonly machine: string;
  readonly label: string;
  running: boolean;
  /** As the master sees it. */
  connected: boolean;
  /** The address of the master that it looks for, as it was when its config was read. */
  master: string;
  disks: readonly ChunkDisk[];
}

/** Chunks of one goal whose copies lie on the same disks. */
export interface ChunkGroup {
  readonly goal: string;
  readonly wanted: number;
  /** Ids of disks. */
  readonly holders: readonly string[];
  count: number;
}

/** A LizardFS installation. */
export interface LizardFs {
  readonly version: string;
  readonly metadataServers: MetadataServer[];
  readonly chunkservers: Chunkserver[];
  groups: ChunkGroup[];
  /** Chunks copied or deleted per second. */
  readonly pace: number;
  /** Bytes of an average chunk. */
  readonly chunkSize: number;
  /** Each talks to the master that it was mounted from, and hangs without it. */
  readonly mounts: readonly {
    readonly machine: string;
    readonly target: string;
    readonly master: string;
  }[];
  /** The newest that any metadata server has. */
  readonly metadataVersion: number;
  /** Work left over between steps of time. */
  owed: number;
}
