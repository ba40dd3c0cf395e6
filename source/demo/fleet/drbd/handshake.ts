import { addressesOf, answersAt, nicsOf } from '../nics.js';
import { isAlive, machineNamed, type Fleet } from '../state.js';
import { resync } from './resync.js';
import { misfitOf } from './settings-fit.js';
import {
  generations,
  JUST_CREATED,
  logConnection,
  logDevice,
  peerOf,
  withPrimaryBit,
} from './side.js';
import type { Replica, Resource } from './state.js';

/** How long after both sides wait for each other they meet, in ms. */
const MEET_AFTER = 1500;

/** Lets the two sides meet a little later, if they both wait for it by then. */
export function connectWhenPossible(fleet: Fleet, resource: Resource): void {
  fleet.clock.after(MEET_AFTER, () => handshake(fleet, resource));
}

/**
 * The two sides compare their settings and then their generations of data, as drbd's uuid_compare does:
 * the same, one older than the other, or both with changes of their own (split brain).
 */
export function handshake(fleet: Fleet, resource: Resource): void {
  const [a, b] = resource.replicas;
  if (a.connection !== 'WFConnection' || b.connection !== 'WFConnection') return;
  if (fleet.drbd.linkCut || !reaches(fleet, a, b) || !reaches(fleet, b, a)) return;
  if (misfitOf(a, b)) {
    for (const self of [a, b]) refuse(fleet, resource, self);
    return;
  }
  for (const self of [a, b]) meet(fleet, resource, self, peerOf(resource, self));
  const direction = directionOf(a, b);
  switch (direction) {
    case 'same':
      for (const self of [a, b]) {
        self.connection = 'Connected';
        const pdsk = `pdsk( DUnknown -> ${peerOf(resource, self).disk} ) `;
        logDevice(fleet, resource, self, `conn( WFReportParams -> Connected ) ${pdsk}`);
      }
      return;
    case 'split':
      bothWrote(fleet, resource, a, b);
      return;
    default:
      resync(fleet, resource, direction, direction === a ? b : a);
  }
}

/** Whether a side finds the other at the address that its file names, from the one that is its own. */
function reaches(fleet: Fleet, self: Replica, peer: Replica): boolean {
  const from = machineNamed(fleet, self.machine);
  const to = machineNamed(fleet, peer.machine);
  if (!from || !to || !self.up || !peer.up) return false;
  if (!isAlive(fleet, from.name) || !isAlive(fleet, to.name)) return false;
  const { address, peer: wanted, port } = self.settings;
  if (wanted !== peer.settings.address || port !== peer.settings.port) return false;
  const card = nicsOf(from).find(({ addresses }) =>
    addresses.some((one) => one.startsWith(`${address}/`)),
  );
  return (
    card !== undefined &&
    addressesOf(to).includes(wanted) &&
    answersAt(fleet.machines, card, wanted)
  );
}

/** The side that has what the other lacks. */
function directionOf(a: Replica, b: Replica): Replica | 'same' | 'split' {
  const [blankA, blankB] = [a, b].map(({ current }) => current === JUST_CREATED);
  if (blankA === true && blankB === true) return 'same';
  if (blankA === true) return b;
  if (blankB === true) return a;
  if (a.disk === 'Inconsistent' && b.disk !== 'Inconsistent') return b;
  if (b.disk === 'Inconsistent' && a.disk !== 'Inconsistent') return a;
  if (same(a.current, b.current)) return 'same';
  if (same(a.current, b.bitmap)) return b;
  return same(b.current, a.bitmap) ? a : 'split';
}

/** The other side is not wanted as it is: both give up, and stand alone. */
function refuse(fleet: Fleet, resource: Resource, self: Replica): void {
  const misfit = misfitOf(self, peerOf(resource, self));
  const log = (says: string): void => logConnection(fleet, resource, self, says);
  log('Handshake successful: Agreed network protocol version 101');
  if (misfit?.by === 'device') logDevice(fleet, resource, self, misfit.says);
  else if (misfit) log(misfit.says);
  self.connection = 'StandAlone';
  log('conn( WFReportParams -> Disconnecting ) ');
  close(log, resource.name);
}

function close(log: (says: string) => void, name: string): void {
  log('ack_receiver terminated');
  log(`Terminating drbd_a_${name}`);
  log('Connection closed');
  log('conn( Disconnecting -> StandAlone ) ');
  log('receiver terminated');
  log(`Terminating drbd_r_${name}`);
}

function bothWrote(fleet: Fleet, resource: Resource, a: Replica, b: Replica): void {
  const helper = `helper command: /sbin/drbdadm initial-split-brain minor-${resource.minor}`;
  for (const self of [a, b]) {
    logDevice(fleet, resource, self, 'uuid_compare()=100 by rule 90');
    logDevice(fleet, resource, self, helper);
    logDevice(fleet, resource, self, `${helper} exit code 0 (0x0)`);
  }
  const victim = [a, b].find((self) => self.discards && self.role === 'Secondary');
  if (victim) {
    const source = victim === a ? b : a;
    const solved = 'Split-Brain detected, manually solved. Sync from';
    logDevice(fleet, resource, victim, `${solved} peer node`);
    logDevice(fleet, resource, source, `${solved} this node`);
    resync(fleet, resource, source, victim);
    return;
  }
  for (const self of [a, b]) {
    self.connection = 'StandAlone';
    logDevice(fleet, resource, self, 'Split-Brain detected but unresolved, dropping connection!');
    const after = `helper command: /sbin/drbdadm split-brain minor-${resource.minor}`;
    logDevice(fleet, resource, self, after);
    logDevice(fleet, resource, self, `${after} exit code 0 (0x0)`);
    const log = (says: string): void => logConnection(fleet, resource, self, says);
    log('conn( WFReportParams -> Disconnecting ) ');
    log('error receiving ReportState, e: -5 l: 0!');
    close(log, resource.name);
  }
}

function meet(fleet: Fleet, resource: Resource, self: Replica, peer: Replica): void {
  const ids = (side: Replica) =>
    `${generations(side)} bits:${Math.round(side.outOfSync / 4)} flags:${side.discards ? 1 : 0}`;
  logConnection(fleet, resource, self, 'Handshake successful: Agreed network protocol version 101');
  logConnection(
    fleet,
    resource,
    self,
    'Feature flags enabled on protocol level: 0xf TRIM THIN_RESYNC WRITE_SAME WRITE_ZEROES.',
  );
  logConnection(fleet, resource, self, 'conn( WFConnection -> WFReportParams ) ');
  logConnection(
    fleet,
    resource,
    self,
    `Starting ack_recv thread (from drbd_r_${resource.name} [935])`,
  );
  logDevice(fleet, resource, self, 'drbd_sync_handshake:');
  logDevice(fleet, resource, self, `self ${ids(self)}`);
  logDevice(fleet, resource, self, `peer ${ids(peer)}`);
}

/** Whether two identifiers name the same data; the lowest bit only says who is Primary. */
function same(a: string, b: string): boolean {
  return withPrimaryBit(a, false) === withPrimaryBit(b, false);
}
