import { clean } from '../../core/text.js';
import type { Plain, PlainObject } from '../report/plain.js';

/** A list of short values stays on one line up to this many characters. */
const SHORT = 72;

/** A value as indented lines: `label  value`, lists with a dash for each entry. */
export function factLines(value: Plain, indent = ''): readonly string[] {
  if (isList(value)) return listLines(value, indent);
  if (value !== null && typeof value === 'object') return objectLines(value, indent);
  return [`${indent}${scalar(value)}`];
}

function objectLines(value: PlainObject, indent: string): readonly string[] {
  const entries = Object.entries(value).map(([key, item]) => ({ label: words(key), item }));
  const width = entries.reduce(
    (most, { label, item }) => (inline(item) === undefined ? most : Math.max(most, label.length)),
    0,
  );
  return entries.flatMap(({ label, item }) => {
    const short = inline(item);
    if (short !== undefined)
      return [`${indent}${label.padEnd(Math.min(28, width))}  ${short}`.trimEnd()];
    return [`${indent}${label}`, ...factLines(item, `${indent}  `)];
  });
}

function listLines(list: readonly Plain[], indent: string): readonly string[] {
  const short = inline(list);
  if (short !== undefined) return [`${indent}${short}`];
  return list.flatMap((item) => {
    const [first = '', ...rest] = factLines(item, `${indent}  `);
    return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
  });
}

/** A value that fits behind its label, or undefined. */
function inline(value: Plain): string | undefined {
  if (isList(value)) {
    if (value.length === 0) return 'none';
    if (value.some((item) => item !== null && typeof item === 'object')) return undefined;
    const joined = value.map(scalar).join(', ');
    return joined.length <= SHORT ? joined : undefined;
  }
  if (value !== null && typeof value === 'object') {
    return Object.keys(value).length === 0 ? 'none' : undefined;
  }
  return scalar(value);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function scalar(value: Plain): string {
  if (value === null || typeof value === 'object') return '–';
  if (value === '') return "''";
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(value) : clean(value);
}

/** `connectionState` as `connection state`; keys that came from a host stay as they are. */
function words(key: string): string {
  const name = /^[a-z]+(?:[A-Z][a-z]+)+$/.test(key)
    ? key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : key;
  return clean(name);
}
