import { resync } from './drbd-handshake.js';
import { inTouch, logDevice, peerOf } from './drbd-side.js';
import type { Refusal } from './drbd.js';
import { logLine, machineNamed, type Fleet, type Replica, type Resource } from './state.js';

/** The disk beneath a replica fails at a write; DRBD lets go of it (`on-io-error detach`). */
export function failDisk(fleet: Fleet, resource: Resource, replica: Replica): void {
  const disk = resource.backing.replace('/dev/', '');
  const error = `I/O error, dev ${disk}, sector 8388736 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 2`;
  logLine(fleet, replica.machine, error);
  logDevice(fleet, resource, replica, 'disk( UpToDate -> Failed ) ');
  logDevice(
    fleet,
    resource,
    replica,
    'Local IO failed in drbd_endio_write_sec_final. Detaching...',
  );
  letGo(fleet, resource, replica, 'Failed');
}

function letGo(fleet: Fleet, resource: Resource, replica: Replica, from: string): void {
  replica.disk = 'Diskless';
  logDevice(fleet, resource, replica, `disk( ${from} -> Diskless ) `);
  if (!inTouch(replica)) return;
  logDevice(fleet, resource, peerOf(resource, replica), `pdsk( UpToDate -> Diskless ) `);
}

/** `drbdadm detach`: nobody may be left without good data. */
export function detach(fleet: Fleet, resource: Resource, replica: Replica): Refusal | undefined {
  if (replica.disk === 'Diskless') return undefined;
  const peerHasData = inTouch(replica) && peerOf(resource, replica).disk === 'UpToDate';
  if (replica.role === 'Primary' && !peerHasData) {
    return { exit: 17, says: '(-2) Need access to UpToDate data' };
  }
  letGo(fleet, resource, replica, 'Detaching');
  return undefined;
}

/** `drbdadm attach`: what the peer wrote meanwhile is copied; with new metadata, everything. */
export function attach(fleet: Fleet, resource: Resource, replica: Replica): Refusal | undefined {
  if (replica.disk !== 'Diskless') {
    return { exit: 10, says: '(124) Device is attached to a disk (use detach first)' };
  }
  if (!hasMetadata(fleet, resource, replica)) {
    return { exit: 10, says: '(119) No valid meta-data signature found.' };
  }
  logDevice(fleet, resource, replica, 'disk( Diskless -> Attaching ) ');
  const peer = peerOf(resource, replica);
  if (inTouch(replica) && peer.disk === 'UpToDate') resync(fleet, resource, peer, replica);
  else replica.disk = 'Outdated';
  return undefined;
}

/** `drbdadm create-md`: only where the disk is not attached; all of it is out of sync then. */
export function createMetadata(
  fleet: Fleet,
  resource: Resource,
  replica: Replica,
): Refusal | undefined {
  if (replica.disk !== 'Diskless') {
    return { exit: 10, says: `Device '${resource.minor}' is configured!` };
  }
  const disk = diskOf(fleet, resource, replica);
  if (disk) disk.signature = { type: 'drbd', uuid: `9f1c2a34000000${resource.minor}1` };
  peerOf(resource, replica).outOfSync = resource.size;
  return undefined;
}

function hasMetadata(fleet: Fleet, resource: Resource, replica: Replica): boolean {
  return diskOf(fleet, resource, replica)?.signature?.type === 'drbd';
}

function diskOf(fleet: Fleet, { backing }: Resource, { machine }: Replica) {
  const disks = machineNamed(fleet, machine)?.disks ?? [];
  return disks.find(({ name }) => `/dev/${name}` === backing);
}
