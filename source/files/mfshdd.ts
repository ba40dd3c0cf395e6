import { joinLines, splitLines } from './lines.js';

/**
 * mfshdd.cfg of LizardFS, SaunaFS and MooseFS: a path a line; a `*` before it marks the disk for
 * draining; `#` begins a comment (mfshdd.cfg(5)). Paths may hold blanks. Comments and order survive.
 */
export interface HddEntry {
  readonly path: string;
  /** Its chunks are copied away, so that it can be taken out. */
  readonly draining: boolean;
}

/** A line as it stands in the file. */
export interface HddLine {
  readonly raw: string;
  readonly entry?: HddEntry;
}

/** A whole file. */
export interface HddFile {
  readonly lines: readonly HddLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseHddFile(text: string): HddFile {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printHddFile({ lines, endsWithNewline }: HddFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The disks, in the order of the file. */
export function hddEntries({ lines }: HddFile): readonly HddEntry[] {
  return lines.flatMap(({ entry }) => (entry ? [entry] : []));
}

/**
 * The file with a disk at its end; one that is there already stays as it is.
 *
 * @throws RangeError where the path is not absolute or holds a line break
 */
export function addHddPath(file: HddFile, path: string): HddFile {
  if (hddEntries(file).some((entry) => samePath(entry.path, path))) return file;
  return { lines: [...file.lines, made({ path, draining: false })], endsWithNewline: true };
}

/** The file without a disk. */
export function removeHddPath(file: HddFile, path: string): HddFile {
  const lines = file.lines.filter(({ entry }) => !entry || !samePath(entry.path, path));
  return { ...file, lines };
}

/** The file with a disk marked for draining, or no longer so. */
export function markHddPath(file: HddFile, path: string, draining: boolean): HddFile {
  const lines = file.lines.map((line) => {
    const { entry } = line;
    if (!entry || !samePath(entry.path, path) || entry.draining === draining) return line;
    return made({ path: entry.path, draining });
  });
  return { ...file, lines };
}

function parseLine(raw: string): HddLine {
  const text = raw.trim();
  if (text === '' || text.startsWith('#')) return { raw };
  const draining = text.startsWith('*');
  return { raw, entry: { path: draining ? text.slice(1).trim() : text, draining } };
}

function made(entry: HddEntry): HddLine {
  if (!entry.path.startsWith('/') || /[\n\r\0]/.test(entry.path)) {
    throw new RangeError(`mfshdd.cfg cannot hold the path ${JSON.stringify(entry.path)}`);
  }
  return { raw: `${entry.draining ? '*' : ''}${entry.path}`, entry };
}

/** `/mnt/a` and `/mnt/a/` are one disk. */
function samePath(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}
