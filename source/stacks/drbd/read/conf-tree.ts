import { LONGEST_LINE } from './lines.js';

/** A statement of DRBD's configuration language: `disk /dev/vdb;`, or `on fiori { … }`. */
export interface Statement {
  readonly words: readonly string[];
  /** What stands between its braces; empty for a plain statement. */
  readonly inside: readonly Statement[];
}

/** A text taken apart, and whether the braces came out even. */
export interface ConfTree {
  readonly statements: readonly Statement[];
  /** Words and braces that belong to no statement. */
  readonly loose: readonly string[];
}

const TOKEN = /#[^\n]*|"[^"\n]*"|[{};]|[^\s{};"#]+|"/g;
/** Deeper nesting than DRBD's own (resource, connection, path, host) is none of DRBD's. */
const DEEPEST = 32;

/**
 * Takes apart what `drbdadm dump` and `drbdsetup show` print: words, quoted words, braces,
 * semicolons, `#` comments. Total and linear; an open brace at the end is closed.
 */
export function confTree(text: string): ConfTree {
  const root: Statement[] = [];
  const loose: string[] = [];
  const open: Statement[][] = [root];
  let words: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('#')) continue;
    if (token === ';') {
      if (words.length > 0) open.at(-1)?.push({ words, inside: [] });
      words = [];
    } else if (token === '{') {
      const inside: Statement[] = [];
      if (open.length > DEEPEST) loose.push(token);
      else {
        open.at(-1)?.push({ words, inside });
        open.push(inside);
      }
      words = [];
    } else if (token === '}') {
      loose.push(...words);
      words = [];
      if (open.length > 1) open.pop();
      else loose.push(token);
    } else if (token.length > LONGEST_LINE) loose.push(token);
    else words.push(unquoted(token));
  }
  return { statements: root, loose: [...loose, ...words] };
}

function unquoted(token: string): string {
  return token.length >= 2 && token.startsWith('"') && token.endsWith('"')
    ? token.slice(1, -1)
    : token;
}

/** The first statement that begins with these words. */
export function find(
  statements: readonly Statement[],
  ...words: readonly string[]
): Statement | undefined {
  return statements.find((statement) => words.every((word, i) => statement.words[i] === word));
}

/** The word after a statement's name: `C` of `protocol C;`. */
export function valueOf(statements: readonly Statement[], name: string): string | undefined {
  return find(statements, name)?.words[1];
}
