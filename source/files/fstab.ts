import { joinLines, splitLines } from './lines.js';

/**
 * /etc/fstab: six fields a line, separated by blanks or tabs, blanks inside a field as `\040`
 * (fstab(5)). Comments, empty lines, order and the way each line is written survive an edit.
 */
export interface FstabEntry {
  /** Device, `UUID=…`, `LABEL=…`, `host:/path` or a word such as `tmpfs`. */
  readonly source: string;
  /** The mount point; `none` for swap. */
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
  /** dump(8)'s field; 0 where it is left out. */
  readonly dump: number;
  /** The order of fsck at boot: 0 never, 1 the root, 2 others. */
  readonly pass: number;
}

/** A line as it stands in the file, with what it says. */
export type FstabLine =
  | { readonly kind: 'entry'; readonly raw: string; readonly entry: FstabEntry }
  /** A comment or an empty line. */
  | { readonly kind: 'other'; readonly raw: string }
  /** Neither an entry nor a comment: kept, and told. */
  | { readonly kind: 'broken'; readonly raw: string; readonly because: string };

/** A whole file. */
export interface Fstab {
  readonly lines: readonly FstabLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseFstab(text: string): Fstab {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printFstab({ lines, endsWithNewline }: Fstab): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The entries, in the order of the file. */
export function fstabEntries({ lines }: Fstab): readonly FstabEntry[] {
  return lines.flatMap((line) => (line.kind === 'entry' ? [line.entry] : []));
}

/**
 * The file with an entry at its end.
 *
 * @throws RangeError where a field cannot be written: empty, or with a line break in it
 */
export function addFstabEntry(fstab: Fstab, entry: FstabEntry): Fstab {
  const line: FstabLine = { kind: 'entry', raw: printEntry(entry), entry };
  return { lines: [...fstab.lines, line], endsWithNewline: true };
}

/** The file without the entries that match. */
export function removeFstabEntries(fstab: Fstab, matches: (entry: FstabEntry) => boolean): Fstab {
  const lines = fstab.lines.filter((line) => line.kind !== 'entry' || !matches(line.entry));
  return { ...fstab, lines };
}

/** What is wrong with the file as it stands, by line, counted from 1. */
export function fstabFaults(
  fstab: Fstab,
): readonly { readonly line: number; readonly says: string }[] {
  return fstab.lines.flatMap((line, index) =>
    line.kind === 'broken' ? [{ line: index + 1, says: line.because }] : [],
  );
}

function parseLine(raw: string): FstabLine {
  const fields = raw.split(/[ \t\r]+/).filter((field) => field !== '');
  const [source, target, type, options = 'defaults', dump = '0', pass = '0', ...more] = fields;
  if (source === undefined || source.startsWith('#')) return { kind: 'other', raw };
  const because = fault(target, type, [dump, pass], more);
  if (because !== undefined || target === undefined || type === undefined) {
    return { kind: 'broken', raw, because: because ?? 'it has fewer than three fields' };
  }
  return {
    kind: 'entry',
    raw,
    entry: {
      source: unescape(source),
      target: unescape(target),
      type,
      options: unescape(options).split(','),
      dump: Number(dump),
      pass: Number(pass),
    },
  };
}

function fault(
  target: string | undefined,
  type: string | undefined,
  numbers: readonly string[],
  more: readonly string[],
): string | undefined {
  if (target === undefined || type === undefined) return 'it has fewer than three fields';
  if (!target.startsWith('/') && target !== 'none' && target !== 'swap') {
    return 'its mount point is not a path';
  }
  // mount(8) takes what follows a `#` after the sixth field as a comment.
  if (more.length > 0 && more[0]?.startsWith('#') !== true) return 'it has more than six fields';
  if (!numbers.every((field) => /^\d+$/.test(field))) {
    return 'its fifth and sixth fields are not numbers';
  }
  return undefined;
}

function printEntry({ source, target, type, options, dump, pass }: FstabEntry): string {
  const words = [source, target, type, options.join(',')].map(escape);
  return [...words, dump, pass].join(' ');
}

/** Blanks and backslashes as octal, the way getmntent(3) reads them. */
function escape(field: string): string {
  if (field === '' || /[\n\r\0]/.test(field)) {
    throw new RangeError(`fstab cannot hold the field ${JSON.stringify(field)}`);
  }
  return field.replace(/[ \t\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => {
    return String.fromCharCode(Number.parseInt(octal, 8));
  });
}
