import { logLine, type Fleet, type Replica, type Resource } from './state.js';

/** A generation identifier that stands for none. */
export const ZERO = '0000000000000000';

/** The other side of a resource. */
export function peerOf(resource: Resource, replica: Replica): Replica {
  const [a, b] = resource.replicas;
  return replica === a ? b : a;
}

/** Whether a replica is in touch with its peer. */
export function inTouch(replica: Replica): boolean {
  return ['Connected', 'SyncSource', 'SyncTarget'].includes(replica.connection);
}

/** The resource's side on a machine. */
export function replicaOn(resource: Resource, machine: string): Replica | undefined {
  return resource.replicas.find((replica) => replica.machine === machine);
}

/** The lowest bit of the current identifier says whether its owner is Primary. */
export function withPrimaryBit(id: string, primary: boolean): string {
  const value = BigInt(`0x${id}`) & ~1n;
  return (primary ? value | 1n : value).toString(16).toUpperCase().padStart(16, '0');
}

/** The four identifiers as the kernel writes them. */
export function generations(side: Replica): string {
  return [side.current, side.bitmap, ...side.history].join(':');
}

/** Logs what the resource's connection does. */
export function logConnection(fleet: Fleet, resource: Resource, self: Replica, says: string): void {
  logLine(fleet, self.machine, `drbd ${resource.name}: ${says}`);
}

/** Logs what the resource's device does. */
export function logDevice(fleet: Fleet, resource: Resource, self: Replica, says: string): void {
  logLine(fleet, self.machine, `block drbd${resource.minor}: ${says}`);
}
