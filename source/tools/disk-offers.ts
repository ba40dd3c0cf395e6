import { listed } from '../core/text.js';
import type { BlockDevice, BlockDevices } from './block-devices.js';
import { stableId } from './device-id.js';

/** A whole disk or a multipath map that a wizard may show, and whether it may be taken. */
export interface DiskOffer {
  readonly device: BlockDevice;
  /** `/dev/disk/by-id/…`; undefined: it has no name that stays with it. */
  readonly path?: string;
  /** Why it may not be taken, whatever a person accepts; undefined: it may. */
  readonly because?: string;
  /**
   * What is lost with it, in the words in which `disk.make-file-system` asks for it by name: `gpt`,
   * `xfs on sdi1`; empty: it is blank.
   */
  readonly holds: readonly string[];
}

/**
 * The disks of a host, those that may not be taken with the reason. Whole disks and multipath maps
 * are offered; never a partition, a path of a map, or what is made of other devices.
 */
export function diskOffers({ devices }: BlockDevices): readonly DiskOffer[] {
  const tree = new Tree(devices);
  return devices.filter(isDisk).map((device) => {
    const id = stableId(device.ids);
    const because = tree.blocked(device, id);
    return {
      device,
      ...(id !== undefined && { path: `/dev/disk/by-id/${id}` }),
      ...(because !== undefined && { because }),
      holds: tree.holds(device),
    };
  });
}

/** Whether two devices say that they are one and the same disk, by WWN. */
export function sameWwn(a: BlockDevice, b: BlockDevice): boolean {
  return a.wwn !== '' && a.wwn.toLowerCase() === b.wwn.toLowerCase();
}

function isDisk({ type, kernelName, lowers, sizeBytes }: BlockDevice): boolean {
  if (type === 'mpath') return true;
  // lsblk calls `disk` whatever is no partition and no device mapper's: RAM and network disks too.
  const made = /^(?:z?ram|nbd|rbd|zd|drbd|fd|md|bcache|loop|sr)\d/.test(kernelName);
  return type === 'disk' && lowers.length === 0 && !made && sizeBytes > 0;
}

/** The devices by what stands on what. */
class Tree {
  readonly #uppers = new Map<string, BlockDevice[]>();

  constructor(readonly devices: readonly BlockDevice[]) {
    for (const device of devices) {
      for (const lower of device.lowers) {
        const list = this.#uppers.get(lower);
        if (list) list.push(device);
        else this.#uppers.set(lower, [device]);
      }
    }
  }

  holds(device: BlockDevice): readonly string[] {
    const inside = this.#on(device).flatMap(({ kernelName, signatures, type }) =>
      type === 'part' ? [`${signatures.join('+') || 'data'} on ${kernelName}`] : [],
    );
    return [...device.signatures, ...inside];
  }

  blocked(device: BlockDevice, id: string | undefined): string | undefined {
    const family = this.#family(device);
    const mounts = family.flatMap((one) => one.mounts);
    if (mounts.some(isBoot)) return `the system runs from it (${listed(mounts.filter(isBoot))})`;
    const map = this.#on(device).find((one) => one.type === 'mpath');
    if (map) return `it is a path of the multipath map ${map.name}`;
    if (device.signatures.includes('mpath_member')) return 'it is a path of a multipath map';
    if (family.some((one) => one.swap)) return 'it is in use as swap';
    if (mounts.length > 0) return `it is mounted at ${listed(mounts)}`;
    return this.#held(device, family) ?? this.#unfit(device, id);
  }

  #held(device: BlockDevice, family: readonly BlockDevice[]): string | undefined {
    const users = family.flatMap((one) => one.users);
    const holders = family.filter((one) => one !== device && one.type !== 'part');
    if (holders.length > 0) {
      const names = listed(holders.map(holderName));
      return `${names} ${holders.length === 1 ? 'stands' : 'stand'} on it`;
    }
    return users.length > 0 ? `it is in use by ${listed(users)}` : undefined;
  }

  #unfit(device: BlockDevice, id: string | undefined): string | undefined {
    if (device.readOnly) return 'it is read-only';
    const twin = this.devices.find(
      (other) => other !== device && isDisk(other) && twins(device, other),
    );
    if (twin) {
      return `${twin.kernelName} has the same id: two paths of one disk without a multipath map, or two disks that cannot be told apart`;
    }
    if (id === undefined) return 'it has no name in /dev/disk/by-id that stays with it';
    return undefined;
  }

  #on({ kernelName }: BlockDevice): readonly BlockDevice[] {
    return this.#uppers.get(kernelName) ?? [];
  }

  /** The device and all that stands on it. */
  #family(device: BlockDevice): readonly BlockDevice[] {
    const seen = new Set([device]);
    for (const one of seen) for (const upper of this.#on(one)) seen.add(upper);
    return [...seen];
  }
}

/** A map and its own paths are no twins: paths are closed before this is asked. */
function twins(a: BlockDevice, b: BlockDevice): boolean {
  if (a.type === 'mpath' || b.type === 'mpath') return false;
  if (a.wwn !== '' && b.wwn !== '') return sameWwn(a, b);
  return a.serial !== '' && a.serial === b.serial && a.model === b.model;
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
