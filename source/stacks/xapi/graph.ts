import { GUEST, type Fragment, type GraphEdge, type GraphNode } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { hookNode, memberNode, pbdNode, poolNode, srNode, vdiNode, vmNode } from './nodes.js';
import { mountBeneath } from './rules/plugs.js';
import { picture, type PoolPicture, type Repository } from './view.js';

/**
 * What stands on what: a virtual machine on its disks, a disk on its repository, a repository on
 * its PBDs (one is enough for it to be there, though not everywhere), a PBD on the mount beneath it.
 */
export function graph(now: Now): Fragment {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const add = (node: GraphNode): void => void nodes.set(node.id, node);
  for (const pool of picture(now)) {
    addMembers(pool, add, edges);
    for (const repository of pool.repositories) addRepository(repository, add, edges);
  }
  return { nodes: [...nodes.values()], edges };
}

function addMembers(
  { key, name, members }: PoolPicture,
  add: (node: GraphNode) => void,
  edges: GraphEdge[],
): void {
  add({ id: poolNode(key), kind: 'pool', name });
  for (const { uuid, name: called, host, isMaster } of members) {
    const id = memberNode(uuid);
    if (isMaster) edges.push({ upper: poolNode(key), lower: id, group: 'master', needs: 1 });
    add({ id, kind: 'host of a pool', name: called, ...(host !== undefined && { host }) });
  }
}

function addRepository(
  repository: Repository,
  add: (node: GraphNode) => void,
  edges: GraphEdge[],
): void {
  const { sr, label, plugs, users = [] } = repository;
  const id = srNode(sr.uuid);
  add({ id, kind: 'storage repository', name: label });
  for (const plug of plugs) {
    const { pbd, member, hook } = plug;
    const own = member.host === undefined ? {} : { host: member.host };
    const upper = pbdNode(pbd.uuid);
    add({ id: upper, kind: 'PBD', name: `${label} on ${member.name}`, ...own });
    edges.push({ upper: id, lower: upper, group: 'PBDs', needs: 1 });
    edges.push({ upper, lower: memberNode(pbd.host), group: 'host', needs: 1 });
    const mount = mountBeneath(plug);
    if (mount) {
      add({ id: mount.id, kind: 'mount', name: mount.name, ...own });
      edges.push({ upper, lower: mount.id, group: 'mount', needs: 1 });
    }
    if (member.host !== undefined && hook.kind !== 'none' && hook.kind !== 'unknown') {
      const name = `boot hook of ${label}`;
      add({ id: hookNode(member.host, sr.uuid), kind: 'boot hook', name, host: member.host });
    }
  }
  for (const { vm, name, vdis } of users) {
    add({ id: vmNode(vm), kind: GUEST, name });
    for (const vdi of vdis) {
      add({ id: vdiNode(vdi), kind: 'virtual disk', name: vdi });
      edges.push({ upper: vmNode(vm), lower: vdiNode(vdi), group: vdi, needs: 1 });
      edges.push({ upper: vdiNode(vdi), lower: id, group: 'repository', needs: 1 });
    }
  }
}
