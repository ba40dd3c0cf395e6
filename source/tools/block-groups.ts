import type { BlockDevice, Raid } from './block-devices.js';

/** Devices beneath a device that can stand in for each other: `needs` of them must live. */
export interface LowerGroup {
  readonly group: string;
  readonly needs: number;
  readonly lowers: readonly string[];
}

/**
 * What a device stands on, and how much of it must live.
 *
 * @param nameOf the name of a device (`vg-lv_rimage_0`) by the kernel's (`dm-4`)
 */
export function lowerGroups(
  device: BlockDevice,
  nameOf: (kernelName: string) => string,
): readonly LowerGroup[] {
  return groupsOf(device, nameOf).filter(({ lowers }) => lowers.length > 0);
}

function groupsOf(
  { kernelName, type, lowers, raid }: BlockDevice,
  nameOf: (kernelName: string) => string,
): readonly LowerGroup[] {
  if (raid) return raidGroups(raid, lowers);
  if (type.startsWith('raid')) return [{ group: 'members', needs: lowers.length, lowers }];
  if (type === 'mpath') return [{ group: 'paths', needs: 1, lowers }];
  // It goes on with its peer's replica: which of them live, only DRBD knows.
  if (/^drbd\d/.test(kernelName)) return [{ group: 'backing disk', needs: 0, lowers }];
  if (type === 'lvm') return volumeGroups(lowers, nameOf);
  return [{ group: 'devices', needs: lowers.length, lowers }];
}

/**
 * A mirrored volume stands on its images, which LVM names so (lvmraid(7)): one of the old mirrors'
 * must live, and of those with metadata of their own all but one, since the level is not known here.
 * raid0 has none, and needs them all.
 */
function volumeGroups(
  lowers: readonly string[],
  nameOf: (kernelName: string) => string,
): readonly LowerGroup[] {
  const named = (part: RegExp) => lowers.filter((lower) => part.test(nameOf(lower)));
  const mirrors = named(/_mimage_\d+$/);
  const logs = named(/_rmeta_\d+$|_mlog$/);
  const images = named(/_rimage_\d+$/);
  const rest = lowers.filter((one) => ![...mirrors, ...logs, ...images].includes(one));
  const needs = logs.length > 0 ? Math.max(1, images.length - 1) : images.length;
  return [
    { group: 'mirrors', needs: 1, lowers: mirrors },
    { group: 'images', needs, lowers: images },
    { group: 'logs', needs: 0, lowers: logs },
    { group: 'devices', needs: rest.length, lowers: rest },
  ];
}

/**
 * Only members that are in sync hold the data; a spare, one that is being rebuilt, and a failed one
 * do not, so their loss is no loss of data.
 */
function raidGroups(raid: Raid, lowers: readonly string[]): readonly LowerGroup[] {
  const inSync = lowers.filter((lower) => {
    const state = raid.members.get(lower);
    return state === undefined || state.split(',').includes('in_sync');
  });
  const others = lowers.filter((lower) => !inSync.includes(lower));
  return [
    { group: 'members', needs: membersNeeded(raid), lowers: inSync },
    { group: 'spares', needs: 0, lowers: others },
  ];
}

/**
 * How many members of an array must live (md(4)). Of raid10 one may always go; whether a second may
 * depends on which pair it is in, which is not known here, so it is not counted on.
 */
export function membersNeeded({ level, disks }: Pick<Raid, 'level' | 'disks'>): number {
  switch (level) {
    case 'raid1':
      return Math.min(1, disks);
    case 'raid4':
    case 'raid5':
    case 'raid10':
      return Math.max(1, disks - 1);
    case 'raid6':
      return Math.max(1, disks - 2);
    default:
      // raid0, linear, and what is not known.
      return disks;
  }
}
