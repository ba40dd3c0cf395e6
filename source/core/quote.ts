const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word for a POSIX shell; any bytes but NUL come through unchanged. */
export function quote(word: string): string {
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument vector as one line for a POSIX shell. */
export function quoteAll(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/**
 * A command as people read it: `sh -c SCRIPT` shows the script alone, since the wrapper says nothing.
 * For display and logs; never executed.
 */
export function showCommand(argv: readonly string[]): string {
  const [program, flag, script, ...rest] = argv;
  if (program === 'sh' && flag === '-c' && script !== undefined && rest.length === 0) return script;
  return quoteAll(argv);
}

/** The most characters of a command that stands within a sentence. */
const BRIEF = 72;

/** A command as it stands within a sentence: the beginning tells which one, the log has all of it. */
export function briefCommand(argv: readonly string[]): string {
  const [first = '', ...more] = showCommand(argv).split('\n');
  if (more.length === 0 && first.length <= BRIEF) return first;
  return `${first.slice(0, BRIEF).trimEnd()} …`;
}

/** A word of a command line, and whether any of it stood in quotes. */
export interface Word {
  readonly word: string;
  readonly quoted: boolean;
}

/**
 * Splits a line that `quoteAll` made: blanks, single quotes and backslashes, nothing else of a
 * shell's grammar.
 */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = [];
  for (const [raw] of line.matchAll(/(?:'[^']*'|\\[\s\S]|[^\s'\\])+/g)) {
    const word = raw.replace(/'([^']*)'|\\([\s\S])/g, (_, inside?: string, escaped?: string) => {
      return inside ?? escaped ?? '';
    });
    words.push({ word, quoted: word !== raw });
  }
  return words;
}
