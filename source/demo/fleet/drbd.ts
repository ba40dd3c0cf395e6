import { connectWhenPossible, dropResync } from './drbd-handshake.js';
import {
  generations,
  inTouch,
  logConnection,
  logDevice,
  peerOf,
  replicaOn,
  withPrimaryBit,
  ZERO,
} from './drbd-side.js';
import { openersOf } from './openers.js';
import { isAlive, madeUp, type Fleet, type Replica, type Resource } from './state.js';

/** What the kernel module answers when a change is refused: its number and words. */
export interface Refusal {
  /** The exit code of drbdsetup: 10 for a request, 11 and 17 for a state change. */
  readonly exit: 10 | 11 | 17;
  readonly says: string;
}

/** How long the loss of a link goes unnoticed while data is being written, in ms. */
const NOTICED_AFTER = 6000;

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
  if (inTouch(replica) && peer.role === 'Primary' && !resource.twoPrimaries) {
    return { exit: 11, says: '(-1) Multiple primaries not allowed by config' };
  }
  if (replica.role === 'Primary') return undefined;
  if (force && !peerHasData) replica.disk = 'UpToDate';
  replica.role = 'Primary';
  replica.current = withPrimaryBit(replica.current, true);
  logDevice(fleet, resource, replica, 'role( Secondary -> Primary ) ');
  if (inTouch(replica)) logDevice(fleet, resource, peer, 'peer( Secondary -> Primary ) ');
  else if (replica.bitmap === ZERO) startGeneration(fleet, resource, replica);
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

/** `drbdadm disconnect`. */
export function disconnect(
  fleet: Fleet,
  resource: Resource,
  replica: Replica,
): Refusal | undefined {
  if (replica.connection === 'StandAlone') {
    return { exit: 10, says: 'unknown connection' };
  }
  const peer = peerOf(resource, replica);
  if (inTouch(replica)) {
    logConnection(fleet, resource, replica, `conn( ${replica.connection} -> Disconnecting ) `);
    dropResync(resource);
    logConnection(
      fleet,
      resource,
      peer,
      `peer( ${replica.role} -> Unknown ) conn( Connected -> TearDown ) `,
    );
    loseSight(fleet, resource, peer);
    peer.connection = 'WFConnection';
    logConnection(fleet, resource, peer, 'conn( Unconnected -> WFConnection ) ');
    loseSight(fleet, resource, replica);
  }
  replica.connection = 'StandAlone';
  replica.discards = false;
  logConnection(fleet, resource, replica, 'conn( Disconnecting -> StandAlone ) ');
  return undefined;
}

/** `drbdadm connect [--discard-my-data]`. */
export function connect(
  fleet: Fleet,
  resource: Resource,
  replica: Replica,
  discard: boolean,
): Refusal | undefined {
  if (discard && replica.role === 'Primary' && replica.connection === 'StandAlone') {
    return { exit: 10, says: '(123) --discard-my-data not allowed when primary.' };
  }
  if (replica.connection !== 'StandAlone') {
    return { exit: 10, says: '(102) Local address(port) already in use.' };
  }
  replica.discards = discard;
  replica.connection = 'WFConnection';
  logConnection(fleet, resource, replica, 'conn( StandAlone -> Unconnected ) ');
  logConnection(fleet, resource, replica, 'conn( Unconnected -> WFConnection ) ');
  connectWhenPossible(fleet, resource);
  return undefined;
}

/** Cuts the replication link between the pair; it is noticed a little later. */
export function cutLink(fleet: Fleet): void {
  fleet.drbd.linkCut = true;
  fleet.clock.after(NOTICED_AFTER, () => noticeLoss(fleet));
}

/** Puts the link back; what waits for a connection makes one. */
export function healLink(fleet: Fleet): void {
  fleet.drbd.linkCut = false;
  for (const resource of fleet.drbd.resources) connectWhenPossible(fleet, resource);
}

/** A machine of the pair went away: its peer notices a little later. */
export function peerDied(fleet: Fleet): void {
  fleet.clock.after(NOTICED_AFTER, () => noticeLoss(fleet));
}

/** A machine came back: its replicas start as Secondary and connect. */
export function bootReplicas(fleet: Fleet, machine: string): void {
  for (const resource of fleet.drbd.resources) {
    const replica = replicaOn(resource, machine);
    if (!replica) continue;
    dropResync(resource);
    Object.assign(replica, { role: 'Secondary', connection: 'WFConnection', discards: false });
    Object.assign(replica, { sent: 0, received: 0, written: 0, read: 0 });
    replica.current = withPrimaryBit(replica.current, false);
    connectWhenPossible(fleet, resource);
    if (replica.bootRole === 'Primary') {
      fleet.clock.after(4000, () => {
        if (inTouch(replica)) promote(fleet, resource, replica);
      });
    }
  }
}

/** Makes both sides see that they lost each other, where the link or a machine is gone. */
export function noticeLoss(fleet: Fleet): void {
  for (const resource of fleet.drbd.resources) {
    const [a, b] = resource.replicas;
    const lost = fleet.drbd.linkCut || !isAlive(fleet, a.machine) || !isAlive(fleet, b.machine);
    if (!lost) continue;
    dropResync(resource);
    for (const replica of resource.replicas) {
      if (!isAlive(fleet, replica.machine) || !inTouch(replica)) continue;
      const peer = peerOf(resource, replica);
      logConnection(fleet, resource, replica, 'PingAck did not arrive in time.');
      logConnection(
        fleet,
        resource,
        replica,
        `peer( ${peer.role} -> Unknown ) conn( ${replica.connection} -> NetworkFailure ) pdsk( ${peer.disk} -> DUnknown ) `,
      );
      logConnection(fleet, resource, replica, 'ack_receiver terminated');
      logConnection(fleet, resource, replica, `Terminating drbd_a_${resource.name}`);
      loseSight(fleet, resource, replica);
      logConnection(fleet, resource, replica, 'Connection closed');
      logConnection(fleet, resource, replica, 'conn( NetworkFailure -> Unconnected ) ');
      logConnection(fleet, resource, replica, 'Restarting receiver thread');
      logConnection(fleet, resource, replica, 'conn( Unconnected -> WFConnection ) ');
      replica.connection = 'WFConnection';
    }
  }
}

/** Time passes for the pair: Primaries write, resyncs proceed. */
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

function loseSight(fleet: Fleet, resource: Resource, replica: Replica): void {
  if (replica.role === 'Primary' && replica.disk === 'UpToDate' && replica.bitmap === ZERO) {
    startGeneration(fleet, resource, replica);
  }
}

/** A Primary without its peer starts a new generation of data. */
export function startGeneration(fleet: Fleet, resource: Resource, replica: Replica): void {
  replica.bitmap = replica.current;
  replica.current = withPrimaryBit(madeUp(fleet), true);
  logDevice(fleet, resource, replica, `new current UUID ${generations(replica)}`);
}
