import type { Evidence } from './finding.js';
import type { Reading } from './probe.js';
import { showCommand } from './quote.js';
import { clean, linesOf } from './text.js';

/** The most lines quoted from one command. */
const MOST = 12;

/**
 * The lines of what a probe was told that match, by command, made safe to draw. Commands without such a line are left
 * out; where none matches there is no evidence, which is better than the wrong one.
 */
export function quoteLines(
  reading: Reading<unknown>,
  matches: (line: string) => boolean,
): readonly Evidence[] {
  return reading.asked.flatMap(({ host, command, outcome }) => {
    const text =
      outcome.kind === 'exited'
        ? `${outcome.stdout}\n${outcome.stderr}`
        : 'stdout' in outcome
          ? outcome.stdout
          : '';
    const lines = linesOf(text).filter(matches).slice(0, MOST).map(clean);
    return lines.length > 0 ? [{ host, command: showCommand(command.argv), lines }] : [];
  });
}
