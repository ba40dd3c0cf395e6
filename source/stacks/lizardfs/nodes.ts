import { mountNode as mountOf, type NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';

/** The node of a chunkserver, by its `ip:port`. */
export function chunkserverNode(address: string): NodeId {
  return `lizardfs.chunkserver:${address}`;
}

/** The node of a chunkserver's disk. */
export function diskNode(address: string, path: string): NodeId {
  return `lizardfs.disk:${address}/${path}`;
}

/** The node of all chunks of a goal. */
export function chunksNode(goal: string): NodeId {
  return `lizardfs.chunks:${goal}`;
}

/** The node of a mount: shared with all stacks where the host is ours. */
export function mountNode(host: HostName | undefined, ip: string, mountPoint: string): NodeId {
  return host === undefined ? `lizardfs.mount:${ip}/${mountPoint}` : mountOf(host, mountPoint);
}
