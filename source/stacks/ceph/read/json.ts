import { notThis, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** A JSON object found in a text, and the lines around it that belong to no JSON. */
export interface Found {
  readonly object: Readonly<Record<string, unknown>>;
  readonly around: readonly string[];
}

/** The line that `ceph report` prints before its JSON, older releases on stdout: `report 1188805303`. */
const REPORT = /^report \d+$/;

/**
 * The one JSON object in what a `ceph` command printed. Ceph begins its JSON with a newline, `ceph
 * report` with a line of its own, and library warnings can stand before or after. Linear.
 */
export function findObject(text: string): Parsed<Found> {
  const start = objectStart(text);
  if (start < 0) return notThis(1, 'a JSON object, as `-f json` prints it');
  const end = objectEnd(text, start);
  if (end < 0) return notThis(linesOf(text).length, 'the end of the JSON object');
  const object = parseObject(text.slice(start, end));
  if (typeof object === 'number') {
    return notThis(lineAt(text, start + object), 'JSON as Ceph prints it');
  }
  const around = [...linesOf(text.slice(0, start)), ...linesOf(text.slice(end))].filter(
    (line) => line.trim() !== '' && !REPORT.test(line),
  );
  return { ok: true, value: { object, around }, unread: around };
}

/** Where the first line that begins with `{` begins. */
function objectStart(text: string): number {
  const found = /^[ \t]*\{/m.exec(text);
  return found ? found.index + found[0].length - 1 : -1;
}

/** The index after the brace that closes the object at `start`, or -1. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (code === OPEN) {
      depth += 1;
    } else if (code === CLOSE) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** The object, or the offset at which the text stops being JSON: its start where the engine does not tell. */
function parseObject(text: string): Record<string, unknown> | number {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : 0;
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return Number(position ?? 0);
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
