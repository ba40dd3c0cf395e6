import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** What stands between the fields of a line: a character that paths seldom have. */
export const SEPARATOR = '|';

/**
 * How the lines of a table begin, in MooseFS 2 and 3 and, where it differs, in 4 (the sources of
 * mfscli from 2.0.60 to 4.59).
 */
const TABLES = {
  'metadata servers:': 'masters',
  'metadata servers (masters):': 'masters',
  'master info:': 'summary',
  'cluster summary:': 'summary',
  'all chunks matrix:': 'matrix',
  'chunk servers:': 'servers',
  'chunkservers:': 'servers',
  'Disconnected chunk servers:': 'gone',
  'metadata backup loggers:': 'loggers',
  'disks:': 'disks',
  'active mounts, parameters:': 'mounts',
  'inactive mounts, parameters:': 'left',
  'exports:': 'exports',
  'storage classes:': 'classes',
  'missing files:': 'missing',
} as const;

/** A table of mfscli; `gone`: chunkservers that are away, `left`: mounts that are. */
export type Table = (typeof TABLES)[keyof typeof TABLES];

/** A line of a table without its title. */
export interface Row {
  readonly table: Table;
  readonly fields: readonly string[];
}

/** No line is nearly as long as this; longer ones are noise and not worth splitting. */
const LONGEST = 65_536;

/**
 * Reads some of the tables of an output. One run prints several, and each parser takes its own: what
 * belongs to another table is passed over, and what belongs to none is unread.
 *
 * @param wanted the tables that are read
 * @param expected what they are, for the message when the text is of another kind
 * @param read makes a record of a row; undefined where it cannot be understood
 */
export function readTables<R>(
  text: string,
  wanted: readonly Table[],
  expected: string,
  read: (row: Row) => R | undefined,
): Parsed<readonly R[]> {
  const records: R[] = [];
  const unread: string[] = [];
  const strange: number[] = [];
  let passed = 0;
  linesOf(text).forEach((line, index) => {
    if (line.trim() === '') return;
    const row = rowOf(line);
    if (row && !wanted.includes(row.table)) {
      passed += 1;
      return;
    }
    const record = row && read(row);
    if (record !== undefined) {
      records.push(record);
      return;
    }
    unread.push(line);
    strange.push(index + 1);
  });
  // Nothing printed is the tool's way to say none; nothing but strange lines is another kind of text.
  const [first] = strange;
  if (first === undefined || records.length + passed > 0) return parsed(records, unread);
  return notThis(first, expected);
}

function rowOf(line: string): Row | undefined {
  if (line.length > LONGEST) return undefined;
  const [title = '', ...fields] = line.split(SEPARATOR);
  if (!isTitle(title)) return undefined;
  return { table: TABLES[title], fields };
}

function isTitle(title: string): title is keyof typeof TABLES {
  return Object.hasOwn(TABLES, title);
}

/** A whole number; mfscli sets the thousands of some apart with blanks. NaN where it is none. */
export function wholeNumber(field: string | undefined): number {
  const digits = field?.replaceAll(' ', '') ?? '';
  return /^\d{1,20}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** The fields as whole numbers, or undefined if any is none. */
export function wholeNumbers(fields: readonly string[]): readonly number[] | undefined {
  const numbers = fields.map(wholeNumber);
  return numbers.some(Number.isNaN) ? undefined : numbers;
}
