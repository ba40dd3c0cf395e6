/** Longer lines are none of DRBD's; they go to `unread` without being looked at. */
export const LONGEST_LINE = 4096;

/** The lines of a text one by one, without making a list of them: a text may be very large. */
export function* eachLine(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    start = end + 1;
  }
}
