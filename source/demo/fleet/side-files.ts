import type { Replica } from './drbd/state.js';
import type { Volume } from './lvm.js';
import type { Fleet, Machine } from './state.js';

/** A name in a file system, with what `stat` says of it. Times are seconds since 1970. */
export interface SideFile {
  readonly path: string;
  readonly inode: number;
  readonly type: 'd' | 'f' | 'l';
  readonly size: number;
  readonly changed: number;
  /** Rights and owner: `644 0:0`. */
  readonly owned: string;
}

/** Who carries the same generation of data has the same files. */
const known = new WeakMap<Fleet, Map<string, readonly SideFile[]>>();

function keyOf(resource: string, { current }: Replica): string {
  return `${resource} ${current.slice(0, 15)}`;
}

/** Says what the data of one side of a resource holds. */
export function setSideFiles(
  fleet: Fleet,
  resource: string,
  replica: Replica,
  files: readonly SideFile[],
): void {
  const all = known.get(fleet) ?? new Map<string, readonly SideFile[]>();
  known.set(fleet, all.set(keyOf(resource, replica), files));
}

/** What the file system holds that a machine's volume carries; undefined: no DRBD stands on it. */
export function sideFiles(
  fleet: Fleet,
  machine: Machine,
  { device }: Volume,
): readonly SideFile[] | undefined {
  for (const { name, replicas } of fleet.drbd.resources) {
    const replica = replicas.find(({ machine: on, settings }) => {
      return on === machine.name && settings.backing === `/dev/${device.name}`;
    });
    if (replica) return known.get(fleet)?.get(keyOf(name, replica));
  }
  return undefined;
}

/** What a snapshot was taken of, and what that held then. */
export interface SnapshotOf {
  readonly origin: Volume;
  readonly files: readonly SideFile[];
}

const snapshots = new WeakMap<Volume, SnapshotOf>();

/** Says that a volume is a snapshot. */
export function setSnapshot(volume: Volume, of: SnapshotOf): void {
  snapshots.set(volume, of);
}

/** What a volume is a snapshot of; undefined: it is none. */
export function snapshotOf(volume: Volume): SnapshotOf | undefined {
  return snapshots.get(volume);
}
