import { z } from 'zod';
import { quote } from '../../../core/quote.js';
import type { SqlValue } from '../read/sql-dump.js';

/** The tables of the roll's database whose rows are keyed by the image's name. */
export const tableName = z.enum(['zvols', 'sync_queue', 'zvol_calls', 'zvolattrs']);

/** The name of an image as it goes into SQL, into names of devices, and into commands. */
export const imageName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}$/, 'no name of an image');

const value = z.union([
  z.null(),
  z.number(),
  z.string().regex(/^[^\p{Cc}]*$/u, 'a text without control characters'),
]);

/** A row by its columns, whole but for its key. */
export const rowSchema = z.record(z.string().regex(/^[a-z_]+$/), value);

/** A row by its columns. */
export type Row = z.infer<typeof rowSchema>;

/** A value as SQLite reads it. */
function literal(one: SqlValue): string {
  if (one === null) return 'NULL';
  if (typeof one === 'number') return String(one);
  return `'${one.replaceAll("'", "''")}'`;
}

/** Times are kept with fractions, of which a dump does not always print all digits. */
function equals(column: string, one: SqlValue): string {
  if (one === null) return `${column} IS NULL`;
  if (typeof one !== 'number' || Number.isInteger(one)) return `${column} = ${literal(one)}`;
  return `${column} > ${one - 0.001} AND ${column} < ${one + 0.001}`;
}

function key(zvol: string): string {
  return `zvol = ${literal(zvol)}`;
}

function where(zvol: string, row: Row): string {
  return [key(zvol), ...Object.entries(row).map(([column, one]) => equals(column, one))].join(
    ' AND ',
  );
}

/** How many rows there are of an image, and how many that are this one: a line each. */
export function countSql(table: string, zvol: string, row: Row | null): string {
  const count = (condition: string): string =>
    `SELECT count(*) FROM ${table} WHERE ${condition};\n`;
  return `${count(key(zvol))}${count(where(zvol, row ?? {}))}`;
}

/** Makes one row out of another, in one transaction; a row that is not as expected is not touched. */
export function changeSql(
  table: string,
  zvol: string,
  before: Row | null,
  after: Row | null,
): string {
  return ['BEGIN IMMEDIATE', statement(table, zvol, before, after), 'COMMIT']
    .map((one) => `${one};\n`)
    .join('');
}

function statement(table: string, zvol: string, before: Row | null, after: Row | null): string {
  if (after === null) return `DELETE FROM ${table} WHERE ${where(zvol, before ?? {})}`;
  if (before === null) {
    const columns = ['zvol', ...Object.keys(after)].join(', ');
    const values = [zvol, ...Object.values(after)].map(literal).join(', ');
    // The key is there only once: where another row came meanwhile, this one does not.
    return `INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${values})`;
  }
  const sets = Object.entries(after).map(([column, one]) => `${column} = ${literal(one)}`);
  return `UPDATE ${table} SET ${sets.join(', ')} WHERE ${where(zvol, before)}`;
}

/** Statements as the second word, each on a line of its own; the first column of what they tell. */
const PYTHON = `import sys
try:
    from pysqlite2 import dbapi2 as s
except ImportError:
    import sqlite3 as s
c = s.connect(sys.argv[1], timeout=5, isolation_level=None)
for l in sys.argv[2].split(";\\n"):
    if l.strip():
        for r in c.execute(l):
            sys.stdout.write(str(r[0]) + "\\n")
`;

/**
 * $1 the database, $2 the statements. It waits up to 5 s for a daemon that writes, as
 * the daemons do for each other.
 */
export const SQL_SCRIPT = [
  '[ -e "$1" ] || { echo "there is no $1" >&2; exit 1; }',
  'if command -v sqlite3 >/dev/null 2>&1; then printf ".bail on\\n.timeout 5000\\n%s" "$2" | sqlite3 -batch "$1"; exit; fi',
  `for p in /opt/rocks/bin/python python3 python2 python; do command -v $p >/dev/null 2>&1 && exec $p -c ${quote(PYTHON)} "$1" "$2"; done`,
  'echo "neither sqlite3 nor Python is there" >&2; exit 70',
].join('\n');
