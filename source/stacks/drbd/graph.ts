import type { Fragment, GraphEdge, GraphNode, NodeId } from '../../core/graph.js';
import { deviceNode, hostNode } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { viewOf } from './assemble.js';
import { connectionNode, driverNode, replicaNode, resourceNode } from './nodes.js';
import type { Replica } from './view.js';

/**
 * `/dev/drbd0` of a host ← the resource ← one of its replicas ← the disk beneath. A connection
 * stands on both hosts, so that a dead host explains it.
 */
export function graph(now: Now): Fragment {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const resource of viewOf(now).resources) {
    const id = resourceNode(resource);
    nodes.push({ id, kind: 'resource', name: resource.label });
    for (const replica of resource.replicas) {
      edges.push({
        upper: id,
        lower: replicaNode(replica),
        group: 'replicas',
        needs: 1,
      });
      addReplica(id, replica, nodes, edges);
    }
  }
  return { nodes, edges };
}

function addReplica(above: NodeId, replica: Replica, nodes: GraphNode[], edges: GraphEdge[]): void {
  const { host, resource } = replica;
  nodes.push({ id: replicaNode(replica), kind: 'replica', host, name: resource });
  if (replica.on.devices.value.proc === null) {
    const lower = driverNode(host);
    nodes.push({ id: lower, kind: 'driver', host, name: "DRBD's module" });
    edges.push({ upper: replicaNode(replica), lower, group: 'driver', needs: 1 });
  }
  for (const { minor, backing } of replica.volumes) {
    if (backing !== null) {
      const lower = deviceNode(host, backing);
      nodes.push({ id: lower, kind: 'device', host, name: backing });
      edges.push({ upper: replicaNode(replica), lower, group: 'disk', needs: 1 });
    }
    if (minor !== null && replica.up) {
      const upper = deviceNode(host, `/dev/drbd${minor}`);
      nodes.push({ id: upper, kind: 'device', host, name: `/dev/drbd${minor}` });
      edges.push({ upper, lower: above, group: 'resource', needs: 1 });
    }
  }
  for (const link of replica.links) {
    const upper = connectionNode(resource, link);
    nodes.push({ id: upper, kind: 'connection', host, name: `${resource} → ${link.peer}` });
    if (link.peerHost !== undefined) {
      edges.push({ upper, lower: hostNode(link.peerHost), group: 'peer', needs: 1 });
    }
  }
}
