import type { Evidence } from './finding.js';
import type { Exchange } from './host.js';
import type { Reading } from './probe.js';
import { showCommand } from './quote.js';
import { clean, linesOf } from './text.js';

/** The most lines quoted from one command. */
const MOST = 12;

/**
 * The lines of what a probe was told that match, by command, made safe to draw. Commands without
 * such a line are left out; where none matches there is no evidence, which is better than the wrong
 * one.
 */
export function quoteLines(
  reading: Reading<unknown>,
  matches: (line: string) => boolean,
): readonly Evidence[] {
  return reading.asked.flatMap((exchange) => {
    return quoted(exchange, linesOf(textOf(exchange)).filter(matches));
  });
}

/**
 * The same for rules that ask again and again for the lines of one thing among many: each answer is
 * taken apart once, by the keys that its lines are about.
 */
export function lineIndex(
  keysOf: (line: string) => readonly string[],
): (reading: Reading<unknown>, keys: readonly string[]) => readonly Evidence[] {
  const made = new WeakMap<Exchange, ReadonlyMap<string, readonly string[]>>();
  return (reading, keys) =>
    reading.asked.flatMap((exchange) => {
      const index = made.get(exchange) ?? indexed(textOf(exchange), keysOf);
      made.set(exchange, index);
      return quoted(exchange, [...new Set(keys.flatMap((key) => index.get(key) ?? []))]);
    });
}

function indexed(
  text: string,
  keysOf: (line: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    for (const key of keysOf(line)) {
      const lines = index.get(key);
      if (!lines) index.set(key, [line]);
      else if (lines.length < MOST) lines.push(line);
    }
  }
  return index;
}

function textOf({ outcome }: Exchange): string {
  if (outcome.kind === 'exited') return `${outcome.stdout}\n${outcome.stderr}`;
  return 'stdout' in outcome ? outcome.stdout : '';
}

function quoted({ host, command }: Exchange, lines: readonly string[]): readonly Evidence[] {
  if (lines.length === 0) return [];
  return [{ host, command: showCommand(command.argv), lines: lines.slice(0, MOST).map(clean) }];
}
