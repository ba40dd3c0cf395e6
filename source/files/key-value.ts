import { joinLines, splitLines } from './lines.js';

/**
 * `KEY = value` files of LizardFS, SaunaFS and MooseFS (mfsmaster.cfg(5)). A value goes to the end of
 * its line, `#` and blanks within included; a line that begins with `#` is a comment; of a key that
 * stands twice the last holds. Comments, order and all other bytes survive.
 */
export interface KeyValueFile {
  readonly lines: readonly KeyValueLine[];
  readonly endsWithNewline: boolean;
}

/** A line as it stands in the file, and what it sets. */
export interface KeyValueLine {
  readonly raw: string;
  readonly set?: { readonly key: string; readonly value: string };
  /** What a commented line would set: packages ship every setting so, with its default. */
  readonly commented?: string;
}

/** Reads the file; every line is kept. */
export function parseKeyValue(text: string): KeyValueFile {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printKeyValue({ lines, endsWithNewline }: KeyValueFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** What is set for a key; undefined: nothing, so the program's default holds. */
export function valueOf({ lines }: KeyValueFile, key: string): string | undefined {
  return lines.findLast(({ set }) => set?.key === key)?.set?.value;
}

/**
 * The file with a value for a key: in the place of the last line that sets it; else beneath the
 * commented line that shows it; else at the end. One that is so already stays as it is.
 *
 * @throws RangeError where the key or the value cannot be written so
 */
export function setValue(file: KeyValueFile, key: string, value: string): KeyValueFile {
  if (valueOf(file, key) === value) return file;
  const line = made(key, value);
  const { lines } = file;
  const at = lines.findLastIndex(({ set }) => set?.key === key);
  if (at >= 0) return { ...file, lines: lines.with(at, line) };
  const shown = lines.findLastIndex(({ commented }) => commented === key);
  if (shown >= 0) return { ...file, lines: lines.toSpliced(shown + 1, 0, line) };
  return { lines: [...lines, line], endsWithNewline: true };
}

function made(key: string, value: string): KeyValueLine {
  const fits = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && value !== '' && value === value.trim();
  if (!fits || /[\n\r\0]/.test(value)) {
    throw new RangeError(`a config file cannot hold ${JSON.stringify(`${key} = ${value}`)}`);
  }
  return { raw: `${key} = ${value}`, set: { key, value } };
}

const SETTING = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=(.*)$/s;

function parseLine(raw: string): KeyValueLine {
  const text = raw.trim();
  const set = SETTING.exec(text);
  if (set?.[1] !== undefined) return { raw, set: { key: set[1], value: (set[2] ?? '').trim() } };
  const comment = /^#+[ \t]*(.*)$/s.exec(text)?.[1];
  const commented = comment === undefined ? undefined : SETTING.exec(comment)?.[1];
  return { raw, ...(commented !== undefined && { commented }) };
}
