import { joinLines, splitLines } from './lines.js';

/**
 * INI files as yum's `.repo` files are: `[section]`, `key=value`, comments with `#` or `;`. A line that
 * begins with a blank goes on with the value before it. Comments, order and all other bytes survive.
 */
export interface IniFile {
  readonly lines: readonly IniLine[];
  readonly endsWithNewline: boolean;
}

/** A line as it stands in the file. */
export interface IniLine {
  readonly raw: string;
  /** The section that it begins or stands in; empty before the first. */
  readonly section: string;
  readonly set?: { readonly key: string; readonly value: string };
}

/** Reads the file; every line is kept. */
export function parseIni(text: string): IniFile {
  const { lines, endsWithNewline } = splitLines(text);
  let section = '';
  const read = lines.map((raw): IniLine => {
    const name = /^\s*\[([^\]]*)\]/.exec(raw)?.[1];
    if (name !== undefined) section = name.trim();
    const set = /^([^\s#;[=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/s.exec(raw);
    if (name !== undefined || set?.[1] === undefined) return { raw, section };
    return { raw, section, set: { key: set[1], value: set[2] ?? '' } };
  });
  return { lines: read, endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printIni({ lines, endsWithNewline }: IniFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The names of the sections in their order. */
export function sectionsOf({ lines }: IniFile): readonly string[] {
  return [...new Set(lines.map(({ section }) => section))].filter((name) => name !== '');
}

/** What a section sets for a key. */
export function iniValue({ lines }: IniFile, section: string, key: string): string | undefined {
  return lines.findLast((line) => line.section === section && line.set?.key === key)?.set?.value;
}

/**
 * The file with a value in a section that is there; lines of the old value go.
 *
 * @throws RangeError where there is no such section, or the value has a line break
 */
export function setIniValue(file: IniFile, section: string, key: string, value: string): IniFile {
  if (iniValue(file, section, key) === value) return file;
  if (/[\n\r\0]/.test(`${key}${value}`)) throw new RangeError(`${key} cannot hold a line break`);
  const line: IniLine = { raw: `${key}=${value}`, section, set: { key, value } };
  const { lines } = withoutIniValue(file, section, key);
  const at = file.lines.findIndex((one) => one.section === section && one.set?.key === key);
  const last = lines.findLastIndex((one) => one.section === section && one.raw.trim() !== '');
  if (last < 0) throw new RangeError(`there is no section [${section}]`);
  return { lines: lines.toSpliced(at >= 0 ? at : last + 1, 0, line), endsWithNewline: true };
}

/** The file without a key of a section, and without the lines that go on with its value. */
export function withoutIniValue(file: IniFile, section: string, key: string): IniFile {
  let going = false;
  const lines = file.lines.filter((line) => {
    going = /^[ \t]+\S/.test(line.raw) ? going : line.section === section && line.set?.key === key;
    return !going;
  });
  return { ...file, lines };
}
