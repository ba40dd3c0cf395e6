/** A line of text being edited, and where in it the next character goes. */
export interface LineEdit {
  readonly text: string;
  /** In UTF-16 units, always between two characters. */
  readonly cursor: number;
}

/** The most that is typed into a field; more is a paste gone astray. */
const MOST = 1000;

/** A text with the cursor at its end. */
export function lineEdit(text: string): LineEdit {
  return { text, cursor: text.length };
}

/** A text with more at the cursor; of pasted lines only the first. */
export function insert({ text, cursor }: LineEdit, more: string): LineEdit {
  const line = (more.split(/[\r\n]/)[0] ?? '').slice(0, Math.max(0, MOST - text.length));
  return {
    text: text.slice(0, cursor) + line + text.slice(cursor),
    cursor: cursor + line.length,
  };
}

/** What a key does to a line; undefined for keys that do nothing to it. */
export function editKey(line: LineEdit, key: string): LineEdit | undefined {
  switch (key) {
    case 'backspace':
      return without(line, leftOf(line), line.cursor);
    case 'delete':
    case 'ctrl-d':
      return without(line, line.cursor, rightOf(line));
    case 'ctrl-w':
      return without(line, wordBefore(line), line.cursor);
    case 'ctrl-u':
      return without(line, 0, line.cursor);
    case 'ctrl-k':
      return without(line, line.cursor, line.text.length);
    case 'space':
      return insert(line, ' ');
    default:
      return Array.from(key).length === 1 ? insert(line, key) : undefined;
  }
}

/** Moves the cursor. */
export function moveCursor(line: LineEdit, to: 'left' | 'right' | 'start' | 'end'): LineEdit {
  switch (to) {
    case 'left':
      return { ...line, cursor: leftOf(line) };
    case 'right':
      return { ...line, cursor: rightOf(line) };
    case 'start':
      return { ...line, cursor: 0 };
    case 'end':
      return { ...line, cursor: line.text.length };
  }
}

function without({ text }: LineEdit, from: number, to: number): LineEdit {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Where the character before the cursor begins: what people see as one is taken as one. */
function leftOf({ text, cursor }: LineEdit): number {
  const last = Array.from(segmenter.segment(text.slice(0, cursor))).at(-1);
  return last?.index ?? 0;
}

function rightOf({ text, cursor }: LineEdit): number {
  const [next] = segmenter.segment(text.slice(cursor));
  return cursor + (next?.segment.length ?? 0);
}

function wordBefore({ text, cursor }: LineEdit): number {
  return text.slice(0, cursor).replace(/\S*\s*$/, '').length;
}
