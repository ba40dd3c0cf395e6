import { bySeverity, type Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import { clean } from '../../../core/text.js';
import { findingsOf } from '../diagnose.js';
import { connectionNode, replicaNode, resourceNode } from '../nodes.js';
import type { Replica, Resource, View } from '../view.js';

/** The findings about a resource or any part of it, worst first. */
export function findingsAbout(view: View, resource: Resource): readonly Finding[] {
  const nodes = new Set<NodeId>([
    resourceNode(resource.name),
    ...resource.replicas.flatMap((replica) => nodesOf(replica)),
  ]);
  return findingsOn(view, nodes);
}

/** The findings about any of these nodes, worst first. */
export function findingsOn(view: View, nodes: ReadonlySet<NodeId>): readonly Finding[] {
  return findingsOf(view)
    .filter(({ about }) => about.some((node) => nodes.has(node)))
    .sort((a, b) => bySeverity(a.severity, b.severity));
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
export function outOfSyncKey({ name }: Resource): string {
  return `drbd.${clean(name)}.out-of-sync`;
}

export function rateKey({ name }: Resource): string {
  return `drbd.${clean(name)}.rate`;
}
