import { linesOf } from '../../core/text.js';

/** When a message was printed: `Nov 20 19:02:28 | `, `155.181840 | ` (seconds since boot). */
const STAMP = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{1,12}\.\d{1,9}) \| /;

/**
 * A configuration file named with a line, or a brace that is missing: `/etc/multipath.conf line 3,
 * invalid keyword…`, `multipath.conf +5, invalid keyword…` (0.4.9), `missing '}' at end of …`.
 */
const COMPLAINT = /\.conf(?: line \d| \+\d)|^(?:missing|unmatched) .{0,40}\.conf/;

/** What multipath and multipathd say on standard error, without its time stamps, each thing once. */
export interface Said {
  /** About the configuration. multipath exits with 0 however broken that is. */
  readonly complaints: readonly string[];
  readonly other: readonly string[];
}

/** Tells the complaints about the configuration from all else on standard error. */
export function readStderr(text: string): Said {
  const lines = linesOf(text)
    .map((line) => line.replace(STAMP, '').trimEnd())
    .filter((line) => line !== '');
  const once = [...new Set(lines)];
  return {
    complaints: once.filter((line) => COMPLAINT.test(line)),
    other: once.filter((line) => !COMPLAINT.test(line)),
  };
}
