import { notThis, parsed, type Parsed } from '../../../core/parsed.js';

/** A value of SQLite as a dump writes it. */
export type SqlValue = string | number | null;

/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What a dump holds: the rows of every table, by the table's name. */
export interface SqlDump {
  /** Tables that are there, an empty one too. */
  readonly tables: ReadonlyMap<string, readonly SqlRow[]>;
  /** The columns of each, in their order. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Comments, without their dashes: our own remarks travel in them. */
  readonly comments: readonly string[];
}

const STATEMENT = /--([^\n]*)|;|'[^']*(?:''[^']*)*'|"[^"]*"|[^;'"-]+|[\s\S]/y;
const CREATE = /^CREATE TABLE (?:IF NOT EXISTS )?["`[]?([\w$-]+)["`\]]?\s*\(([\s\S]*)\)\s*$/i;
const INSERT = /^INSERT INTO ["`[]?([\w$-]+)["`\]]?\s*(?:\([^)]*\)\s*)?VALUES\s*\(([\s\S]*)\)\s*$/i;
const LITERAL = /\s*(?:'([^']*(?:''[^']*)*)'|(NULL)|([-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?))\s*(,|$)/iy;
const PASSED_OVER =
  /^(?:PRAGMA|BEGIN|CREATE (?:UNIQUE )?INDEX|ANALYZE|DELETE FROM sqlite_sequence)\b/i;
const CONSTRAINT = /^(?:PRIMARY|FOREIGN|UNIQUE|CHECK|CONSTRAINT)\b/i;

/**
 * Reads what `sqlite3 DB .dump` and Python's `iterdump` print: the tables of one moment, every value
 * unambiguous whatever it holds. A dump without its COMMIT is only a part (it was cut off, or the
 * database was locked half way), and is none.
 */
export function parseSqlDump(text: string): Parsed<SqlDump> {
  const tables = new Map<string, SqlRow[]>();
  const columns = new Map<string, readonly string[]>();
  const { statements, comments, lines } = split(text);
  const unread: string[] = [];
  let whole = false;
  for (const statement of statements) {
    const [, made, body] = CREATE.exec(statement) ?? [];
    const [, into, values] = INSERT.exec(statement) ?? [];
    if (made !== undefined && body !== undefined) {
      columns.set(made, columnsOf(body));
      if (!tables.has(made)) tables.set(made, []);
    } else if (into !== undefined && values !== undefined) {
      const row = rowOf(columns.get(into), values);
      if (row) tables.get(into)?.push(row);
      else unread.push(statement);
    } else if (/^COMMIT$/i.test(statement)) whole = true;
    else if (!PASSED_OVER.test(statement)) unread.push(statement);
  }
  if (!whole) return notThis(lines + 1, 'COMMIT, the end of a dump of SQLite');
  return parsed({ tables, columns, comments }, unread);
}

interface Pieces {
  readonly statements: readonly string[];
  readonly comments: readonly string[];
  readonly lines: number;
}

/** Statements without their semicolons, and comments. */
function split(text: string): Pieces {
  const statements: string[] = [];
  const comments: string[] = [];
  let open = '';
  const end = (): void => {
    if (open.trim() !== '') statements.push(open.trim());
    open = '';
  };
  for (let at = 0; at < text.length; at = STATEMENT.lastIndex) {
    STATEMENT.lastIndex = at;
    const [piece = '', comment] = STATEMENT.exec(text) ?? [];
    if (piece === '') break;
    if (comment !== undefined) comments.push(comment.trim());
    else if (piece === ';') end();
    else open += piece;
  }
  end();
  return { statements, comments, lines: text.split('\n').length };
}

function columnsOf(body: string): readonly string[] {
  return body
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !CONSTRAINT.test(part))
    .map((part) => /^["`[]?([\w$-]+)/.exec(part)?.[1] ?? part);
}

function rowOf(columns: readonly string[] | undefined, values: string): SqlRow | undefined {
  const found: SqlValue[] = [];
  for (let at = 0; at < values.length; at = LITERAL.lastIndex) {
    LITERAL.lastIndex = at;
    const literal = LITERAL.exec(values);
    if (!literal) return undefined;
    const [, text, none, number] = literal;
    found.push(none ? null : text === undefined ? Number(number) : text.replaceAll("''", "'"));
  }
  if (columns?.length !== found.length) return undefined;
  return Object.fromEntries(columns.map((name, index) => [name, found[index] ?? null]));
}
