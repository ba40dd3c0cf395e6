import { bySeverity, type Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import type { Picture } from '../picture.js';
import type { Disk } from '../tools/disks.js';

/** What every row is made from. */
export interface Scene {
  readonly seen: Picture;
  readonly findings: readonly Finding[];
  /** The cluster's answer is old, or there is none: nothing is drawn as good. */
  readonly stale: boolean;
}

/** The findings about a node, worst first. */
export function findingsAbout({ findings }: Scene, node: NodeId): readonly Finding[] {
  return findings
    .filter(({ about }) => about.includes(node))
    .toSorted((a, b) => bySeverity(a.severity, b.severity));
}

/** A disk's flags in words. */
export function diskState({ damaged, totalBytes, toDelete, scanning }: Disk): string {
  const flags = [
    ...(damaged ? [totalBytes === 0 ? 'missing' : 'damaged'] : []),
    ...(toDelete ? ['to remove'] : []),
    ...(scanning ? ['scanning'] : []),
  ];
  return flags.length > 0 ? flags.join(', ') : 'in use';
}
