/** Keys by what terminals send for them (xterm, rxvt, the Linux console). */
const NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007F': 'backspace',
  '\u001B': 'escape',
  ' ': 'space',
  '\u001B[Z': 'shift-tab',
  '\u001B[A': 'up',
  '\u001B[B': 'down',
  '\u001B[C': 'right',
  '\u001B[D': 'left',
  '\u001BOA': 'up',
  '\u001BOB': 'down',
  '\u001BOC': 'right',
  '\u001BOD': 'left',
  '\u001B[H': 'home',
  '\u001B[F': 'end',
  '\u001BOH': 'home',
  '\u001BOF': 'end',
  '\u001B[1~': 'home',
  '\u001B[4~': 'end',
  '\u001B[7~': 'home',
  '\u001B[8~': 'end',
  '\u001B[3~': 'delete',
  '\u001B[5~': 'page-up',
  '\u001B[6~': 'page-down',
  '\u001BOM': 'enter',
};

const FUNCTION_KEYS: readonly (readonly string[])[] = [
  ['\u001BOP', '\u001B[11~', '\u001B[[A'],
  ['\u001BOQ', '\u001B[12~', '\u001B[[B'],
  ['\u001BOR', '\u001B[13~', '\u001B[[C'],
  ['\u001BOS', '\u001B[14~', '\u001B[[D'],
  ['\u001B[15~', '\u001B[[E'],
  ['\u001B[17~'],
  ['\u001B[18~'],
  ['\u001B[19~'],
  ['\u001B[20~'],
  ['\u001B[21~'],
  ['\u001B[23~'],
  ['\u001B[24~'],
];

const BY_SEQUENCE = new Map([
  ...Object.entries(NAMES),
  ...FUNCTION_KEYS.flatMap((sequences, at) =>
    sequences.map((sequence): [string, string] => [sequence, `F${at + 1}`]),
  ),
]);

/**
 * The name of a key from what the terminal sent: a printable character names itself, others are
 * `enter`, `ctrl-d`, `F1`; undefined for what no key of ours sends.
 */
export function keyName(sequence: string): string | undefined {
  const known = BY_SEQUENCE.get(sequence);
  if (known !== undefined) return known;
  const code = sequence.codePointAt(0) ?? 0;
  const single = sequence.length === String.fromCodePoint(code).length;
  if (!single) return undefined;
  if (code > 0 && code <= 26) return `ctrl-${String.fromCharCode(code + 0x60)}`;
  return code > 0x20 && !(code >= 0x7f && code < 0xa0) ? sequence : undefined;
}

const LABELS: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  backspace: 'Backspace',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  home: 'Home',
  end: 'End',
  'page-up': 'PgUp',
  'page-down': 'PgDn',
  space: 'Space',
};

/** A key as people write it: `Ctrl-D`, `PgUp`. */
export function keyLabel(name: string): string {
  const known = LABELS[name];
  if (known !== undefined) return known;
  return name.startsWith('ctrl-') ? `Ctrl-${name.slice(5).toUpperCase()}` : name;
}
