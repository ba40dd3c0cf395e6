import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;

/** How many cells of the terminal a text takes. */
export function widthOf(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** A text with blanks added up to a width; longer ones stay as they are. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + gap : gap + text;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What people see as characters, so that none is cut in half. */
function charactersOf(text: string): readonly string[] {
  return ASCII.test(text)
    ? Array.from(text)
    : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The longest beginning of a text that fits. */
export function startOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const character of charactersOf(text)) {
    used += widthOf(character);
    if (used > width) break;
    out += character;
  }
  return out;
}

/** The longest end of a text that fits. */
function endOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const character of [...charactersOf(text)].reverse()) {
    used += widthOf(character);
    if (used > width) break;
    out = character + out;
  }
  return out;
}

/** A text cut to a width: names in the middle, since both ends tell them apart; sentences at the end. */
export function cut(
  text: string,
  width: number,
  where: 'middle' | 'end',
  ellipsis: string,
): string {
  if (widthOf(text) <= width) return text;
  const left = width - widthOf(ellipsis);
  if (left <= 0) return startOf(text, Math.max(0, width));
  if (where === 'end') return startOf(text, left).trimEnd() + ellipsis;
  const tail = Math.floor(left / 2);
  return startOf(text, left - tail) + ellipsis + endOf(text, tail);
}
