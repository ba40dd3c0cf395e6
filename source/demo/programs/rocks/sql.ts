import type { Row, Table, Value } from '../../fleet/rocks/tables.js';
import { literalOf, matching, set, type Tables } from './sql-rows.js';

/** What a statement came to: rows to be printed, or an error in SQLite's words. */
export type Answered =
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly Value[])[] }
  | { readonly error: string };

const SELECT =
  /^select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+(.+?))?(?:\s+order\s+by\s+(\w+)(?:\s+(asc|desc))?)?$/is;
const UPDATE = /^update\s+(\w+)\s+set\s+(.+?)(?:\s+where\s+(.+))?$/is;
const DELETE = /^delete\s+from\s+(\w+)(?:\s+where\s+(.+))?$/is;
const INSERT = /^insert\s+(or\s+ignore\s+)?into\s+(\w+)\s*\(([^)]*)\)\s*values\s*\((.*)\)$/is;
const VALUES = /\s*('(?:[^']|'')*'|null|-?\d+(?:\.\d+)?)\s*(?:,|$)/gi;
const DONE: Answered = { columns: [], rows: [] };

/**
 * One statement over the roll's tables: SELECT of columns or of count(*) from one table, INSERT, UPDATE
 * and DELETE, with conditions joined by AND. Anything else is refused aloud.
 */
export function answerSql(tables: Tables, statement: string): Answered {
  const text = statement.trim();
  if (/^(?:begin|commit|end|pragma)\b/i.test(text)) return DONE;
  const select = SELECT.exec(text);
  if (select) return selected(tables, select);
  const insert = INSERT.exec(text);
  if (insert) return inserted(tables, insert);
  const update = UPDATE.exec(text);
  if (update) {
    const [, name = '', sets = '', where] = update;
    return changed(tables, name, where, (rows) => set(rows, sets));
  }
  const del = DELETE.exec(text);
  if (del) {
    const [, name = '', where] = del;
    return changed(tables, name, where, (rows, table) => {
      for (const row of rows) table.rows.splice(table.rows.indexOf(row), 1);
      return undefined;
    });
  }
  return { error: `the demo does not play this statement: ${text}` };
}

function selected(tables: Tables, found: RegExpExecArray): Answered {
  const [, what = '', name = '', where, by, direction] = found;
  const table = tables[name];
  if (!table) return { error: `no such table: ${name}` };
  const known = table.columns.map(([column]) => column);
  const rows = matching(table, where);
  if ('error' in rows) return rows;
  if (/^count\(\s*\*\s*\)$/i.test(what.trim())) {
    return { columns: ['count(*)'], rows: [[rows.found.length]] };
  }
  const columns = what.trim() === '*' ? known : what.split(',').map((word) => word.trim());
  const strange = columns.find((column) => !known.includes(column));
  if (strange !== undefined) return { error: `no such column: ${strange}` };
  const sorted = by === undefined ? rows.found : rows.found.toSorted(ordered(by, direction));
  return { columns, rows: sorted.map((row) => columns.map((column) => row[column] ?? null)) };
}

function ordered(by: string, direction: string | undefined): (a: Row, b: Row) => number {
  const sign = direction?.toLowerCase() === 'desc' ? -1 : 1;
  return (a, b) => ((a[by] ?? '') < (b[by] ?? '') ? -sign : sign);
}

/** A row whose key is there already is left out, or refused. */
function inserted(tables: Tables, found: RegExpExecArray): Answered {
  const [, ignore, name = '', names = '', given = ''] = found;
  const table = tables[name];
  if (!table) return { error: `no such table: ${name}` };
  const columns = names.split(',').map((word) => word.trim());
  const values = [...given.matchAll(VALUES)].map(([, value = '']) => literalOf(value));
  const known = table.columns.map(([column]) => column);
  const strange = columns.find((column) => !known.includes(column));
  if (strange !== undefined) return { error: `table ${name} has no column named ${strange}` };
  const row: Row = Object.fromEntries(
    known.map((column) => [column, values[columns.indexOf(column)] ?? null]),
  );
  const key = known[0] ?? '';
  const isThere = table.rows.some((one) => one[key] === row[key]);
  if (isThere && ignore === undefined) return { error: `UNIQUE constraint failed: ${name}.${key}` };
  if (!isThere) table.rows.push(row);
  return DONE;
}

function changed(
  tables: Tables,
  name: string,
  where: string | undefined,
  run: (rows: readonly Row[], table: Table) => string | undefined,
): Answered {
  const table = tables[name];
  if (!table) return { error: `no such table: ${name}` };
  const rows = matching(table, where);
  if ('error' in rows) return rows;
  const error = run(rows.found, table);
  return error === undefined ? DONE : { error };
}
