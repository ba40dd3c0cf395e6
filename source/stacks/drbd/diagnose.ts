import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { viewOf } from './assemble.js';
import { configurationFindings } from './rules/configurations.js';
import { discardedFindings } from './rules/discarded.js';
import { diskFindings } from './rules/disks.js';
import { hostFindings } from './rules/hosts.js';
import { linkFindings } from './rules/links.js';
import { syncFindings } from './rules/sync.js';
import { useFindings } from './rules/use.js';
import type { View } from './view.js';

const made = new WeakMap<View, readonly Finding[]>();

/** What is wrong with DRBD, over all hosts together. */
export function diagnose(now: Now): readonly Finding[] {
  return findingsOf(viewOf(now));
}

/** The findings of a view; made once, however many ask for them. */
export function findingsOf(view: View): readonly Finding[] {
  const known = made.get(view);
  if (known) return known;
  const findings = [
    ...linkFindings(view),
    ...diskFindings(view),
    ...useFindings(view),
    ...syncFindings(view),
    ...hostFindings(view),
    ...configurationFindings(view),
    ...discardedFindings(view),
  ];
  made.set(view, findings);
  return findings;
}
