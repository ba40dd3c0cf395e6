import type { Fleet } from '../state.js';
import { connectWhenPossible } from './handshake.js';
import { dropResync } from './resync.js';
import { loseSight, type Refusal } from './roles.js';
import { inTouch, logConnection, peerOf } from './side.js';
import type { Replica, Resource } from './state.js';

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
