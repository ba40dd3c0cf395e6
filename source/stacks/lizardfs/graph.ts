import { folderNode, type Fragment, type GraphEdge, type GraphNode } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { goalStates } from './findings/diagnose.js';
import { chunkserverNode, chunksNode, diskNode, mountNode } from './nodes.js';
import { picture, type Picture } from './picture.js';
import { valueOf } from './tools/question.js';
import { isMaster } from './tools/metadata-status.js';

/**
 * What stands on what: a mount on the master and on the chunks of every goal in use, chunks on the
 * chunkservers, a chunkserver on its disks, a disk on the file system that its folder lies in.
 */
export function graph(now: Now): Fragment {
  const seen = picture(now);
  const nodes: GraphNode[] = seen.metadataServers.map(({ id, place, host }) => ({
    id,
    kind: 'metadata server',
    name: place,
    ...(host !== undefined && { host }),
  }));
  const edges: GraphEdge[] = [];
  addServers(seen, nodes, edges);
  addChunks(seen, nodes, edges);
  addMounts(seen, nodes, edges);
  return { nodes, edges };
}

function addServers(seen: Picture, nodes: GraphNode[], edges: GraphEdge[]): void {
  const view = seen.cluster?.value;
  for (const { address } of (view && valueOf(view.chunkservers)?.servers) ?? []) {
    const host = seen.hostAt(address);
    nodes.push({
      id: chunkserverNode(address),
      kind: 'chunkserver',
      name: address,
      ...(host !== undefined && { host }),
    });
  }
  for (const { server, path } of (view && valueOf(view.disks)?.disks) ?? []) {
    const host = seen.hostAt(server);
    const id = diskNode(server, path);
    nodes.push({ id, kind: 'disk', name: path, ...(host !== undefined && { host }) });
    edges.push({ upper: chunkserverNode(server), lower: id, group: 'disks', needs: 1 });
    if (host !== undefined) {
      edges.push({ upper: id, lower: folderNode(host, path), group: 'folder', needs: 1 });
    }
  }
}

function addChunks(seen: Picture, nodes: GraphNode[], edges: GraphEdge[]): void {
  const view = seen.cluster?.value;
  const servers = (view && valueOf(view.chunkservers)?.servers) ?? [];
  for (const { goal, shape } of goalStates(seen)) {
    const upper = chunksNode(goal);
    nodes.push({ id: upper, kind: 'chunks', name: `goal ${goal}` });
    // With one part on each server, as many servers may go as parts may.
    const needs = Math.max(1, servers.length - (shape?.survives ?? 0));
    for (const { address } of servers) {
      edges.push({ upper, lower: chunkserverNode(address), group: 'copies', needs });
    }
  }
}

function addMounts(seen: Picture, nodes: GraphNode[], edges: GraphEdge[]): void {
  const master = seen.metadataServers.find(isMaster) ?? seen.metadataServers[0];
  const goals = goalStates(seen).map(({ goal }) => goal);
  const view = seen.cluster?.value;
  const sessions = (view && valueOf(view.mounts)?.mounts) ?? [];
  const mounts = [
    ...sessions.map(({ ip, mountPoint }) => ({ host: seen.hostAt(ip), ip, mountPoint })),
    ...seen.locals.flatMap(({ host, value }) =>
      value.mounts.map(({ mountPoint }) => ({ host, ip: '', mountPoint })),
    ),
  ];
  const done = new Set<string>();
  for (const { host, ip, mountPoint } of mounts) {
    const id = mountNode(host, ip, mountPoint);
    if (done.has(id)) continue;
    done.add(id);
    nodes.push({ id, kind: 'mount', name: mountPoint, ...(host !== undefined && { host }) });
    if (master) edges.push({ upper: id, lower: master.id, group: 'metadata', needs: 1 });
    for (const goal of goals) {
      edges.push({ upper: id, lower: chunksNode(goal), group: `goal ${goal}`, needs: 1 });
    }
  }
}
