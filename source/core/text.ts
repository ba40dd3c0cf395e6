/**
 * Text from a host made safe to draw: control characters, escape sequences and the characters
 * that reorder text are shown as what they are, so that nothing a host says can drive the terminal.
 * A tab becomes blanks up to the next multiple of eight.
 */
export function clean(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return expandTabs(text).replace(UNSAFE_ALL, visible);
}

/** C0 and C1 controls, line and paragraph separators, bidirectional overrides, byte-order mark. */
const CLASS =
  '[\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF]';
const UNSAFE = new RegExp(CLASS);
const UNSAFE_ALL = new RegExp(CLASS, 'g');

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `<${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let out = '';
  for (const character of text) {
    out += character === '\t' ? ' '.repeat(8 - (out.length % 8)) : character;
  }
  return out;
}

/** A text's lines without the newlines; a trailing newline makes no empty last line. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** `1 disk`, `3 disks`, `2 addresses`; an irregular plural may be given. */
export function count(n: number, one: string, many = plural(one)): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

function plural(word: string): string {
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** A whole number with thousands set apart: `4,031`. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `a, b and c`; past `most` entries `a, b and 4 more`. */
export function listed(names: readonly string[], most = 4): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length > most) {
    return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
  }
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
