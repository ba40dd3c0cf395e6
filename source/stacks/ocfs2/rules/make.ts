import { cleaned } from '../../../core/clean-finding.js';
import { quoteLines } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import type { NodeView } from '../view.js';

/** A finding without what is usual. */
export type Draft = Omit<Finding, 'evidence' | 'remedies'> &
  Partial<Pick<Finding, 'evidence' | 'remedies'>>;

/** A finding whose words are safe to draw. */
export function finding(draft: Draft): Finding {
  return cleaned({ evidence: [], remedies: [], ...draft });
}

/** Lines of what hosts said of themselves as nodes. */
export function said(
  nodes: readonly NodeView[],
  matches: (line: string) => boolean,
): readonly Evidence[] {
  return nodes.flatMap(({ reading }) => quoteLines(reading, matches));
}

/** Lines of the hosts' kernel logs. */
export function logged(
  nodes: readonly NodeView[],
  matches: (line: string) => boolean,
): readonly Evidence[] {
  return nodes.flatMap(({ log }) => (log ? quoteLines(log, matches) : []));
}
