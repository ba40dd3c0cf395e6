import { printWord } from './drbd-res.js';

/** What a new file of DRBD's configuration is made of: a statement's words, or a section. */
export type ResEntry =
  readonly string[] | { readonly head: readonly string[]; readonly body: readonly ResEntry[] };

/**
 * A new file of DRBD's configuration, indented by two blanks; `parseRes` reads it.
 *
 * @throws RangeError where a word holds a line break
 */
export function writeRes(entries: readonly ResEntry[], indent = ''): string {
  return entries.map((entry) => printEntry(entry, indent)).join('');
}

function printEntry(entry: ResEntry, indent: string): string {
  if (!('head' in entry)) return `${indent}${entry.map(printWord).join(' ')};\n`;
  const inside = writeRes(entry.body, `${indent}  `);
  return `${indent}${entry.head.map(printWord).join(' ')} {\n${inside}${indent}}\n`;
}
