import { pad, widthOf } from '../layout/width.js';
import type { Meaning, Theme } from './theme.js';

/** A piece of a line that is drawn in one way. */
export interface Span {
  readonly text: string;
  readonly as?: Meaning | undefined;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** A line of one span. */
export function plainLine(text: string, as?: Meaning): Line {
  return [{ text, as }];
}

/** The text of a line without its looks. */
export function textOf(line: Line): string {
  return line.map((span) => span.text).join('');
}

/** The width of a line in cells. */
export function lineWidth(line: Line): number {
  return line.reduce((width, span) => width + widthOf(span.text), 0);
}

/**
 * A line as the terminal gets it. A second wall against what hosts say: each span is made safe here
 * again, whoever made it. The selected line is inverse over the whole width, without colours, which
 * would become backgrounds; its marker stands in the margin, for eyes and logs without inverse.
 */
export function paint(
  theme: Theme,
  line: Line,
  at: { readonly width: number; readonly selected?: boolean },
): string {
  if (at.selected === true) {
    const text = theme.text(textOf(line));
    const marked = text.startsWith(' ') ? `${theme.glyphs.marker}${text.slice(1)}` : text;
    return `\u001B[7m${pad(marked, at.width)}\u001B[27m`;
  }
  return withoutBlankEnd(line)
    .map((span) => paintSpan(theme, span))
    .join('');
}

/** Ink looks at every character of every frame: blanks that nobody sees are not given to it. */
function withoutBlankEnd(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line
    .slice(0, last + 1)
    .map((span, at) => (at === last ? { ...span, text: span.text.trimEnd() } : span));
}

function paintSpan(theme: Theme, span: Span): string {
  const text = theme.text(span.text);
  const ink = span.as === undefined || text.trim() === '' ? undefined : theme.ink(span.as);
  return ink ? `\u001B[${ink[0]}m${text}\u001B[${ink[1]}m` : text;
}

/** Two parts of a line, one at each end of the width; the left one yields where both cannot stand. */
export function ends(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right);
  return gap >= 0 ? [...left, { text: ' '.repeat(gap) }, ...right] : [...left];
}
