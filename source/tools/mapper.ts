import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';

/** How full the memory of a snapshot is, or what became of it (dm-snapshot of the kernel). */
export type Filling =
  | {
      readonly kind: 'filled';
      /** Sectors taken of all, those of its own tables among them. A merge is done at `allocated = metadata`. */
      readonly allocated: number;
      readonly total: number;
      readonly metadata: number;
    }
  /** `Invalid`, `Overflow`, `Merge failed`, `Unknown`, `Error`: the kernel's own words. */
  | { readonly kind: 'broken'; readonly word: string };

/** A device of device mapper as far as the roll makes such. */
export interface MapperDevice {
  readonly name: string;
  /** Sectors of 512 bytes. */
  readonly sectors: number;
  /** `snapshot`, `snapshot-merge` or `linear`; others are not the roll's. */
  readonly target: string;
  /** What it stands on, as the kernel writes it: `8:32`; in their order, the memory last. */
  readonly beneath: readonly string[];
  /** Of `snapshot` and `snapshot-merge`; undefined: not asked or not told. */
  readonly filling?: Filling;
  /** How many have it open; undefined: not told. */
  readonly open?: number;
  /** I/O to it is held back; undefined: not told. */
  readonly suspended?: boolean;
}

/** A device's line apart from its name: names may hold a colon, so the last `: ` ends it. */
function lineOf(line: string): { name: string; words: readonly string[] } | undefined {
  const [, name, rest] = /^(.*): (\d+ \d+ \S.*)$/.exec(line) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, words: rest.split(/\s+/) };
}

/** The lines of `dmsetup table`: name, start, length, target, arguments. One line a segment. */
export function parseMapperTable(text: string): Parsed<readonly MapperDevice[]> {
  return perLine(text, ({ name, words: [, length, target = '', ...rest] }) => ({
    name,
    sectors: Number(length),
    target,
    beneath: rest.filter((word) => /^\d+:\d+$/.test(word)),
  }));
}

/** How full each snapshot is, by its name, from `dmsetup status`. */
export function parseMapperStatus(text: string): Parsed<ReadonlyMap<string, Filling>> {
  const lines = perLine(text, ({ name, words: [, , target = '', ...rest] }) => {
    return { name, filling: /^snapshot(?:-merge)?$/.test(target) ? fillingOf(rest) : undefined };
  });
  if (!lines.ok) return lines;
  const known = lines.value.flatMap(({ name, filling }): [string, Filling][] =>
    filling ? [[name, filling]] : [],
  );
  return parsed(new Map(known), lines.unread);
}

/** `9099712/73400320 17760`; before Linux 2.6.39 without the last number. */
function fillingOf(words: readonly string[]): Filling {
  const [, allocated, total] = /^(\d+)\/(\d+)$/.exec(words[0] ?? '') ?? [];
  if (allocated === undefined) return { kind: 'broken', word: words.join(' ') };
  return {
    kind: 'filled',
    allocated: Number(allocated),
    total: Number(total),
    metadata: Number(words[1] ?? 0),
  };
}

/** What is asked of `dmsetup info -c`, in this order. */
export const INFO_FIELDS = 'name,open,attr,major,minor';

/** What `dmsetup info -c` tells of one device. */
export interface MapperInfo {
  readonly name: string;
  readonly open: number;
  readonly suspended: boolean;
  /** `253:2`. */
  readonly number: string;
}

/** Reads `dmsetup info -c --noheadings --separator '|' -o name,open,attr,major,minor`. */
export function parseMapperInfo(text: string): Parsed<readonly MapperInfo[]> {
  const unread: string[] = [];
  const found = linesOf(text).flatMap((line): MapperInfo[] => {
    if (isNone(line)) return [];
    const [, name, open, attr, major, minor] =
      /^(.+)\|(\d+)\|([A-Za-z-]+)\|(\d+)\|(\d+)$/.exec(line.trim()) ?? [];
    if (name === undefined || attr === undefined) {
      unread.push(line);
      return [];
    }
    const number = `${major ?? ''}:${minor ?? ''}`;
    return [{ name, open: Number(open), suspended: attr.includes('s'), number }];
  });
  return parsed(found, unread);
}

function isNone(line: string): boolean {
  return line.trim() === '' || line.trim() === 'No devices found';
}

function perLine<T>(
  text: string,
  make: (line: { readonly name: string; readonly words: readonly string[] }) => T,
): Parsed<readonly T[]> {
  const unread: string[] = [];
  const found = linesOf(text).flatMap((line): T[] => {
    const known = isNone(line) ? undefined : lineOf(line);
    if (known) return [make(known)];
    if (!isNone(line)) unread.push(line);
    return [];
  });
  if (found.length === 0 && unread.length > 0) return notThis(1, 'lines of dmsetup');
  return parsed(found, unread);
}
