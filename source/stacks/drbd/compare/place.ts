/** One volume of a resource, as what belongs to its comparison is named. */
export interface Compared {
  readonly resource: string;
  readonly volume: number;
}

/** Where a host keeps what was found out about its side; it is gone when the host restarts. */
export function comparisonFolder({ resource, volume }: Compared): string {
  return `/run/holdfast-compare/${resource}.${volume}`;
}

/** Where a snapshot of a side is mounted while it is read. */
export function snapshotMount({ resource, volume }: Compared): string {
  return `/run/holdfast-snapshot-${resource}.${volume}`;
}

/** What the snapshot is called that is there while a side is read. */
export function snapshotName(lv: string): string {
  return `${lv}-compare`;
}

/** Files whose inode numbers lie together are summed as one: so many numbers. */
export const BUCKET = 8192;

/** Largest number of files of which a list is made: it lies in memory, packed. */
export const MOST_FILES = 3_000_000;

/** Into so many parts a volume without a file system is cut at the most. */
export const MOST_EXTENTS = 1024;

const MIB = 2 ** 20;

/** How long the parts are into which a volume of this size is cut, in bytes: whole MiB. */
export function extentOf(sizeBytes: number): number {
  return Math.max(MIB, Math.ceil(sizeBytes / MOST_EXTENTS / MIB) * MIB);
}
