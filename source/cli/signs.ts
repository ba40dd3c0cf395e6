import type { Tone } from '../core/pane.js';

const SIGNS: Record<Tone, string> = {
  plain: ' ',
  good: '✓',
  notice: '·',
  warning: '▲',
  alert: '●',
  unknown: '◌',
  working: '⟳',
  muted: ' ',
};

/** The sign of a tone; never the only thing that tells it. */
export function signOf(tone: Tone): string {
  return SIGNS[tone];
}

const PLAIN: Readonly<Record<string, string>> = {
  '✓': '+',
  '·': '.',
  '▲': '^',
  '●': '!',
  '◌': '?',
  '⟳': '~',
  '→': '->',
  '←': '<-',
  '↔': '<->',
  '…': '...',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** A text without anything beyond ASCII; what has no likeness there becomes `?`. */
export function toAscii(text: string): string {
  return text.replace(/[^\n\x20-\x7e]/gu, (character) => PLAIN[character] ?? '?');
}
