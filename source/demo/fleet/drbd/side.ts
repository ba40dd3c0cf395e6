import { logLine, type Fleet } from '../state.js';
import type { Replica, Resource } from './state.js';

/** A generation identifier that stands for none. */
export const ZERO = '0000000000000000';

/** The generation that create-md writes: nobody has written anything yet. */
export const JUST_CREATED = '0000000000000004';

/** The other side of a resource. */
export function peerOf(resource: Resource, replica: Replica): Replica {
  const [a, b] = resource.replicas;
  return replica === a ? b : a;
}

/** Whether a replica is in touch with its peer. */
export function inTouch({ connection }: Replica): boolean {
  return connection === 'Connected' || /Sync[ST]|Verify/.test(connection);
}

/** The resource's side on a machine, whether it is up or not. */
export function replicaOn(resource: Resource, machine: string): Replica | undefined {
  return resource.replicas.find((replica) => replica.machine === machine);
}

/** A resource and the side of it that is on a machine. */
export interface Local {
  readonly resource: Resource;
  readonly self: Replica;
}

/** What the kernel of a machine has of the resources, by their minors. */
export function upOn({ drbd }: Fleet, machine: string): readonly Local[] {
  const local = drbd.resources.flatMap((resource) => {
    const self = replicaOn(resource, machine);
    return self?.up === true ? [{ resource, self }] : [];
  });
  return local.toSorted((a, b) => a.resource.minor - b.resource.minor);
}

/** Whether both sides may be Primary, as this one was told. */
export function mayBothBePrimary({ settings }: Replica): boolean {
  return settings.net.get('allow-two-primaries') === 'yes';
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
