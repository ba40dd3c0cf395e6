import type { HostName } from '../core/host.js';
import type { BlockDevice, BlockDevices } from './block-devices.js';
import { stableId } from './device-id.js';
import { DeviceTree } from './device-tree.js';
import { closedBecause, heldBy, isDisk } from './disk-gate.js';
import { reservedBy } from './disk-identity.js';
import { SharedStorage, type SeenDisk } from './shared-storage.js';

/** A whole disk or a multipath map that a wizard may show, and whether it may be taken. */
export interface DiskOffer {
  readonly device: BlockDevice;
  /** `/dev/disk/by-id/…`; undefined: it has no name that stays with it. */
  readonly path?: string;
  /** Why it may not be taken, whatever a person accepts; undefined: it may. */
  readonly because?: string;
  /** What is lost with it, each by its name; empty: it is blank. */
  readonly holds: readonly string[];
  /** The same disk as other hosts see it. */
  readonly elsewhere: readonly SeenDisk[];
}

/**
 * The disks of each host, those that may not be taken with the reason. Whole disks and multipath
 * maps are offered; never a partition, a path of a map, or what is made of other devices. What
 * another host does with the same disk counts as well.
 *
 * @param hosts what each host that could be asked said
 * @param neverTouch the ids that the cluster's configuration protects
 */
export function diskOffers(
  hosts: ReadonlyMap<HostName, BlockDevices>,
  neverTouch: readonly string[],
): ReadonlyMap<HostName, readonly DiskOffer[]> {
  const storage = new SharedStorage(hosts);
  return new Map(
    [...hosts].map(([host, look]) => {
      const tree = new DeviceTree(look);
      const disks = look.devices.filter(isDisk);
      return [host, disks.map((device) => offer(tree, storage, { host, device }, neverTouch))];
    }),
  );
}

function offer(
  tree: DeviceTree,
  storage: SharedStorage,
  seen: SeenDisk,
  neverTouch: readonly string[],
): DiskOffer {
  const { device } = seen;
  const id = stableId(device.ids);
  const reserved = reservedBy(tree, device, neverTouch);
  const because =
    (reserved === undefined ? undefined : `it is on the never-touch list (${reserved})`) ??
    closedBecause(tree, device) ??
    storage.usedElsewhere(seen) ??
    (id === undefined ? 'it has no name in /dev/disk/by-id that stays with it' : undefined);
  return {
    device,
    ...(id !== undefined && { path: `/dev/disk/by-id/${id}` }),
    ...(because !== undefined && { because }),
    holds: heldBy(tree, device),
    elsewhere: storage.elsewhere(seen),
  };
}
