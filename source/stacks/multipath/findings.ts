import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { hostFindings } from './host-rules.js';
import { mapFindings } from './map-rules.js';
import { sessionFindings } from './session-rules.js';
import { mapViews } from './view.js';

const made = new WeakMap<Now, readonly Finding[]>();

/** All that is wrong with maps, paths, portals and daemons; made once for a moment. */
export function multipathFindings(now: Now): readonly Finding[] {
  const before = made.get(now);
  if (before) return before;
  const findings = [
    ...mapViews(now).flatMap(mapFindings),
    ...sessionFindings(now),
    ...hostFindings(now),
  ];
  made.set(now, findings);
  return findings;
}
