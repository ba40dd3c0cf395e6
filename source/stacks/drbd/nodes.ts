import type { NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Link, Pair, Replica, Resource } from './view.js';

/** The resource: what stands on any of its replicas. */
export function resourceNode(resource: Pick<Resource, 'label'>): NodeId {
  return `drbd.resource:${resource.label}`;
}

/** The resource's copy on one host. */
export function replicaNode(replica: Pick<Replica, 'host' | 'resource'>): NodeId {
  return `drbd.replica:${replica.host}/${replica.resource}`;
}

/** The driver of a host, told where it is not loaded. */
export function driverNode(host: HostName): NodeId {
  return `drbd.driver:${host}`;
}

/** A host's end of a connection. */
export function connectionNode(resource: string, link: Pick<Link, 'host' | 'peer'>): NodeId {
  return `drbd.connection:${link.host}/${resource}/${link.peer}`;
}

/** Both ends of a connection. */
export function pairNodes(resource: Resource, pair: Pair): readonly NodeId[] {
  return pair.ends.map(({ link }) => connectionNode(resource.name, link));
}
