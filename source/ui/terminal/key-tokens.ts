/** One thing that came from the keyboard. */
export type KeyToken =
  | { readonly kind: 'key'; readonly sequence: string }
  | { readonly kind: 'paste'; readonly text: string };

const PASTE_BEGIN = '\u001B[200~';
const PASTE_END = '\u001B[201~';
/** A control sequence, a function key in its SS3 form, Alt with a character, or one character. */
const TOKEN = /^(?:\u001B\[\[?[0-?]*[ -/]*[@-~]|\u001BO[ -~]|\u001B[^\u001B[O]|[\s\S])/u;
/** The beginning of a sequence whose rest may still be on its way. */
const PARTIAL = /^\u001B(?:\[\[?[0-?]*[ -/]*|O)?$/;

/**
 * Takes keys out of what a terminal sent: splits bursts, leaves sequences together, takes pasted
 * text out whole.
 *
 * @param flush what looks like the beginning of a sequence is all there is: it is a lone Escape
 * @returns the keys, and what must wait for more input
 */
export function takeKeys(
  input: string,
  flush = false,
): { readonly tokens: readonly KeyToken[]; readonly rest: string } {
  const tokens: KeyToken[] = [];
  let rest = input;
  while (rest !== '') {
    if (rest.startsWith(PASTE_BEGIN)) {
      const end = rest.indexOf(PASTE_END);
      if (end < 0) return { tokens, rest };
      tokens.push({ kind: 'paste', text: rest.slice(PASTE_BEGIN.length, end) });
      rest = rest.slice(end + PASTE_END.length);
      continue;
    }
    if (!flush && PARTIAL.test(rest)) return { tokens, rest };
    const sequence = TOKEN.exec(rest)?.[0] ?? rest.slice(0, 1);
    tokens.push({ kind: 'key', sequence });
    rest = rest.slice(sequence.length);
  }
  return { tokens, rest: '' };
}

/** Whether what waits is pasted text of which the end has not come yet. */
export function isPasting(rest: string): boolean {
  return rest.startsWith(PASTE_BEGIN);
}
