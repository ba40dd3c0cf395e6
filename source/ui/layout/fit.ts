import type { Theme } from '../theme/theme.js';
import { cut, pad } from './width.js';

/** How a text is made to fit its place. */
export interface Fit {
  readonly align?: 'left' | 'right';
  readonly cut?: 'middle' | 'end';
}

/** A text from anywhere, made safe, cut or padded to exactly a width. */
export function fit(theme: Theme, text: string, width: number, how: Fit = {}): string {
  const shown = cut(theme.text(text), width, how.cut ?? 'end', theme.glyphs.ellipsis);
  return pad(shown, width, how.align);
}

/** A text from anywhere, made safe and cut to at most a width. */
export function atMost(
  theme: Theme,
  text: string,
  width: number,
  where: 'middle' | 'end' = 'end',
): string {
  return cut(theme.text(text), width, where, theme.glyphs.ellipsis);
}
