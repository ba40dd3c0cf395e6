import type { Tone } from '../../core/pane.js';
import { clean } from '../../core/text.js';
import type { Environment } from '../environment.js';
import { glyphsFor, toAscii, type Glyphs } from './glyphs.js';

/** What a piece of text means; the theme turns it into a colour. */
export type Meaning =
  | Tone
  /** The name of a part of the screen. */
  | 'heading'
  /** A key that can be pressed. */
  | 'key'
  /** Where one is. */
  | 'accent';

/** How much colour the terminal has. */
export type Colours = 'none' | '16' | '256';

/** Everything about the look that depends on the terminal. */
export interface Theme {
  readonly unicode: boolean;
  readonly colours: Colours;
  readonly glyphs: Glyphs;
  /** A text made safe to draw on this terminal: no control characters, no characters it lacks. */
  readonly text: (text: string) => string;
  /** The sign of a tone. */
  readonly sign: (tone: Tone) => string;
  /** SGR parameters that begin and end a meaning; undefined: drawn as plain text. */
  readonly ink: (meaning: Meaning) => readonly [begin: string, end: string] | undefined;
}

type Ink = readonly [begin: string, end: string];

const BOLD: Ink = ['1', '22'];
const FAINT: Ink = ['2', '22'];
const UNDERLINE: Ink = ['4', '24'];

/** Colours from the 256 that keep a contrast of 3:1 or more on black and on white alike. */
const INKS_256: Partial<Record<Meaning, Ink>> = {
  good: ['38;5;28', '39'],
  notice: ['38;5;32', '39'],
  warning: ['38;5;136', '39'],
  alert: ['1;38;5;196', '22;39'],
  unknown: ['38;5;133', '39'],
  working: ['38;5;32', '39'],
  muted: ['38;5;244', '39'],
  heading: BOLD,
  key: BOLD,
  accent: ['1;38;5;32', '22;39'],
};

/** No blue, which nobody can read on black, and no white or black, one of which is the background. */
const INKS_16: Partial<Record<Meaning, Ink>> = {
  good: ['32', '39'],
  notice: ['36', '39'],
  warning: ['33', '39'],
  alert: ['1;31', '22;39'],
  unknown: ['35', '39'],
  working: ['36', '39'],
  muted: FAINT,
  heading: BOLD,
  key: BOLD,
  accent: BOLD,
};

const INKS_NONE: Partial<Record<Meaning, Ink>> = {
  alert: BOLD,
  muted: FAINT,
  unknown: FAINT,
  heading: BOLD,
  key: BOLD,
  accent: UNDERLINE,
};

const INKS: Readonly<Record<Colours, Partial<Record<Meaning, Ink>>>> = {
  none: INKS_NONE,
  '16': INKS_16,
  '256': INKS_256,
};

/** The theme for a terminal. */
export function makeTheme(look: { readonly unicode: boolean; readonly colours: Colours }): Theme {
  const { unicode, colours } = look;
  const glyphs = glyphsFor(unicode);
  const inks = INKS[colours];
  return {
    unicode,
    colours,
    glyphs,
    text: unicode ? clean : (text) => toAscii(clean(text)),
    sign: (tone) => glyphs.signs[tone],
    ink: (meaning) => inks[meaning],
  };
}

/** What the environment says about the terminal's characters and colours. */
export function themeFrom(env: Environment): Theme {
  return makeTheme({ unicode: hasUnicode(env), colours: coloursOf(env) });
}

function hasUnicode(env: Environment): boolean {
  if (env.HOLDFAST_ASCII !== undefined && env.HOLDFAST_ASCII !== '') return false;
  // The first that is set decides, as in setlocale(3).
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(
    (value) => value !== undefined && value !== '',
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}

function coloursOf(env: Environment): Colours {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 'none';
  const term = env.TERM ?? '';
  if (/256|kitty|alacritty|ghostty|direct/.test(term)) return '256';
  return env.COLORTERM !== undefined && env.COLORTERM !== '' ? '256' : '16';
}
