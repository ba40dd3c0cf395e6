import { openersOf } from '../openers.js';
import { isAlive, type Fleet } from '../state.js';
import { inTouch, peerOf } from './side.js';
import type { Replica, Resource } from './state.js';

/** Time passes for the pair: Primaries write. */
export function drbdPasses(fleet: Fleet, ms: number): void {
  for (const resource of fleet.drbd.resources) {
    for (const replica of resource.replicas) {
      if (replica.role !== 'Primary' || !isAlive(fleet, replica.machine)) continue;
      write(fleet, resource, replica, (resource.writes * ms) / 1000);
    }
  }
}

/** A Primary writes: to its peer too where there is one, into its bitmap where there is none. */
function write(fleet: Fleet, resource: Resource, replica: Replica, amount: number): void {
  if (openersOf(fleet, resource, replica.machine).length === 0) return;
  const peer = peerOf(resource, replica);
  replica.written += amount;
  if (inTouch(replica)) {
    if (replica.disk === 'Diskless') mark(resource, peer, amount);
    replica.sent += amount;
    peer.received += amount;
    peer.written += amount;
  } else {
    mark(resource, replica, amount);
  }
}

/** Writers come back to the same places: the changed part grows ever slower. */
function mark(resource: Resource, replica: Replica, amount: number): void {
  const share = 1 - replica.outOfSync / resource.size;
  replica.outOfSync = Math.min(resource.size, replica.outOfSync + amount * share * 0.3);
}
