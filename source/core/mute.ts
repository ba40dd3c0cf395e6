import { findingKey, graver, type Finding, type Severity } from './finding.js';
import type { NodeId, StorageGraph } from './graph.js';

/** A finding in its place among the others. */
export interface Judged {
  readonly finding: Finding;
  readonly key: string;
  /** Its own severity, raised to the gravest of what it causes. */
  readonly severity: Severity;
  /** The key of the finding that it is only a consequence of. */
  readonly causedBy?: string;
  /** The keys of its consequences. */
  readonly causes: readonly string[];
}

/**
 * Finds for each finding whether its cause lies beneath it in the storage graph: the cause stays,
 * the consequence is muted, and the cause is as grave as the gravest thing it brings about.
 */
export function judge(findings: readonly Finding[], graph: StorageGraph): readonly Judged[] {
  const rootOf = roots(nearestCauses(findings, graph));
  const consequences = new Map<string, Finding[]>();
  for (const finding of findings) {
    const root = rootOf.get(findingKey(finding));
    if (root === undefined) continue;
    const list = consequences.get(root);
    if (list) list.push(finding);
    else consequences.set(root, [finding]);
  }
  return findings.map((finding) => {
    const key = findingKey(finding);
    const causedBy = rootOf.get(key);
    const caused = consequences.get(key) ?? [];
    return {
      finding,
      key,
      severity: caused.reduce((worst, other) => graver(worst, other.severity), finding.severity),
      causes: caused.map(findingKey),
      ...(causedBy === undefined ? {} : { causedBy }),
    };
  });
}

/** For each finding that has one: the key of a finding that explains it from beneath. */
function nearestCauses(
  findings: readonly Finding[],
  graph: StorageGraph,
): ReadonlyMap<string, string> {
  const explaining = new Map<NodeId, Finding>();
  for (const finding of findings) {
    if (!finding.explains) continue;
    for (const id of finding.about) {
      const node = graph.nameOf(id);
      if (!explaining.has(node)) explaining.set(node, finding);
    }
  }
  const causes = new Map<string, string>();
  if (explaining.size === 0) return causes;
  for (const finding of findings) {
    if (finding.ownCause) continue;
    for (const id of graph.beneath(finding.about)) {
      const cause = explaining.get(id);
      if (!cause || cause === finding) continue;
      causes.set(findingKey(finding), findingKey(cause));
      break;
    }
  }
  return causes;
}

/** Each consequence with the end of its chain of causes; findings that explain each other stay unmuted. */
function roots(causes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const start of causes.keys()) {
    const seen = new Set([start]);
    let root = start;
    for (let next = causes.get(root); next !== undefined; next = causes.get(root)) {
      if (seen.has(next)) {
        root = start;
        break;
      }
      seen.add(next);
      root = next;
    }
    if (root !== start) found.set(start, root);
  }
  return found;
}
