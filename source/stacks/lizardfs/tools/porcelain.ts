import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** No record is nearly as long as this; longer lines are noise and not worth splitting. */
const LONGEST = 65_536;

/**
 * Reads an output of `--porcelain`: one record a line. Lines that `read` does not understand go to
 * `unread`. Without any record the text is of this kind only if it is empty (the tool prints
 * nothing for "none"), or has nothing but blank lines and remarks that begin with `#`.
 *
 * @param expected what a record looks like, for the message when the text is of another kind
 */
export function readRecords<R>(
  text: string,
  expected: string,
  read: (line: string) => R | undefined,
): Parsed<readonly R[]> {
  const records: R[] = [];
  const unread: string[] = [];
  let stranger = 0;
  linesOf(text).forEach((line, index) => {
    if (line === '') return;
    const record = line.length > LONGEST || line.startsWith('#') ? undefined : read(line);
    if (record !== undefined) {
      records.push(record);
      return;
    }
    unread.push(line);
    if (stranger === 0 && !line.startsWith('#')) stranger = index + 1;
  });
  if (records.length === 0 && stranger > 0) return notThis(stranger, expected);
  return parsed(records, unread);
}

/** Reads an output that is one record; more records are unread, none is another kind of text. */
export function readRecord<R>(
  text: string,
  expected: string,
  read: (line: string) => R | undefined,
): Parsed<R> {
  let first: R | undefined;
  const result = readRecords(text, expected, (line) => {
    const record = first === undefined ? read(line) : undefined;
    first ??= record;
    return record;
  });
  if (!result.ok) return result;
  return first === undefined ? notThis(1, expected) : parsed(first, result.unread);
}

/** A whole number without a sign, as the tools print them; NaN where it is none. */
export function natural(word: string | undefined): number {
  return word !== undefined && /^\d{1,20}$/.test(word) ? Number(word) : Number.NaN;
}

/** The words as whole numbers, or undefined if any is none. */
export function naturals(words: readonly string[]): readonly number[] | undefined {
  const numbers = words.map(natural);
  return numbers.some(Number.isNaN) ? undefined : numbers;
}

/** `yes` and `no`; anything else is undefined. */
export function yesNo(word: string | undefined): boolean | undefined {
  if (word === 'yes') return true;
  return word === 'no' ? false : undefined;
}

/** Whether a word is `ip:port`. */
export function isAddress(word: string | undefined): word is string {
  return word !== undefined && /^[^\s/]+:\d{1,5}$/.test(word);
}
