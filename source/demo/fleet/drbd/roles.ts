import { openersOf } from '../openers.js';
import { madeUp, type Fleet } from '../state.js';
import { resync } from './resync.js';
import {
  generations,
  inTouch,
  logDevice,
  mayBothBePrimary,
  peerOf,
  withPrimaryBit,
  ZERO,
} from './side.js';
import type { Replica, Resource } from './state.js';

/** What the kernel module answers when a change is refused: its number and words. */
export interface Refusal {
  /** The exit code of drbdsetup: 10 for a request, 11 and 17 for a state change. */
  readonly exit: 10 | 11 | 17;
  readonly says: string;
}

/** `drbdadm primary`. */
export function promote(
  fleet: Fleet,
  resource: Resource,
  replica: Replica,
  force = false,
): Refusal | undefined {
  const peer = peerOf(resource, replica);
  const peerHasData = inTouch(replica) && peer.disk === 'UpToDate';
  if (replica.disk !== 'UpToDate' && !peerHasData && !force) {
    return { exit: 17, says: '(-2) Need access to UpToDate data' };
  }
  if (inTouch(replica) && peer.role === 'Primary' && !mayBothBePrimary(replica)) {
    return { exit: 11, says: '(-1) Multiple primaries not allowed by config' };
  }
  if (replica.role === 'Primary') return undefined;
  const declared = force && replica.disk !== 'UpToDate' && !peerHasData;
  if (declared) replica.disk = 'UpToDate';
  replica.role = 'Primary';
  replica.current = withPrimaryBit(replica.current, true);
  logDevice(fleet, resource, replica, 'role( Secondary -> Primary ) ');
  if (inTouch(replica)) logDevice(fleet, resource, peer, 'peer( Secondary -> Primary ) ');
  if (declared || (!inTouch(replica) && replica.bitmap === ZERO)) {
    startGeneration(fleet, resource, replica);
  }
  if (declared && inTouch(replica) && peer.disk === 'Inconsistent') {
    resync(fleet, resource, replica, peer);
  }
  return undefined;
}

/** `drbdadm secondary`. */
export function demote(fleet: Fleet, resource: Resource, replica: Replica): Refusal | undefined {
  if (replica.role === 'Secondary') return undefined;
  if (openersOf(fleet, resource, replica.machine).length > 0) {
    return { exit: 11, says: '(-12) Device is held open by someone' };
  }
  replica.role = 'Secondary';
  replica.current = withPrimaryBit(replica.current, false);
  logDevice(fleet, resource, replica, 'role( Primary -> Secondary ) ');
  if (inTouch(replica)) {
    logDevice(fleet, resource, peerOf(resource, replica), 'peer( Primary -> Secondary ) ');
  }
  return undefined;
}

/** A Primary without its peer starts a new generation of data. */
export function startGeneration(fleet: Fleet, resource: Resource, replica: Replica): void {
  replica.bitmap = replica.current;
  replica.current = withPrimaryBit(madeUp(fleet), replica.role === 'Primary');
  logDevice(fleet, resource, replica, `new current UUID ${generations(replica)}`);
}

/** What is left when a peer is out of sight: with data that nobody else gets, a new generation. */
export function loseSight(fleet: Fleet, resource: Resource, replica: Replica): void {
  if (replica.role === 'Primary' && replica.disk === 'UpToDate' && replica.bitmap === ZERO) {
    startGeneration(fleet, resource, replica);
  }
}
