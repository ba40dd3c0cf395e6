/** What a parser made of a text. A parser never throws, and never drops what it did not understand. */
export type Parsed<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Lines that were not understood, as they came. */
      readonly unread: readonly string[];
    }
  | {
      readonly ok: false;
      /** The line (from 1) at which the text stopped being of this kind. */
      readonly line: number;
      readonly expected: string;
    };

/** A text that was understood. */
export function parsed<T>(value: T, unread: readonly string[] = []): Parsed<T> {
  return { ok: true, value, unread };
}

/** A text that is not of this kind. */
export function notThis(line: number, expected: string): Parsed<never> {
  return { ok: false, line, expected };
}
