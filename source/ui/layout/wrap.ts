import { startOf, widthOf } from './width.js';

/** A text in lines of at most a width, broken at blanks; words that are too long are broken anywhere. */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(1, width);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, room));
}

function wrapParagraph(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const size = widthOf(word);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      used = widthOf(line);
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  const out: string[] = [];
  let rest = word;
  while (widthOf(rest) > width) {
    // A character wider than the whole line would otherwise never be taken.
    const piece = startOf(rest, width) || (Array.from(rest)[0] ?? rest);
    out.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...out, rest];
}
