import type { Row, Table, Value } from '../../fleet/rocks/tables.js';

/** The tables of a database by their names. */
export type Tables = Readonly<Record<string, Table>>;

const CONDITION =
  /^(\w+)\s*(=|==|!=|<>|>|<|is\s+not|is)\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|null)$/is;
/** The rows for which all conditions hold. */
export function matching(
  table: Table,
  where: string | undefined,
): { readonly found: readonly Row[] } | { readonly error: string } {
  const parts = (where ?? '').split(/\s+and\s+/i).filter((part) => part.trim() !== '');
  const tests: ((row: Row) => boolean)[] = [];
  for (const part of parts) {
    const test = testOf(part.trim());
    if (!test) return { error: `the demo does not play this condition: ${part}` };
    if (!table.columns.some(([name]) => name === test.column)) {
      return { error: `no such column: ${test.column}` };
    }
    tests.push(test.holds);
  }
  return { found: table.rows.filter((row) => tests.every((holds) => holds(row))) };
}

interface Test {
  readonly column: string;
  readonly holds: (row: Row) => boolean;
}

function testOf(text: string): Test | undefined {
  const [, column, operator = '', value = ''] = CONDITION.exec(text) ?? [];
  if (column === undefined) return undefined;
  const wanted = literalOf(value);
  const differs = /^(?:!=|<>|is\s+not)$/i.test(operator);
  // NULL is equal to nothing, but it is what it is.
  const isPlain = /^(?:=|==|!=|<>)$/.test(operator);
  const holds = (row: Row): boolean => {
    const own = row[column] ?? null;
    if (operator === '>') return own !== null && wanted !== null && own > wanted;
    if (operator === '<') return own !== null && wanted !== null && own < wanted;
    if (isPlain && (own === null || wanted === null)) return false;
    return (own === wanted) !== differs;
  };
  return { column, holds };
}

/** `a = 1, b = NULL` for each row; undefined: done. */
export function set(rows: readonly Row[], text: string): string | undefined {
  const parts = text.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? [];
  const pairs = parts.map((part) => /^\s*(\w+)\s*=\s*(.+?)\s*$/s.exec(part));
  for (const row of rows) {
    for (const pair of pairs) {
      const [, column = '', value = ''] = pair ?? [];
      if (!(column in row)) return `no such column: ${column}`;
      row[column] = literalOf(value);
    }
  }
  return undefined;
}

/** A literal of SQL as a value. */
export function literalOf(text: string): Value {
  if (/^null$/i.test(text)) return null;
  const [, quoted] = /^'((?:[^']|'')*)'$/s.exec(text) ?? [];
  return quoted === undefined ? Number(text) : quoted.replaceAll("''", "'");
}

function written(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

/** The whole database as statements, as `.dump` prints it. */
export function dumpOf(tables: Tables): string {
  const parts = Object.entries(tables).map(([name, { columns, rows }]) => {
    const declared = columns.map((column) => column.join(' ')).join(',\n  ');
    const inserts = rows.map((row) => {
      const values = columns.map(([column]) => written(row[column] ?? null));
      return `INSERT INTO "${name}" VALUES(${values.join(',')});\n`;
    });
    return `CREATE TABLE ${name}(\n  ${declared});\n${inserts.join('')}`;
  });
  return `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n${parts.join('')}COMMIT;\n`;
}
