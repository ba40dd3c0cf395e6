import {
  deviceNode,
  hostNode,
  mountNode,
  type Fragment,
  type GraphEdge,
  type GraphNode,
} from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { memberNode, volumeNode } from './nodes.js';
import { viewOf, type Volume } from './view.js';

/**
 * A mount stands on its device and on the host's membership in the cluster. The file system itself
 * stands on any of the devices that hold it: DRBD's stack knows that those are one.
 */
export function graph(now: Now): Fragment {
  const { nodes, volumes } = viewOf(now);
  const members = nodes.map(({ host, cluster }): GraphNode => {
    return { id: memberNode(host), kind: 'cluster node', host, name: cluster ?? host };
  });
  const parts = volumes.map(volumePart);
  return {
    nodes: [...members, ...parts.flatMap((part) => part.nodes)],
    edges: [
      ...nodes.map(({ host }) => ({
        ...{ upper: memberNode(host), lower: hostNode(host) },
        ...{ group: 'host', needs: 1 },
      })),
      ...parts.flatMap((part) => part.edges),
    ],
  };
}

function volumePart({ uuid, name, seen, mounts }: Volume): Fragment {
  const id = volumeNode(uuid);
  const nodes: GraphNode[] = [{ id, kind: 'file system', name }];
  const edges: GraphEdge[] = [];
  for (const { host, device } of seen) {
    const lower = deviceNode(host, device);
    nodes.push({ id: lower, kind: 'device', host, name: device });
    edges.push({ upper: id, lower, group: 'devices', needs: 1 });
  }
  for (const { node, entry } of mounts) {
    const { host } = node;
    const upper = mountNode(host, entry.point);
    nodes.push({ id: upper, kind: 'mount', host, name: entry.point });
    edges.push({ upper, lower: deviceNode(host, entry.source), group: 'device', needs: 1 });
    edges.push({ upper, lower: memberNode(host), group: 'cluster', needs: 1 });
  }
  return { nodes, edges };
}
