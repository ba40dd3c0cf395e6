import type { NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';

/** A host's part in its cluster: without it nothing of OCFS2 is mounted there. */
export function memberNode(host: HostName): NodeId {
  return `ocfs2.member:${host}`;
}

/** A file system, whichever hosts have it. */
export function volumeNode(uuid: string): NodeId {
  return `ocfs2.volume:${uuid}`;
}
