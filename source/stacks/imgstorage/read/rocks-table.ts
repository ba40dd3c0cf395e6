import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** A row of a table by its columns' titles; null: a cell of hyphens alone, Rocks' word for nothing. */
export type TableRow = ReadonlyMap<string, string | null>;

interface Heading {
  readonly title: string;
  readonly from: number;
}

/**
 * Reads a table of `rocks`, whatever columns it has: each begins where its title does, since Rocks pads
 * every cell to the widest of its column. The owner's column (`NAS`, `VM-HOST`) is left out by Rocks
 * where all rows have one owner, and has a colon behind each name where not.
 *
 * @param titles the titles that hold a blank, which only their name keeps together: `IS STARTED`
 * @param known a title by which such a table is known
 */
export function parseRocksTable(
  text: string,
  titles: readonly string[],
  known: string,
): Parsed<readonly TableRow[]> {
  const lines = linesOf(text);
  const title = new RegExp(`(?:^|\\s)${known}(?:\\s|$)`);
  const head = lines.findIndex((line) => title.test(line));
  // An empty table has not even a heading.
  if (head < 0 && lines.every((line) => line.trim() === '')) return parsed([]);
  if (head < 0) return notThis(1, `a table of rocks with the column ${known}`);
  const headings = headingsOf(lines[head] ?? '', titles);
  const unread = lines.slice(0, head).filter((line) => line.trim() !== '');
  const rows = lines.slice(head + 1).flatMap((line): TableRow[] => {
    const row = line.trim() === '' ? undefined : rowOf(headings, line);
    if (!row && line.trim() !== '') unread.push(line);
    return row ? [row] : [];
  });
  return parsed(rows, unread);
}

function headingsOf(line: string, titles: readonly string[]): readonly Heading[] {
  const found: Heading[] = [];
  for (let at = 0; at < line.length;) {
    if (isBlank(line[at])) {
      at += 1;
      continue;
    }
    const from = at;
    const title =
      titles.find((one) => line.startsWith(one, from)) ?? /^\S+/.exec(line.slice(from))?.[0] ?? '';
    found.push({ title, from });
    at += title.length;
  }
  return found;
}

/**
 * A line out of its columns (a table that was edited by hand, as one of the manual's) is read by its
 * words where there are as many as columns; else nothing in it is sure.
 */
function rowOf(headings: readonly Heading[], line: string): TableRow | undefined {
  const words = line.trim().split(/\s+/);
  const cells = headings.every(({ from }) => isEdge(line, from))
    ? headings.map(({ from }, index) => line.slice(from, headings[index + 1]?.from).trim())
    : words;
  if (cells.length !== headings.length) return undefined;
  const row = headings.map(({ title }, index): [string, string | null] => {
    const cell = cells[index] ?? '';
    const plain = index === 0 ? cell.replace(/:$/, '') : cell;
    return [title, /^-*$/.test(plain) ? null : plain];
  });
  return new Map(row);
}

/** No word reaches over the edge between two columns. */
function isEdge(line: string, from: number): boolean {
  return from === 0 || from >= line.length || isBlank(line[from - 1]);
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
