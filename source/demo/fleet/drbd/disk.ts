import { deviceAt } from '../lvm.js';
import { logLine, machineNamed, madeUp, type Disk, type Fleet, type Signature } from '../state.js';
import { resync } from './resync.js';
import type { Refusal } from './roles.js';
import { inTouch, JUST_CREATED, logDevice, peerOf, ZERO } from './side.js';
import type { Replica, Resource } from './state.js';

/** The disk beneath a replica fails at a write; DRBD lets go of it (`on-io-error detach`). */
export function failDisk(fleet: Fleet, resource: Resource, replica: Replica): void {
  const disk = replica.settings.backing.replace('/dev/', '');
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
  if (!hasMetadata(fleet, replica)) {
    return { exit: 10, says: '(119) No valid meta-data signature found.' };
  }
  logDevice(fleet, resource, replica, 'disk( Diskless -> Attaching ) ');
  const peer = peerOf(resource, replica);
  if (inTouch(replica) && peer.disk === 'UpToDate') resync(fleet, resource, peer, replica);
  else replica.disk = replica.current === JUST_CREATED ? 'Inconsistent' : 'Outdated';
  return undefined;
}

/** Whether the disk beneath has metadata: another disk in its place has none. */
export function hasMetadata(fleet: Fleet, replica: Replica): boolean {
  return replica.hasMetadata && metadataDisk(fleet, replica)?.signature?.type === 'drbd';
}

/** The device beneath a replica, as its machine has it now. */
export function diskOf(fleet: Fleet, { machine, settings }: Replica): Disk | undefined {
  return diskAt(fleet, machine, settings.backing);
}

function metadataDisk(fleet: Fleet, replica: Replica): Disk | undefined {
  const { metadata, backing } = replica.settings;
  return diskAt(fleet, replica.machine, metadata === 'internal' ? backing : metadata);
}

function diskAt(fleet: Fleet, name: string, path: string): Disk | undefined {
  const machine = machineNamed(fleet, name);
  return machine && deviceAt(machine, path);
}

/** Bytes that internal metadata take of a device: a superblock, the activity log, a bit for each 4 KiB. */
export function metadataBytes(bytes: number): number {
  return (36 + Math.ceil(bytes / 4096 / 8 / 4096) * 4) * 1024;
}

/** How much of its disk a replica may use, KiB. */
export function roomOf(fleet: Fleet, replica: Replica): number {
  const bytes = diskOf(fleet, replica)?.size ?? 0;
  const taken = replica.settings.metadata === 'internal' ? metadataBytes(bytes) : 0;
  return Math.floor((bytes - taken) / 4096) * 4;
}

/** The file system that a replica's disk holds beside the metadata, and would lose its end to them. */
export function inTheWay(fleet: Fleet, replica: Replica): Signature | undefined {
  const disk = diskOf(fleet, replica);
  const signature = disk?.signature;
  if (!disk || !signature || signature.type === 'drbd') return undefined;
  const room = roomOf(fleet, replica) * 1024;
  return (signature.bytes ?? disk.size) > room ? signature : undefined;
}

/** What create-md writes: nobody has written anything yet. What is on the disk stays. */
export function createMetadata(fleet: Fleet, resource: Resource, replica: Replica): void {
  const disk = diskOf(fleet, replica);
  const beside = metadataDisk(fleet, replica);
  if (!disk || !beside) return;
  const { signature } = disk;
  if (signature && signature.type !== 'drbd') resource.fileSystem = signature;
  beside.signature = { type: 'drbd', uuid: madeUp(fleet).toLowerCase() };
  const room = roomOf(fleet, replica);
  // What a side that is up offers does not change by another's metadata.
  const isUp = resource.size > 0 && resource.replicas.some(({ up }) => up);
  resource.size = isUp ? Math.min(resource.size, room) : room;
  Object.assign(replica, {
    ...{ hasMetadata: true, current: JUST_CREATED, bitmap: ZERO, history: [ZERO, ZERO] },
    outOfSync: resource.size,
    ...(replica.up ? {} : { disk: 'Inconsistent' }),
  });
  const peer = peerOf(resource, replica);
  if (peer.hasMetadata) peer.outOfSync = resource.size;
}

/** `drbdadm wipe-md`: what was on the disk beside the metadata is there. */
export function wipeMetadata(fleet: Fleet, resource: Resource, replica: Replica): void {
  const beside = metadataDisk(fleet, replica);
  if (beside?.signature?.type === 'drbd') {
    delete beside.signature;
    const { fileSystem } = resource;
    if (fileSystem && replica.settings.metadata === 'internal') beside.signature = fileSystem;
  }
  replica.hasMetadata = false;
}

/** `drbdadm resize`: the device takes what both disks have; what is new is copied. */
export function resize(fleet: Fleet, resource: Resource, replica: Replica): Refusal | undefined {
  if (!inTouch(replica) || resource.resync) {
    return { exit: 10, says: '(130) Resize not allowed during resync.' };
  }
  const [source, target] =
    replica.role === 'Primary' || peerOf(resource, replica).role === 'Secondary'
      ? [replica, peerOf(resource, replica)]
      : [peerOf(resource, replica), replica];
  if (source.role !== 'Primary') {
    return { exit: 10, says: '(131) Need one primary node to resize.' };
  }
  const size = Math.min(...resource.replicas.map((one) => roomOf(fleet, one)));
  const more = size - resource.size;
  if (more <= 0) return undefined;
  // What is on it takes the room only when it is told.
  if (resource.fileSystem) resource.fileSystem.bytes ??= resource.size * 1024;
  resource.size = size;
  source.outOfSync += more;
  resync(fleet, resource, source, target);
  return undefined;
}
