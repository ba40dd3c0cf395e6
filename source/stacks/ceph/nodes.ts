import type { NodeId } from '../../core/graph.js';
import type { CephStatus } from './read/status.js';

/** The cluster itself: what pools, images and storage repositories stand on. */
export function clusterNode(status: CephStatus): NodeId {
  return `ceph.cluster:${fsidOf(status)}`;
}

/** All placement groups together: the data. */
export function pgsNode(status: CephStatus): NodeId {
  return `ceph.pgs:${fsidOf(status)}`;
}

/** The pools: what clients write to. */
export function poolsNode(status: CephStatus): NodeId {
  return `ceph.pools:${fsidOf(status)}`;
}

/** The raw space of all OSDs. */
export function spaceNode(status: CephStatus): NodeId {
  return `ceph.space:${fsidOf(status)}`;
}

/** The monitors' majority. */
export function quorumNode(status: CephStatus): NodeId {
  return `ceph.quorum:${fsidOf(status)}`;
}

/** One monitor. */
export function monitorNode(status: CephStatus, name: string): NodeId {
  return `ceph.mon:${fsidOf(status)}/${name}`;
}

/** The active manager. */
export function managerNode(status: CephStatus): NodeId {
  return `ceph.mgr:${fsidOf(status)}`;
}

/** One OSD. */
export function osdNode(status: CephStatus, id: number): NodeId {
  return `ceph.osd:${fsidOf(status)}/${id}`;
}

/** The OSDs of one CRUSH host together. */
export function bucketNode(status: CephStatus, name: string): NodeId {
  return `ceph.bucket:${fsidOf(status)}/${name}`;
}

function fsidOf({ fsid }: CephStatus): string {
  return fsid === null || fsid === '' ? 'ceph' : fsid;
}
