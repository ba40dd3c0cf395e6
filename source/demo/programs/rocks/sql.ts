import type { Row, Table, Value } from '../../fleet/rocks/tables.js';

/** What a statement came to: rows to be printed, or an error in SQLite's words. */
export type Answered =
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly Value[])[] }
  | { readonly error: string };

type Tables = Readonly<Record<string, Table>>;

const SELECT =
  /^select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+(.+?))?(?:\s+order\s+by\s+(\w+)(?:\s+(asc|desc))?)?$/is;
const UPDATE = /^update\s+(\w+)\s+set\s+(.+?)(?:\s+where\s+(.+))?$/is;
const DELETE = /^delete\s+from\s+(\w+)(?:\s+where\s+(.+))?$/is;
const INSERT = /^insert\s+(or\s+ignore\s+)?into\s+(\w+)\s*\(([^)]*)\)\s*values\s*\((.*)\)$/is;
const CONDITION =
  /^(\w+)\s*(=|==|!=|<>|>|<|is\s+not|is)\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|null)$/is;
const DONE: Answered = { columns: [], rows: [] };

/**
 * One statement over the roll's tables: SELECT of columns or of count(*) from one table, INSERT,
 * UPDATE and DELETE, with conditions joined by AND, and what stands around them. Anything else is refused aloud.
 */
export function answerSql(tables: Tables, statement: string): Answered {
  const text = statement.trim();
  if (/^(?:begin|commit|end|pragma)\b/i.test(text)) return DONE;
  if (/^select\s+changes\(\)$/i.test(text)) return { columns: ['changes()'], rows: [[changes]] };
  const select = SELECT.exec(text);
  if (select) return selected(tables, select);
  const update = UPDATE.exec(text);
  if (update) {
    const [, name = '', sets = '', where] = update;
    return changed(tables, name, where, (rows) => set(rows, sets));
  }
  const insert = INSERT.exec(text);
  if (insert) return inserted(tables, insert);
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

/** Of the newest UPDATE or DELETE. */
let changes = 0;

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
  if (error !== undefined) return { error };
  changes = rows.found.length;
  return DONE;
}

/** A row whose key is there already is left out, or refused. */
function inserted(
  tables: Tables,
  [, ignore, name = '', columns = '', values = '']: RegExpExecArray,
): Answered {
  const table = tables[name];
  if (!table) return { error: `no such table: ${name}` };
  const given = columns.split(',').map((column) => column.trim());
  const strange = given.find((column) => !table.columns.some(([known]) => known === column));
  if (strange !== undefined) return { error: `table ${name} has no column named ${strange}` };
  const all = values.match(/'(?:[^']|'')*'|[^,\s]+/g) ?? [];
  const row = Object.fromEntries(table.columns.map(([column]): [string, Value] => [column, null]));
  given.forEach((column, at) => void (row[column] = literal(all[at] ?? 'NULL')));
  const key = table.columns[0]?.[0] ?? '';
  const isThere = table.rows.some((one) => one[key] === row[key]);
  if (isThere && ignore === undefined) return { error: `UNIQUE constraint failed: ${name}.${key}` };
  if (!isThere) table.rows.push(row);
  changes = isThere ? 0 : 1;
  return DONE;
}

function set(rows: readonly Row[], text: string): string | undefined {
  const pairs = text.split(',').map((part) => /^\s*(\w+)\s*=\s*(.+?)\s*$/s.exec(part));
  for (const row of rows) {
    for (const pair of pairs) {
      const [, column = '', value = ''] = pair ?? [];
      if (!(column in row)) return `no such column: ${column}`;
      row[column] = literal(value);
    }
  }
  return undefined;
}

function matching(
  table: Table,
  where: string | undefined,
): { readonly found: readonly Row[] } | { readonly error: string } {
  const parts = (where ?? '').split(/\s+and\s+/i).filter((part) => part.trim() !== '');
  const tests: ((row: Row) => boolean)[] = [];
  for (const part of parts) {
    const [, column = '', operator = '', value = ''] = CONDITION.exec(part.trim()) ?? [];
    if (!table.columns.some(([name]) => name === column)) {
      return {
        error: column === '' ? `the demo does not play: ${part}` : `no such column: ${column}`,
      };
    }
    const wanted = literal(value);
    const differs = /^(?:!=|<>|is\s+not)$/i.test(operator);
    // NULL is equal to nothing, but it is what it is.
    const isPlain = /^(?:=|==|!=|<>)$/.test(operator);
    tests.push((row) => {
      const own = row[column] ?? null;
      if (operator === '>') return own !== null && wanted !== null && own > wanted;
      if (operator === '<') return own !== null && wanted !== null && own < wanted;
      if (isPlain && (own === null || wanted === null)) return false;
      return (own === wanted) !== differs;
    });
  }
  return { found: table.rows.filter((row) => tests.every((test) => test(row))) };
}

function literal(text: string): Value {
  if (/^null$/i.test(text)) return null;
  const [, quoted] = /^'((?:[^']|'')*)'$/s.exec(text) ?? [];
  return quoted === undefined ? Number(text) : quoted.replaceAll("''", "'");
}

/** A value as SQLite writes it into a dump. */
export function quoted(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** The whole database as statements, as `.dump` prints it. */
export function dumpOf(tables: Tables): string {
  const parts = Object.entries(tables).map(([name, { columns, rows }]) => {
    const declared = columns.map((column) => column.join(' ')).join(',\n  ');
    const inserts = rows.map((row) => {
      const values = columns.map(([column]) => quoted(row[column] ?? null));
      return `INSERT INTO "${name}" VALUES(${values.join(',')});\n`;
    });
    return `CREATE TABLE ${name}(\n  ${declared});\n${inserts.join('')}`;
  });
  return `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n${parts.join('')}COMMIT;\n`;
}
