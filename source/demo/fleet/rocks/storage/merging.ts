import type { Millis } from '../../../../core/host.js';
import { machineNamed, type Fleet } from '../../state.js';
import { deviceAt, servedBy } from './devices.js';
import { CHUNK, cowOf } from './mapper.js';
import type { CowStore, Dataset, StorageNode } from '../state.js';

/** Bytes a second that the kernel merges. */
const RATE = 12 * 2 ** 20;

/** The kernel merges whatever is not suspended, without asking any daemon. */
export function mergesPass(fleet: Fleet, ms: Millis): void {
  for (const node of fleet.rocks?.nodes ?? []) {
    if (machineNamed(fleet, node.machine)?.reach !== 'up') continue;
    for (const device of node.devices) {
      const { table, suspended } = device;
      if (table.target !== 'snapshot-merge' || suspended) continue;
      const cow = cowOf(node, device);
      const origin = volumeAt(fleet, node, table.origin);
      if (cow && origin) mergeOn(cow, origin, (RATE * ms) / 1000);
    }
  }
}

/** The volume that is written on in the end, here or over iSCSI. */
function volumeAt(fleet: Fleet, node: StorageNode, path: string): Dataset | undefined {
  const found = deviceAt(node, path);
  if (found?.kind === 'session') return servedBy(fleet, found.session);
  return found?.kind === 'volume' ? found.volume : undefined;
}

/** Until the last chunk has gone, the origin is neither the old nor the new. */
function mergeOn(cow: CowStore, origin: Dataset, bytes: number): void {
  const { content } = origin;
  if (cow.state === 'invalid' || cow.chunks === 0 || !content) return;
  cow.merging ??= {
    fits: content.image === cow.image && content.writes === cow.base && !content.torn,
  };
  const moved = Math.min(cow.chunks, bytes / (CHUNK * 512));
  cow.chunks -= moved;
  origin.written += moved * CHUNK * 512;
  const { image } = cow;
  const whole = cow.chunks === 0 && cow.merging.fits;
  origin.content = whole
    ? { image, writes: cow.writes }
    : { image, writes: content.writes, torn: true };
}
