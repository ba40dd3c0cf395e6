import type { HostName } from '../core/host.js';
import type { BlockDevice, BlockDevices } from './block-devices.js';
import { stableId } from './device-id.js';
import { DeviceTree } from './device-tree.js';
import { closedBecause, heldBy, isDisk } from './disk-gate.js';
import { reservedBy, sameDisk } from './disk-identity.js';

/** A whole disk or a multipath map that a wizard may show, and whether it may be taken. */
export interface DiskOffer {
  readonly device: BlockDevice;
  /** `/dev/disk/by-id/…`; undefined: it has no name that stays with it. */
  readonly path?: string;
  /** Why it may not be taken, whatever a person accepts; undefined: it may. */
  readonly because?: string;
  /** What is lost with it, each by its name; empty: it is blank. */
  readonly holds: readonly string[];
  /** Other hosts that see the same disk, and how it is called there. */
  readonly elsewhere: readonly { readonly host: HostName; readonly device: BlockDevice }[];
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
  const trees = new Map([...hosts].map(([host, look]) => [host, new DeviceTree(look)]));
  return new Map(
    [...trees].map(([host, tree]) => [
      host,
      tree.devices.filter(isDisk).map((device) => offer(trees, host, device, neverTouch)),
    ]),
  );
}

function offer(
  trees: ReadonlyMap<HostName, DeviceTree>,
  host: HostName,
  device: BlockDevice,
  neverTouch: readonly string[],
): DiskOffer {
  const tree = trees.get(host) ?? new DeviceTree({ devices: [], asked: new Map() });
  const id = stableId(device.ids);
  const reserved = reservedBy(tree, device, neverTouch);
  const because =
    (reserved === undefined ? undefined : `it is on the never-touch list (${reserved})`) ??
    closedBecause(tree, device) ??
    closedElsewhere(trees, host, device) ??
    (id === undefined ? 'it has no name in /dev/disk/by-id that stays with it' : undefined);
  return {
    device,
    ...(id !== undefined && { path: `/dev/disk/by-id/${id}` }),
    ...(because !== undefined && { because }),
    holds: heldBy(tree, device),
    elsewhere: seenElsewhere(trees, host, device),
  };
}

/**
 * Why a disk may not be written on because of what another host does with it. A path of a map there
 * is no use by itself: the map, which is the same disk, says whether it is used.
 */
export function closedElsewhere(
  trees: ReadonlyMap<HostName, DeviceTree>,
  host: HostName,
  device: BlockDevice,
): string | undefined {
  for (const other of seenElsewhere(trees, host, device)) {
    const tree = trees.get(other.host);
    const because = tree && closedBecause(tree, other.device);
    if (because === undefined) continue;
    return `${other.host} sees the same disk (${other.device.name}), and there ${because}`;
  }
  return undefined;
}

function seenElsewhere(
  trees: ReadonlyMap<HostName, DeviceTree>,
  host: HostName,
  device: BlockDevice,
): DiskOffer['elsewhere'] {
  return [...trees].flatMap(([name, tree]) => {
    if (name === host) return [];
    const same = tree.devices.filter((one) => isDisk(one) && sameDisk(one, device));
    const maps = same.filter(({ type }) => type === 'mpath');
    return (maps.length > 0 ? maps : same).map((one) => ({ host: name, device: one }));
  });
}
