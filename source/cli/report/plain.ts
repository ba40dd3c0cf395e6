/** What JSON can say. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;

/** An object of JSON. */
export interface PlainObject {
  readonly [key: string]: Plain;
}

/** Deeper than any reading of ours; what a host's JSON nests deeper than this is cut off. */
const DEEPEST = 100;

/**
 * A value as JSON can say it: maps as objects, sets as lists, dates as ISO 8601, big integers as
 * text, numbers that JSON lacks as null. What is undefined or a function is left out.
 */
export function toPlain(value: unknown, depth = 0): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return null;
  if (depth >= DEEPEST) return '…';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) return toObject(value.entries(), depth);
  if (value instanceof Set || Array.isArray(value)) {
    return Array.from(value, (item: unknown) => toPlain(item, depth + 1));
  }
  return toObject(Object.entries(value), depth);
}

function toObject(entries: Iterable<readonly [unknown, unknown]>, depth: number): Plain {
  const kept: [string, Plain][] = [];
  for (const [key, value] of entries) {
    if (value === undefined || typeof value === 'function') continue;
    kept.push([typeof key === 'string' ? key : String(key), toPlain(value, depth + 1)]);
  }
  return Object.fromEntries(kept);
}

/** A value as an indented JSON text with a newline at its end. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(toPlain(value), undefined, 2)}\n`;
}
