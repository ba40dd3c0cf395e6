import { joinLines, splitLines } from './lines.js';

/**
 * /etc/exports and /etc/exports.d/*.exports (exports(5)): a path, then clients, each with its options in
 * parentheses that follow at once. A `\` at a line's end carries it on, `#` begins a comment, a word
 * with blanks stands in double quotes or has them as `\040`, and `-ro,sync` before clients are their
 * defaults. A blank before the parentheses makes the options those of the whole world. Comments, order
 * and every other byte survive an edit.
 */
export interface ExportsFile {
  readonly entries: readonly ExportEntry[];
  readonly text: string;
}

/** One path with its clients, as it stands in the file. */
export interface ExportEntry {
  /** Lines of the file, from 0: where it begins, and its last. */
  readonly first: number;
  readonly last: number;
  readonly path: string;
  readonly clients: readonly ExportClient[];
  /** Why exportfs does not read it, or what it reads that nobody meant. */
  readonly faults: readonly string[];
}

/** Who may mount a path, and how. */
export interface ExportClient {
  /** `192.0.2.0/25`, `*.example.org`, `@group`, a name; `*`: the world. */
  readonly client: string;
  /** Its own, after the defaults of its line. */
  readonly options: readonly string[];
  /** The options stood by themselves, so they hold for the world: a blank before the parentheses. */
  readonly loose: boolean;
}

/** A row of the table that the file is: path × client × options. */
export interface ExportRow {
  readonly path: string;
  readonly client: string;
  readonly options: readonly string[];
}

/** Reads the file. Pure, total and linear. */
export function parseExports(text: string): ExportsFile {
  const { lines } = splitLines(text);
  const entries: ExportEntry[] = [];
  for (let first = 0; first < lines.length;) {
    let last = first;
    while (last + 1 < lines.length && isCarriedOn(lines[last] ?? '')) last += 1;
    const whole = lines.slice(first, last + 1).map((line) => line.replace(/\\\s*$/, ''));
    const words = wordsOf(whole.join(' '));
    if (words.length > 0) entries.push({ first, last, ...entryOf(words) });
    first = last + 1;
  }
  return { entries, text };
}

/** A comment is not carried on. */
function isCarriedOn(line: string): boolean {
  return line.endsWith('\\') && !line.trimStart().startsWith('#');
}

/** Words by blanks; quotes keep them together, `#` begins a comment. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && c === '#') break;
    else if (!quoted && /\s/.test(c)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += c;
  }
  if (word !== '') words.push(word);
  return words.map(unescape);
}

function unescape(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function entryOf([path = '', ...words]: readonly string[]): Pick<
  ExportEntry,
  'path' | 'clients' | 'faults'
> {
  const clients: ExportClient[] = [];
  const faults: string[] = [];
  let defaults: readonly string[] = [];
  if (!path.startsWith('/')) faults.push(`${JSON.stringify(path)} is no path: it begins with /`);
  for (const word of words) {
    const [, client = '', inside] = /^([^()]*)(?:\(([^()]*)\))?$/.exec(word) ?? [];
    if (word.startsWith('-')) defaults = word.slice(1).split(',');
    else if (client === '' && inside === undefined) {
      faults.push(`${JSON.stringify(word)} is neither a client nor its options`);
    } else {
      const own = (inside ?? '').split(',').map((one) => one.trim());
      const options = [...defaults, ...own].filter((one) => one !== '');
      const loose = client === '';
      clients.push({ client: loose ? '*' : client, options, loose });
      if (loose) {
        const before = clients.at(-2)?.client;
        const whom = before === undefined ? '' : `, and not for ${before}`;
        faults.push(`the blank before (${inside ?? ''}) makes it hold for the whole world${whom}`);
      }
      const odd = options.find((option) => !isOption(option));
      if (odd !== undefined) faults.push(`${JSON.stringify(odd)} is no option of an export`);
    }
  }
  if (words.length === 0) faults.push('it names no client, so it is exported to the world');
  return { path: plain(path), clients, faults };
}

function plain(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** The options of exports(5), of nfs-utils 1.0 to 2.6. */
const FLAGS = new Set(
  `rw ro sync async secure insecure wdelay no_wdelay hide nohide crossmnt nocrossmnt subtree_check
   no_subtree_check secure_locks insecure_locks auth_nlm no_auth_nlm mountpoint mp root_squash no_root_squash
   all_squash no_all_squash no_acl acl pnfs no_pnfs security_label nordirplus fsuid`.split(/\s+/),
);

/** Whether exportfs knows an option. */
export function isOption(option: string): boolean {
  return (
    FLAGS.has(option) ||
    /^(?:fsid=[A-Za-z0-9-]+|anon[ug]id=-?\d+|sec=[a-z0-9:]+|mountpoint=\/\S*|mp=\/\S*|refer=\S+|replicas=\S+|xprtsec=[a-z:]+)$/.test(
      option,
    )
  );
}

/** The table: one row for each client of each path, in the file's order. */
export function rowsOf({ entries }: ExportsFile): readonly ExportRow[] {
  return entries.flatMap(({ path, clients }) =>
    clients.map(({ client, options }) => ({ path, client, options })),
  );
}

/** What is wrong with the file as it stands, by line, counted from 1. */
export function exportsFaults({
  entries,
}: ExportsFile): readonly { readonly line: number; readonly says: string }[] {
  return entries.flatMap(({ first, faults }) => faults.map((says) => ({ line: first + 1, says })));
}

/** What is wrong with a row that is to be written; undefined: nothing. */
export function rowFault({ path, client, options }: ExportRow): string | undefined {
  if (!/^\/[^"\n\r\0\\]*$/.test(path)) return `${JSON.stringify(path)} is no path`;
  if (!isClient(client)) {
    return `${JSON.stringify(client)} is no client: write an address, a network, a name, @group or *`;
  }
  const odd = options.find((option) => !isOption(option));
  return odd === undefined ? undefined : `${JSON.stringify(odd)} is no option of an export`;
}

function isClient(client: string): boolean {
  return (
    /^(?:\*|@?[A-Za-z0-9*?[\]_.-]+|gss\/krb5[ip]?)$/.test(client) ||
    /^[0-9.]+\/[0-9.]+$/.test(client) ||
    /^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:\/\d{1,3})?$/.test(client)
  );
}

function same(a: ExportRow, b: ExportRow): boolean {
  return a.path === b.path && a.client === b.client && a.options.join() === b.options.join();
}

/**
 * The file with exactly these rows: entries of which every row stays are not touched, one that loses or
 * changes a row is written anew where it stood, and new rows come after the last entry of their path,
 * else at the end. Comments stay.
 *
 * @throws RangeError where a row does not fit the format
 */
export function withRows(file: ExportsFile, wanted: readonly ExportRow[]): ExportsFile {
  const fault = wanted.map(rowFault).find((one) => one !== undefined);
  if (fault !== undefined) throw new RangeError(`/etc/exports cannot hold this: ${fault}`);
  const left = wanted.map((row) => ({ ...row, path: plain(row.path) }));
  const { lines, endsWithNewline } = splitLines(file.text);
  const out: string[] = [];
  const places = new Map<string, number>();
  let next = 0;
  for (const { first, last, path, clients } of file.entries) {
    out.push(...lines.slice(next, first));
    next = last + 1;
    const rows = clients.map(({ client, options }) => ({ path, client, options }));
    const kept = rows.filter((row) => take(left, (one) => same(one, row)));
    // Whoever gets other options keeps the place.
    const changed = rows
      .filter((row) => !kept.includes(row))
      .flatMap(({ client }) => taken(left, (one) => one.path === path && one.client === client));
    if (changed.length === 0 && kept.length === rows.length)
      out.push(...lines.slice(first, last + 1));
    else if (kept.length + changed.length > 0) out.push(...entryLines(path, [...kept, ...changed]));
    places.set(path, out.length);
  }
  out.push(...lines.slice(next));
  const ends = endsWithNewline || left.length > 0;
  for (const path of new Set(left.map((row) => row.path))) {
    const rows = left.filter((row) => row.path === path);
    const at = places.get(path) ?? out.length;
    out.splice(at, 0, ...rows.flatMap((row) => entryLines(path, [row])));
    for (const [other, place] of places) if (place > at) places.set(other, place + rows.length);
  }
  return parseExports(joinLines({ lines: out, endsWithNewline: ends }));
}

function take(rows: ExportRow[], matches: (row: ExportRow) => boolean): boolean {
  return taken(rows, matches).length > 0;
}

function taken(rows: ExportRow[], matches: (row: ExportRow) => boolean): readonly ExportRow[] {
  const at = rows.findIndex(matches);
  return at < 0 ? [] : rows.splice(at, 1);
}

/** One client a line, the others carried on beneath the first. */
function entryLines(path: string, rows: readonly ExportRow[]): readonly string[] {
  const name = /[\s#]/.test(path) ? `"${path}"` : path;
  const clients = rows.map(({ client, options }) => `${client}(${options.join(',')})`);
  return clients.map((client, index) => {
    const head = index === 0 ? `${name} ` : `${' '.repeat(name.length)} `;
    return `${head}${client}${index < clients.length - 1 ? ' \\' : ''}`;
  });
}
