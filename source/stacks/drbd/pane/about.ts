import { bySeverity, type Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import { clean } from '../../../core/text.js';
import { findingsOf } from '../diagnose.js';
import { connectionNode, replicaNode, resourceNode } from '../nodes.js';
import type { Replica, Resource, View } from '../view.js';

/** The findings about a resource or any part of it, worst first. */
export function findingsAbout(view: View, resource: Resource): readonly Finding[] {
  const nodes = new Set<NodeId>([
    resourceNode(resource),
    ...resource.replicas.flatMap((replica) => nodesOf(replica)),
  ]);
  return findingsOn(view, nodes);
}

/** The findings about any of these nodes, worst first. */
export function findingsOn(view: View, nodes: ReadonlySet<NodeId>): readonly Finding[] {
  const byNode = findingsByNode(view);
  const found = new Set([...nodes].flatMap((node) => byNode.get(node) ?? []));
  return [...found].sort((a, b) => bySeverity(a.severity, b.severity));
}

const indices = new WeakMap<View, ReadonlyMap<NodeId, readonly Finding[]>>();

/** Made once a view: every row asks for its own. */
function findingsByNode(view: View): ReadonlyMap<NodeId, readonly Finding[]> {
  const known = indices.get(view);
  if (known) return known;
  const index = new Map<NodeId, Finding[]>();
  for (const finding of findingsOf(view)) {
    for (const node of finding.about) {
      const list = index.get(node);
      if (list) list.push(finding);
      else index.set(node, [finding]);
    }
  }
  indices.set(view, index);
  return index;
}

/** A replica and its ends of the connections. */
export function nodesOf(replica: Replica): readonly NodeId[] {
  return [
    replicaNode(replica),
    ...replica.links.map((link) => connectionNode(replica.resource, link)),
  ];
}

/** The most that any side counts as differing, in KiB; undefined if none says. */
export function outOfSyncOf({ replicas }: Resource): number | undefined {
  const known = replicas.flatMap(({ links }) =>
    links.flatMap(({ volumes }) => volumes.flatMap((leg) => leg.outOfSyncKiB ?? [])),
  );
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** The keys under which a resource's history is kept. */
export function outOfSyncKey({ label }: Resource): string {
  return `drbd.${clean(label)}.out-of-sync`;
}

export function rateKey({ label }: Resource): string {
  return `drbd.${clean(label)}.rate`;
}
