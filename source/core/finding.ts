import type { HostName, Millis } from './host.js';
import type { NodeId } from './graph.js';

/** How grave a finding is; also the tone it is drawn in. */
export type Severity = 'notice' | 'warning' | 'alert';

const ORDER: Record<Severity, number> = { notice: 0, warning: 1, alert: 2 };

/** The graver of two. */
export function graver(a: Severity, b: Severity): Severity {
  return ORDER[a] >= ORDER[b] ? a : b;
}

/** For sorting: worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return ORDER[b] - ORDER[a];
}

/** Lines of a host's own output that prove a finding. */
export interface Evidence {
  readonly host: HostName;
  /** The command as people read it. */
  readonly command: string;
  readonly lines: readonly string[];
}

/** Something that an administrator should know, with all that is needed to judge it. */
export interface Finding {
  /** Stable: `DRBD_SPLIT_BRAIN`. */
  readonly code: string;
  readonly severity: Severity;
  /** A short title: `DRBD split brain`. */
  readonly title: string;
  /** What it is about, unique within the code: `r0`, `san-b:2`. */
  readonly subject: string;
  readonly hosts: readonly HostName[];
  /** What is, in one sentence. */
  readonly says: string;
  /** What it means. */
  readonly means: string;
  /** What to do. */
  readonly todo: string;
  readonly evidence: readonly Evidence[];
  /** Ids of the recoveries that mend it, and of wizards that set up anew what is wrong. */
  readonly remedies: readonly string[];
  /** It goes away by itself, if nothing else breaks. */
  readonly heals?: boolean;
  /** The nodes of the storage graph it is about. */
  readonly about: readonly NodeId[];
  /** Its nodes are out of order, so findings about what stands on them may be consequences of it. */
  readonly explains?: boolean;
  /** Never only a consequence (split brain): not muted, whatever lies beneath. */
  readonly ownCause?: boolean;
  /**
   * It counts only once it has been so without a break for this long, in ms: a sync that is stalled
   * for five minutes, I/O that is suspended for one. The rule says what is; the engine keeps time.
   */
  readonly onlyAfter?: Millis;
  /** Ids of probes whose failure it tells already, so that the failure is not told twice. */
  readonly covers?: readonly string[];
}

/** What a finding is recognised by from one round to the next. */
export function findingKey(finding: Pick<Finding, 'code' | 'subject'>): string {
  return `${finding.code}/${finding.subject}`;
}
