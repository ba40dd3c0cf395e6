import type { Tone } from '../../core/pane.js';

/** The characters that the console draws with; one set for Unicode, one for plain ASCII. */
export interface Glyphs {
  readonly signs: Readonly<Record<Tone, string>>;
  readonly rule: string;
  readonly ellipsis: string;
  /** The mark before the selected line, and before the chosen answer. */
  readonly marker: string;
  readonly cursor: string;
  readonly mask: string;
  readonly enter: string;
  readonly ascending: string;
  readonly descending: string;
  readonly into: string;
  readonly dash: string;
  readonly branch: string;
  /** The ends of a progress bar. */
  readonly barEnds: readonly [string, string];
  /** From empty to full, in equal steps. */
  readonly barSteps: readonly string[];
  /** From low to high. */
  readonly sparks: readonly string[];
}

const unicodeGlyphs: Glyphs = {
  signs: {
    plain: ' ',
    good: '✓',
    notice: '◇',
    warning: '▲',
    alert: '●',
    unknown: '◌',
    working: '⟳',
    muted: '·',
  },
  rule: '─',
  ellipsis: '…',
  marker: '▌',
  cursor: '▏',
  mask: '•',
  enter: '⏎',
  ascending: '↑',
  descending: '↓',
  into: '›',
  dash: '–',
  branch: '└',
  barEnds: ['▕', '▏'],
  barSteps: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

const asciiGlyphs: Glyphs = {
  signs: {
    plain: ' ',
    good: '+',
    notice: 'i',
    warning: '^',
    alert: '!',
    unknown: '?',
    working: '~',
    muted: '.',
  },
  rule: '-',
  ellipsis: '..',
  marker: '>',
  cursor: '_',
  mask: '*',
  enter: 'Enter',
  ascending: '^',
  descending: 'v',
  into: '>',
  dash: '-',
  branch: '`',
  barEnds: ['[', ']'],
  barSteps: [' ', '#'],
  sparks: ['_', '.', '-', '=', '*', '#'],
};

/** The set of characters for a terminal. */
export function glyphsFor(unicode: boolean): Glyphs {
  return unicode ? unicodeGlyphs : asciiGlyphs;
}

/** What is written for characters that an ASCII terminal lacks, where `?` would lose the meaning. */
const ASCII_FORMS: Readonly<Record<string, string>> = {
  '→': '->',
  '←': '<-',
  '↔': '<->',
  '…': '...',
  '–': '-',
  '—': '-',
  '·': '.',
  '›': '>',
  '‹': '<',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  µ: 'u',
  '✓': '+',
  '●': '!',
  '▲': '^',
  '◌': '?',
  '⏎': 'Enter',
};

/** A text in ASCII alone; what has no form of its own becomes `?`. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => ASCII_FORMS[character] ?? '?');
}
