import { isAlive, type Fleet } from '../state.js';
import { connectWhenPossible } from './handshake.js';
import { dropResync } from './resync.js';
import { loseSight } from './roles.js';
import { inTouch, logConnection, peerOf } from './side.js';
import type { Replica, Resource } from './state.js';

/** How long the loss of a link goes unnoticed while data is being written, in ms. */
const NOTICED_AFTER = 6000;

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

/** Makes both sides see that they lost each other, where the link or a machine is gone. */
export function noticeLoss(fleet: Fleet): void {
  for (const resource of fleet.drbd.resources) {
    const [a, b] = resource.replicas;
    const lost = fleet.drbd.linkCut || !isAlive(fleet, a.machine) || !isAlive(fleet, b.machine);
    if (!lost) continue;
    dropResync(resource);
    for (const replica of resource.replicas) {
      if (!isAlive(fleet, replica.machine) || !inTouch(replica)) continue;
      loseLink(fleet, resource, replica);
    }
  }
}

function loseLink(fleet: Fleet, resource: Resource, replica: Replica): void {
  const peer = peerOf(resource, replica);
  const log = (says: string): void => logConnection(fleet, resource, replica, says);
  log('PingAck did not arrive in time.');
  log(
    `peer( ${peer.role} -> Unknown ) conn( ${replica.connection} -> NetworkFailure ) pdsk( ${peer.disk} -> DUnknown ) `,
  );
  log('ack_receiver terminated');
  log(`Terminating drbd_a_${resource.name}`);
  loseSight(fleet, resource, replica);
  log('Connection closed');
  log('conn( NetworkFailure -> Unconnected ) ');
  log('Restarting receiver thread');
  log('conn( Unconnected -> WFConnection ) ');
  replica.connection = 'WFConnection';
}
