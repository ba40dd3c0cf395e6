import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { nodeFindings } from './rules/nodes.js';
import { volumeFindings } from './rules/volumes.js';
import { viewOf } from './view.js';

const made = new WeakMap<Now, readonly Finding[]>();

/** What is wrong with OCFS2, over all hosts together; made once for a moment. */
export function diagnose(now: Now): readonly Finding[] {
  const known = made.get(now);
  if (known) return known;
  const view = viewOf(now);
  const findings = [...nodeFindings(view), ...volumeFindings(view)];
  made.set(now, findings);
  return findings;
}
