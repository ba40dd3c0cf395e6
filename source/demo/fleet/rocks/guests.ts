import type { Millis } from '../../../core/host.js';
import { machineNamed, type Fleet } from '../state.js';
import { contentOf, deviceAt, servedBy } from './storage/devices.js';
import { CHUNK, cowOf, filling } from './storage/mapper.js';
import type { StorageNode } from './state.js';
import { freeIn, poolOf, writeTo } from './storage/zfs.js';

/** What a guest writes, bytes a second. */
const WRITES = 220 * 1024;

/** Guests that run write to their disks, wherever that goes. */
export function guestsPass(fleet: Fleet, ms: Millis): void {
  for (const node of fleet.rocks?.nodes ?? []) {
    const machine = machineNamed(fleet, node.machine);
    if (machine?.reach !== 'up') continue;
    for (const { running, disk } of machine.vms) {
      if (running) writeOn(fleet, node, disk, (WRITES * ms) / 1000);
    }
  }
}

/** One write more on a device. A device that reads errors takes none, and one that is suspended waits. */
export function writeOn(fleet: Fleet, node: StorageNode, path: string, bytes: number): void {
  const content = contentOf(fleet, node, path);
  const found = deviceAt(node, path);
  if (!content || content.torn || !found) return;
  const next = { image: content.image, writes: content.writes + 1 };
  if (found.kind === 'volume') writeTo(found.volume, next, bytes);
  if (found.kind === 'session') {
    const served = servedBy(fleet, found.session);
    if (served) writeTo(served, next, bytes);
  }
  if (found.kind !== 'mapper') return;
  const { table } = found.device;
  const cow = cowOf(node, found.device);
  if (table.target === 'linear') writeOn(fleet, node, table.device, bytes);
  else if (cow?.state !== 'valid') return;
  // Once all is merged, writes go through to the origin.
  else if (table.target === 'snapshot-merge' && cow.chunks === 0) {
    writeOn(fleet, node, table.origin, bytes);
  } else {
    cow.writes = next.writes;
    if (table.target === 'snapshot') remember(node, found.device.name, bytes);
  }
}

/** What was overwritten is kept; a full memory ends the snapshot, and so does a pool without room. */
function remember(node: StorageNode, name: string, bytes: number): void {
  const device = node.devices.find((one) => one.name === name);
  const cow = device && cowOf(node, device);
  if (!cow || device.table.target === 'linear') return;
  const memory = deviceAt(node, device.table.cow);
  if (memory?.kind !== 'volume') return;
  const { volume } = memory;
  cow.chunks += bytes / (CHUNK * 512);
  volume.referenced = Math.min(volume.size, volume.referenced + bytes);
  volume.written = volume.referenced;
  const total = volume.size / 512;
  const isFull = filling(cow).allocated > total;
  // No chunk goes where there is no room for it.
  if (isFull) cow.chunks = Math.floor((total / CHUNK - 3) * (512 / 513));
  const pool = poolOf(node, volume.name);
  const noRoom = pool !== undefined && freeIn(pool) < 0;
  if (!isFull && !noRoom) return;
  cow.state = isFull && device.table.persistent === 'PO' ? 'overflow' : 'invalid';
}
