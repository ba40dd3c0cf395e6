import { linesOf } from '../../../core/text.js';

/** What a host keeps of its side of a comparison, without the list itself. */
export interface SideRead {
  readonly id: string;
  /** The first 15 digits of the data generation that was read. */
  readonly generation: string;
  /** When it was read, in seconds since 1970 by that host's clock. */
  readonly at: number;
  readonly found:
    | { readonly kind: 'files'; readonly buckets: readonly Bucket[] }
    /** A sum for each part, in their order. */
    | { readonly kind: 'blocks'; readonly sums: readonly string[] };
}

/** A stretch of inode numbers, summed. */
export interface Bucket {
  readonly number: string;
  readonly sum: string;
  /** The names in it. */
  readonly count: number;
  /** The newest change of a file in it, in seconds since 1970. */
  readonly newest: number;
}

/** A name in a file system, as the list has it. */
export interface FileEntry {
  readonly inode: string;
  /** As find's `%y`: `f`, `d`, `l`. */
  readonly type: string;
  readonly size: number;
  /** Seconds since 1970, with their fractions as they were printed: two times are equal or not. */
  readonly modified: string;
  readonly changed: string;
  /** Rights and owner: `644 0:0`. */
  readonly owned: string;
  /** From the root of the file system. */
  readonly path: string;
}

/**
 * Reads what a host keeps: the head, then the sums. Undefined where there is nothing, or nothing whole.
 * md5sum prints `SUM  -`, and the line of its bucket follows.
 */
export function parseSideRead(stdout: string): SideRead | undefined {
  const lines = linesOf(stdout);
  const of = (key: string): string =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
  const head = { id: of('id'), generation: of('generation'), at: Number(of('at')) };
  if (head.id === '' || !/^[0-9A-F]{15}$/.test(head.generation) || !(head.at > 0)) return undefined;
  switch (of('kind')) {
    case 'files':
      return { ...head, found: { kind: 'files', buckets: bucketsOf(lines) } };
    case 'blocks': {
      const sums = lines.flatMap((line) => /^\d+ ([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
      return { ...head, found: { kind: 'blocks', sums } };
    }
    default:
      return undefined;
  }
}

function bucketsOf(lines: readonly string[]): readonly Bucket[] {
  return lines.flatMap((line, index): readonly Bucket[] => {
    const [, number, count, newest] = /^bucket (\d+) (\d+) (\d+(?:\.\d+)?)$/.exec(line) ?? [];
    const [, sum] = /^([0-9a-f]{32}) {2}-$/.exec(lines[index - 1] ?? '') ?? [];
    if (number === undefined || sum === undefined) return [];
    return [{ number, sum, count: Number(count), newest: Number(newest) }];
  });
}

const ENTRY = /^(\d+) (\S) (\d+) (-?[\d.]+) (-?[\d.]+) ([0-7]+ \d+:\d+) (.*)$/s;

/** Reads lines of the list; what is no whole line is counted and not guessed. */
export function parseEntries(stdout: string): {
  readonly entries: readonly FileEntry[];
  readonly unread: number;
} {
  const entries: FileEntry[] = [];
  let unread = 0;
  for (const line of linesOf(stdout)) {
    const [, inode = '', type = '', size = '', modified = '', changed = '', owned = '', name] =
      ENTRY.exec(line) ?? [];
    if (name === undefined) unread += 1;
    else {
      // The root itself has no name, and a newline in a name stands as ^A.
      const path = `/${name.replaceAll('\u0001', '\n')}`;
      entries.push({ inode, type, size: Number(size), modified, changed, owned, path });
    }
  }
  return { entries, unread };
}
