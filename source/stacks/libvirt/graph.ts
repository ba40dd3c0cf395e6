import {
  deviceNode,
  folderNode,
  GUEST,
  type Fragment,
  type GraphEdge,
  type GraphNode,
  type NodeId,
} from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Now } from '../../core/probe.js';
import type { DiskSource, Guest, Pool } from './read/state.js';
import { hostViews, poolOf, type HostView } from './view.js';

/** The node of a pool. */
export function poolNode(host: HostName, { uuid }: Pool): NodeId {
  return `libvirt.pool:${host}/${uuid}`;
}

/** The node of a guest on the host that has its definition. */
export function guestNode(host: HostName, { uuid }: Guest): NodeId {
  return `libvirt.guest:${host}/${uuid}`;
}

/** The node of a virtual network. */
export function networkNode(host: HostName, { uuid }: { readonly uuid: string }): NodeId {
  return `libvirt.network:${host}/${uuid}`;
}

/**
 * A guest stands on the files and devices of its disks, each file in the folder that the graph finds
 * a mount for; a pool on its folder or its devices. A guest that runs needs no pool for a disk that
 * is a file in it, so that the pool's loss only degrades it; a disk named by its pool does.
 */
export function graph(now: Now): Fragment {
  const nodes = new Map<NodeId, GraphNode>();
  const edges: GraphEdge[] = [];
  for (const view of hostViews(now)) addHost(view, nodes, edges);
  return { nodes: [...nodes.values()], edges };
}

function addHost(view: HostView, nodes: Map<NodeId, GraphNode>, edges: GraphEdge[]): void {
  const { host, report } = view;
  const add = (id: NodeId, kind: string, name: string): NodeId => {
    if (!nodes.has(id)) nodes.set(id, { id, kind, host, name });
    return id;
  };
  for (const network of report.networks) add(networkNode(host, network), 'network', network.name);
  for (const pool of report.pools) {
    const upper = add(poolNode(host, pool), 'pool', pool.name);
    for (const device of pool.sources.filter((source) => source.startsWith('/dev/'))) {
      const lower = add(deviceNode(host, device), 'device', device);
      edges.push({ upper, lower, group: 'devices', needs: 1 });
    }
    if (pool.target.startsWith('/') && !pool.target.startsWith('/dev')) {
      const lower = add(folderNode(host, pool.target), 'folder', pool.target);
      edges.push({ upper, lower, group: 'folder', needs: 1 });
    }
  }
  for (const guest of report.guests) {
    const upper = add(guestNode(host, guest), GUEST, guest.name);
    for (const { target, device, sources } of guest.disks) {
      const needs = device === 'disk' || device === 'lun' ? 1 : 0;
      for (const [depth, source] of sources.entries()) {
        const group = depth === 0 ? target : `${target}, ${depth} beneath`;
        const lower = sourceNode(host, source, add);
        if (lower !== undefined) edges.push({ upper, lower, group, needs });
        const pool = poolOf(report, source);
        if (!pool) continue;
        const named = source.kind === 'volume' ? needs : 0;
        edges.push({ upper, lower: poolNode(host, pool), group: `pool of ${group}`, needs: named });
      }
    }
  }
}

/** The node of what a disk's bytes lie in; undefined: it is not of this host, or its pool alone knows. */
function sourceNode(
  host: HostName,
  source: DiskSource,
  add: (id: NodeId, kind: string, name: string) => NodeId,
): NodeId | undefined {
  switch (source.kind) {
    case 'file':
      return add(folderNode(host, source.path), 'file', source.path);
    case 'block':
      return add(deviceNode(host, source.path), 'device', source.path);
    case 'volume':
    case 'other':
      return undefined;
  }
}
