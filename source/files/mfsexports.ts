import { joinLines, splitLines } from './lines.js';

/**
 * mfsexports.cfg of LizardFS, SaunaFS and MooseFS (mfsexports.cfg(5)): `range path options`, parted by
 * blanks; `#` begins a comment, also behind an entry. The path `.` is the one for metadata (trash). Of
 * several entries that fit a client the most special holds, so their order says nothing.
 */
export interface Export {
  /** `*`, an address, `A-B`, `net/bits` or `net/mask`. */
  readonly range: string;
  /** `/…` in the file system, or `.`. */
  readonly path: string;
  /** `rw`, `alldirs`, `maproot=0`; empty: read-only. */
  readonly options: readonly string[];
}

/** A line as it stands in the file. */
export interface ExportLine {
  readonly raw: string;
  readonly entry?: Export;
}

/** A whole file. */
export interface ExportsFile {
  readonly lines: readonly ExportLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseExports(text: string): ExportsFile {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printExports({ lines, endsWithNewline }: ExportsFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The entries, in the order of the file. */
export function exportsOf({ lines }: ExportsFile): readonly Export[] {
  return lines.flatMap(({ entry }) => (entry ? [entry] : []));
}

/**
 * The file with exactly these entries: lines of entries that stay are not touched, others go, new ones
 * come after the last entry, comments stay.
 *
 * @throws RangeError where an entry does not fit the format
 */
export function withExports(file: ExportsFile, wanted: readonly Export[]): ExportsFile {
  const left = [...wanted];
  const kept = file.lines.filter(({ entry }) => {
    if (!entry) return true;
    const at = left.findIndex((one) => sameExport(one, entry));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  if (left.length === 0 && kept.length === file.lines.length) return file;
  const fresh = left.map(made);
  const after = kept.findLastIndex(({ entry }) => entry !== undefined);
  const at = after < 0 ? kept.length : after + 1;
  return { lines: kept.toSpliced(at, 0, ...fresh), endsWithNewline: true };
}

function sameExport(a: Export, b: Export): boolean {
  return a.range === b.range && a.path === b.path && a.options.join() === b.options.join();
}

/** What is wrong with an entry; undefined: nothing. */
export function exportFault({ range, path, options }: Export): string | undefined {
  if (!isRange(range)) {
    return `${JSON.stringify(range)} is no range: write *, an address, A-B, or net/bits`;
  }
  if (path !== '.' && !/^\/[^\s#]*$/.test(path)) {
    return `${JSON.stringify(path)} is no path: it begins with / and has no blank, or it is .`;
  }
  const strange = options.find((option) => !OPTION.test(option));
  return strange === undefined ? undefined : `${JSON.stringify(strange)} is no option of an export`;
}

/**
 * The options that the masters of all four know (their sources and man pages), but for passwords: a new
 * entry with one would put it into the plan.
 */
const OPTION =
  /^(?:ro|rw|readonly|readwrite|alldirs|dynamicip|ignoregid|admin|allcanchangequota|nomasterpermcheck|nonrootmeta|(?:maproot|mapall)=[A-Za-z0-9_.-]+(?::[A-Za-z0-9_.-]+)?|(?:min|max)goal=\d+|(?:min|max)trashtime=[0-9.smhdwSMHDW]+|minversion=[0-9.]+)$/;

function isRange(range: string): boolean {
  if (range === '*') return true;
  const [first = '', ...more] = range.split(/[-/]/);
  const [second] = more;
  if (more.length > 1 || !isAddress(first)) return false;
  if (second === undefined || isAddress(second)) return true;
  return range.includes('/') && /^(?:[12]?\d|3[0-2])$/.test(second);
}

function isAddress(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function made(entry: Export): ExportLine {
  const fault = exportFault(entry);
  if (fault !== undefined) throw new RangeError(`mfsexports.cfg cannot hold this: ${fault}`);
  const { range, path, options } = entry;
  const shown = options.length > 0 ? ` ${options.join(',')}` : '';
  return { raw: `${range} ${path}${shown}`, entry };
}

function parseLine(raw: string): ExportLine {
  const text = raw.replace(/#.*$/s, '').trim();
  const [range = '', path, options = ''] = text.split(/[ \t]+/);
  if (path === undefined) return { raw };
  return { raw, entry: { range, path, options: options.split(',').filter((one) => one !== '') } };
}
