import type { Evidence } from '../../core/finding.js';
import { quoteAll } from '../../core/quote.js';
import { clean } from '../../core/text.js';
import type { Check } from './read/health.js';
import { healthDetailTool, statusTool } from './probes.js';
import type { View } from './view.js';

/** The most lines of detail that are quoted. */
const MOST = 12;

/** A check as `ceph health detail` shows it: the code, what it says, and the things concerned. */
export function checkLines(check: Check): readonly string[] {
  const lines = [`${check.code}: ${check.summary}`, ...check.details.map((line) => `    ${line}`)];
  const rest = lines.length - 1 - MOST;
  const shown = lines.slice(0, MOST + 1).map(clean);
  return rest > 0 ? [...shown, `    and ${rest} more`] : shown;
}

/** What proves a check. */
export function evidenceOf(view: View, check: Check): readonly Evidence[] {
  if (view.host === '') return [];
  const tool = check.details.length > 0 ? healthDetailTool : statusTool;
  return [{ host: view.host, command: quoteAll(tool.command().argv), lines: checkLines(check) }];
}

/** A part of `ceph -s` that proves a rule of ours, as that JSON has it. */
export function statusEvidence(view: View, lines: readonly string[]): readonly Evidence[] {
  if (view.host === '' || lines.length === 0) return [];
  const command = quoteAll(statusTool.command().argv);
  return [{ host: view.host, command, lines: lines.map(clean) }];
}
