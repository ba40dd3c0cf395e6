import type { NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';

/** The node of a storage repository; its UUID is the same in every pool that ever had it. */
export function srNode(uuid: string): NodeId {
  return `xapi.sr:${uuid}`;
}

/** The node of what connects a host to a repository. */
export function pbdNode(uuid: string): NodeId {
  return `xapi.pbd:${uuid}`;
}

/** The node of a host as its pool knows it. */
export function memberNode(uuid: string): NodeId {
  return `xapi.host:${uuid}`;
}

/** The node of a pool. */
export function poolNode(key: string): NodeId {
  return `xapi.pool:${key}`;
}

/** The node of a virtual disk. */
export function vdiNode(uuid: string): NodeId {
  return `xapi.vdi:${uuid}`;
}

/** The node of a virtual machine. */
export function vmNode(uuid: string): NodeId {
  return `vm:${uuid}`;
}

/** The node of a host's boot hook for a repository. */
export function hookNode(host: HostName, sr: string): NodeId {
  return `xapi.hook:${host}/${sr}`;
}
