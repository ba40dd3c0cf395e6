import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';

/** Which lines of a config file hold a secret. */
export const secretLinesSchema = z.strictObject({
  keys: z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/)).min(1),
  /** `KEY = value` to the end of its line, or `key value;` anywhere in a line. */
  form: z.enum(['equals', 'statement']),
});

/** Which lines of a config file hold a secret. */
export type SecretLines = z.infer<typeof secretLinesSchema>;

/** A secret that stands in a text, or what stands in its place. */
export interface SecretPlace {
  readonly value: string;
  /** What hides it: `<<kept:ADMIN_PASSWORD:1>>`, numbered by key. */
  readonly hidden: string;
}

/**
 * A text as it may be shown: each secret in it is hidden, also one in a comment. A value that is empty
 * hides nothing. Hiding twice is hiding once, and every line ends with a newline, as with `awk`.
 */
export function hideSecrets(text: string, lines: SecretLines): string {
  return walk(text, lines).text;
}

/** The secrets of a text in their order. */
export function secretPlaces(text: string, lines: SecretLines): readonly SecretPlace[] {
  return walk(text, lines).places;
}

function walk(
  text: string,
  { keys, form }: SecretLines,
): { readonly text: string; readonly places: readonly SecretPlace[] } {
  const places: SecretPlace[] = [];
  const seen = new Map<string, number>();
  const head = new RegExp(headPattern(keys, form));
  const hideLine = (line: string): string => {
    let out = '';
    let rest = line;
    for (let match = head.exec(rest); match; match = head.exec(rest)) {
      const end = match.index + match[0].length;
      const length = valueLength(rest.slice(end), form);
      const value = rest.slice(end, end + length);
      const key = match[0].replace(/[^A-Za-z0-9_-]/g, '');
      out += rest.slice(0, end);
      if (value !== '') {
        const nth = (seen.get(key) ?? 0) + 1;
        seen.set(key, nth);
        const hidden = `<<kept:${key}:${nth}>>`;
        places.push({ value, hidden });
        out += hidden;
      }
      rest = rest.slice(end + length);
      if (form === 'equals') break;
    }
    return out + rest;
  };
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const hidden = whole.split('\n').map(hideLine).join('\n');
  return { text: hidden, places };
}

/** What stands before a secret, in the words that JavaScript and every awk share. */
function headPattern(keys: readonly string[], form: SecretLines['form']): string {
  const key = `(${keys.join('|')})`;
  return form === 'equals' ? `^[# \\t]*${key}[ \\t]*=[ \\t]*` : `(^|[;{# \\t])${key}[ \\t]+`;
}

function valueLength(rest: string, form: SecretLines['form']): number {
  if (form === 'equals') return rest.endsWith('\r') ? rest.length - 1 : rest.length;
  if (rest.startsWith('"')) {
    const end = rest.indexOf('"', 1);
    return end < 0 ? rest.length : end + 1;
  }
  const end = rest.search(/[; \t}\r]/);
  return end < 0 ? rest.length : end;
}

/** The same in awk; `act` is done with each secret: `v` its value, `h` what hides it. */
function program({ keys, form }: SecretLines, act: string): string {
  const length =
    form === 'equals'
      ? 'n = length(s); if (n > 0 && substr(s, n) == "\\r") n--; return n'
      : 'if (substr(s, 1, 1) == "\\"") { n = index(substr(s, 2), "\\""); return n ? n + 1 : length(s) } return match(s, /[; \\t}\\r]/) ? RSTART - 1 : length(s)';
  return [
    `function cut(s, n) { ${length} }`,
    'FNR == 1 { for (k in c) delete c[k] }',
    '{ rest = $0; out = ""',
    `while (match(rest, /${headPattern(keys, form)}/)) {`,
    'e = RSTART + RLENGTH - 1; k = substr(rest, RSTART, RLENGTH); gsub(/[^A-Za-z0-9_-]/, "", k)',
    'out = out substr(rest, 1, e); s = substr(rest, e + 1); n = cut(s); v = substr(s, 1, n)',
    `if (v != "") { c[k]++; h = "<<kept:" k ":" c[k] ">>"; ${act}; out = out v }`,
    `rest = substr(s, n + 1)${form === 'equals' ? '; break' : ''} }`,
  ].join('\n');
}

/** An awk program that prints the file it is given with its secrets hidden. */
export function hidingProgram(lines: SecretLines): string {
  return `${program(lines, 'v = h')}\nprint out rest }`;
}

/**
 * An awk program of two files, the one that is there and a new text: prints the new text, with what is
 * hidden in it put back from the other. Ends with 3 where the other has no such secret.
 */
export function keepingProgram(lines: SecretLines): string {
  const act =
    'if (FILENAME == ARGV[1]) old[h] = v; else if (v ~ /^<<kept:/) { if (!(v in old)) { lost = 1; exit 3 } v = old[v] }';
  return `${program(lines, act)}\nif (FILENAME != ARGV[1]) print out rest }\nEND { if (lost) exit 3 }`;
}

const ABSENT = 66;

function readCommand(path: string, lines: SecretLines): Command<'reads'> {
  const script = `[ -e "$1" ] || exit ${ABSENT}; awk "$2" "$1"`;
  return reads(['sh', '-c', script, 'sh', path, hidingProgram(lines)]);
}

/**
 * Reads a file whose secrets never leave the host; null where there is none. Never rejects.
 */
export async function readHidden(
  host: Reader,
  path: string,
  lines: SecretLines,
): Promise<{ readonly text: string | null } | { readonly because: string }> {
  const outcome = await host.run(readCommand(path, lines));
  if (outcome.kind !== 'exited') return { because: outcome.reason };
  if (outcome.code === ABSENT) return { text: null };
  if (outcome.code !== 0) return { because: `${path} cannot be read` };
  return outcome.capped === true
    ? { because: `${path} is too long to be edited` }
    : { text: outcome.stdout };
}
