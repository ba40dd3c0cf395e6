import { hostNode, type Fragment, type NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Now } from '../../core/probe.js';
import { storageViews } from './view.js';

/** The node of a storage on one host. */
export function storageNode(host: HostName, name: string): NodeId {
  return `proxmox-storage:${host}/${name}`;
}

/** Each storage of each node stands on its host. */
export function graph(now: Now): Fragment {
  const all = storageViews(now).flatMap(({ name, nodes }) =>
    nodes.map(({ host }) => ({ host, name })),
  );
  return {
    nodes: all.map(({ host, name }) => ({
      id: storageNode(host, name),
      kind: 'storage',
      host,
      name,
    })),
    edges: all.map(({ host, name }) => ({
      upper: storageNode(host, name),
      lower: hostNode(host),
      group: 'host',
      needs: 1,
    })),
  };
}
