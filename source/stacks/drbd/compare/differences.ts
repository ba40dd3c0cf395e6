import type { Bucket, FileEntry } from './listing.js';

/** A name that is not alike on both sides. */
export type Difference =
  /** On one side alone: made there, or taken away on the other. */
  | { readonly kind: 'only'; readonly side: 0 | 1; readonly entry: FileEntry }
  | {
      readonly kind: 'unlike';
      readonly entries: readonly [FileEntry, FileEntry];
      /** What is not alike, the weightiest first. */
      readonly in: readonly Unlike[];
    };

/** In what two files of one name are not alike. */
export type Unlike = 'type' | 'size' | 'time' | 'rights' | 'change';

/** Finds the names that are not alike, the newest change first. Pure. */
export function differencesOf(
  here: readonly FileEntry[],
  there: readonly FileEntry[],
): readonly Difference[] {
  const other = new Map(there.map((entry) => [entry.path, entry]));
  const found: Difference[] = [];
  for (const entry of here) {
    const twin = other.get(entry.path);
    other.delete(entry.path);
    if (!twin) found.push({ kind: 'only', side: 0, entry });
    else {
      const unlike = unlikeIn(entry, twin);
      if (unlike.length > 0) found.push({ kind: 'unlike', entries: [entry, twin], in: unlike });
    }
  }
  for (const entry of other.values()) found.push({ kind: 'only', side: 1, entry });
  return found.sort((a, b) => newest(b) - newest(a));
}

/**
 * A folder's own size and times follow from what is in it, so only its rights are told. Nothing sets
 * the time of the last change (`ctime`) but a change: where it alone differs, the rest was put back.
 */
function unlikeIn(a: FileEntry, b: FileEntry): readonly Unlike[] {
  const told: Unlike[] = [];
  if (a.type !== b.type) told.push('type');
  const folders = a.type === 'd' && b.type === 'd';
  if (!folders && a.size !== b.size) told.push('size');
  if (!folders && a.modified !== b.modified) told.push('time');
  if (a.owned !== b.owned) told.push('rights');
  if (!folders && told.length === 0 && a.changed !== b.changed) told.push('change');
  return told;
}

/** The newest change of a difference, in seconds since 1970. */
export function newest(difference: Difference): number {
  switch (difference.kind) {
    case 'only':
      return Number(difference.entry.changed);
    case 'unlike':
      return Math.max(...difference.entries.map(({ changed }) => Number(changed)));
  }
}

/** The entry of a side in a difference, where it has one. */
export function entryOn(difference: Difference, side: 0 | 1): FileEntry | undefined {
  if (difference.kind === 'unlike') return difference.entries[side];
  return difference.side === side ? difference.entry : undefined;
}

/** Which stretches must be compared. */
export interface ToCompare {
  /** Their numbers, the newest first. */
  readonly buckets: readonly string[];
  /** So many others have to wait: they hold too many names. */
  readonly left: number;
}

/** Chooses the stretches that are not alike, the newest first, as long as they hold few enough names. */
export function unlikeBuckets(
  here: readonly Bucket[],
  there: readonly Bucket[],
  mostNames: number,
): ToCompare {
  const other = new Map(there.map((bucket) => [bucket.number, bucket]));
  const unlike: { readonly number: string; readonly newest: number; readonly count: number }[] = [];
  for (const bucket of here) {
    const twin = other.get(bucket.number);
    other.delete(bucket.number);
    if (twin?.sum === bucket.sum) continue;
    const count = Math.max(bucket.count, twin?.count ?? 0);
    unlike.push({ ...bucket, count, newest: Math.max(bucket.newest, twin?.newest ?? 0) });
  }
  unlike.push(...other.values());
  unlike.sort((a, b) => b.newest - a.newest);
  let names = 0;
  const chosen = unlike.filter(({ count }, index) => {
    names += count;
    return index === 0 || names <= mostNames;
  });
  return { buckets: chosen.map(({ number }) => number), left: unlike.length - chosen.length };
}

/** The numbers of the parts that are not alike. */
export function unlikeParts(here: readonly string[], there: readonly string[]): readonly number[] {
  const most = Math.max(here.length, there.length);
  return Array.from({ length: most }, (_, index) => index).filter(
    (index) => here[index] !== there[index],
  );
}
