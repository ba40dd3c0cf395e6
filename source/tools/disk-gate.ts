import { isWholeWwid } from '../core/node-ids.js';
import { listed } from '../core/text.js';
import type { BlockDevice } from './block-devices.js';
import type { DeviceTree } from './device-tree.js';
import { sameDisk } from './disk-identity.js';

/**
 * Why a device may not be written on, whatever a person accepts; undefined: it may. A partition is
 * in use also where the disk that it is a part of is used as a whole.
 */
export function closedBecause(tree: DeviceTree, device: BlockDevice): string | undefined {
  const whole = tree.whole(device);
  const boots = bootMounts(tree, device);
  if (boots.length > 0) {
    const what = whole === device ? 'it' : `its disk ${whole.kernelName}`;
    return `the system runs from ${what} (${listed(boots)})`;
  }
  return pathOf(tree, whole) ?? inUse(tree, device) ?? unfit(tree, whole);
}

/**
 * What is lost with a device, in the words in which `disk.make-file-system` asks for it by name:
 * `gpt`, `xfs on sdi1`; empty: it is blank.
 */
export function heldBy(tree: DeviceTree, device: BlockDevice): readonly string[] {
  const inside = tree.on(device).flatMap(({ kernelName, signatures, type }) => {
    return type === 'part' ? [`${signatures.join('+') || 'data'} on ${kernelName}`] : [];
  });
  return [...device.signatures, ...inside];
}

/** Where the system itself is mounted from a device, or from the disk that it is a part of. */
export function bootMounts(tree: DeviceTree, device: BlockDevice): readonly string[] {
  return tree.family(tree.whole(device)).flatMap(({ mounts }) => mounts.filter(isBoot));
}

/** By whom a device is in use at this moment; undefined: by nobody who can be seen. */
export function inUse(tree: DeviceTree, device: BlockDevice): string | undefined {
  const whole = tree.whole(device);
  const family = tree.family(device);
  const concerned = whole === device ? family : [...family, whole];
  if (concerned.some(({ swap }) => swap)) return 'it is in use as swap';
  const mounts = concerned.flatMap((one) => one.mounts);
  if (mounts.length > 0) return `it is mounted at ${listed(mounts)}`;
  const holders = family.filter((one) => one !== device && one.type !== 'part');
  if (holders.length > 0) {
    const names = listed(holders.map(holderName));
    return `${names} ${holders.length === 1 ? 'stands' : 'stand'} on it`;
  }
  const users = concerned.flatMap((one) => one.users);
  return users.length > 0 ? `it is in use by ${listed(users)}` : undefined;
}

/** A whole disk or a multipath map: not what is made of other devices, nor of memory. */
export function isDisk({ type, kernelName, lowers, sizeBytes }: BlockDevice): boolean {
  if (type === 'mpath') return true;
  // lsblk calls `disk` whatever is no partition and no device mapper's: RAM and network disks too.
  const made = /^(?:z?ram|nbd|rbd|zd|drbd|fd|md|bcache|loop|sr)\d/.test(kernelName);
  return type === 'disk' && lowers.length === 0 && !made && sizeBytes > 0;
}

function pathOf(tree: DeviceTree, whole: BlockDevice): string | undefined {
  const map = tree.on(whole).find(({ type }) => type === 'mpath');
  if (map) return `it is a path of the multipath map ${map.name}`;
  return whole.signatures.includes('mpath_member') ? 'it is a path of a multipath map' : undefined;
}

function unfit(tree: DeviceTree, whole: BlockDevice): string | undefined {
  if (whole.readOnly) return 'it is read-only';
  const twin = tree.devices.find((other) => other !== whole && twins(whole, other));
  return twin
    ? `${twin.kernelName} has the same id: two paths of one disk without a multipath map, or two disks that cannot be told apart`
    : undefined;
}

/** A map and its own paths are no twins: paths are closed before this is asked. */
function twins(a: BlockDevice, b: BlockDevice): boolean {
  if (!isDisk(a) || !isDisk(b) || a.type === 'mpath' || b.type === 'mpath') return false;
  if (isWholeWwid(a.wwn) && isWholeWwid(b.wwn)) return sameDisk(a, b);
  if (a.serial !== '' || b.serial !== '') return a.serial === b.serial && a.model === b.model;
  return a.wwn !== '' && a.wwn === b.wwn;
}

function isBoot(mount: string): boolean {
  return mount === '/' || mount === '/usr' || mount === '/var' || /^\/boot(?:\/|$)/.test(mount);
}

function holderName({ type, name, kernelName }: BlockDevice): string {
  if (kernelName.startsWith('drbd')) return `DRBD ${kernelName}`;
  if (type === 'lvm') return `the logical volume ${name}`;
  if (type.startsWith('raid')) return `the RAID ${kernelName}`;
  return `${kernelName} (${type})`;
}
