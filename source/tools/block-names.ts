import { isWholeWwid } from '../core/node-ids.js';
import type { BlockDevice } from './block-devices.js';

/** The field's word for a device, from lsblk's type and the kernel's name for it. */
export function deviceKind({ kernelName, type, signatures }: BlockDevice): string {
  if (/^drbd\d/.test(kernelName)) return 'DRBD device';
  if (/^md\d|^md_/.test(kernelName) && type !== 'part') return 'RAID';
  if (signatures.includes('mpath_member')) return 'path';
  const words: Readonly<Record<string, string>> = {
    part: 'partition',
    lvm: 'logical volume',
    mpath: 'multipath map',
    crypt: 'encrypted device',
    loop: 'loop device',
    rom: 'optical drive',
  };
  return words[type] ?? 'disk';
}

/** Every path in /dev that means the device, the kernel's own first. */
export function deviceNames(device: BlockDevice): readonly string[] {
  const { kernelName, name, links } = device;
  const mapped = kernelName.startsWith('dm-') ? [`/dev/mapper/${name}`] : [];
  const volume = volumeOf(device);
  const lvm = volume ? [`/dev/${volume.group}/${volume.name}`] : [];
  return [`/dev/${kernelName.replaceAll('!', '/')}`, ...mapped, ...lvm, ...links];
}

/** The volume group of a logical volume, hidden ones too. */
export function volumeGroupOf(device: BlockDevice): string | undefined {
  return volumeOf(device)?.group;
}

/**
 * Device mapper's name of a logical volume is `group-volume`, with every dash of the two doubled
 * (lvm2, build_dm_name): `my--vg-lv` is `lv` of `my-vg`. Hidden layers have a second part, as in
 * `vg-pool-tpool` and `vg-lv-real`.
 */
export function volumeOf({
  type,
  name,
}: Pick<BlockDevice, 'type' | 'name'>):
  { readonly group: string; readonly name: string } | undefined {
  if (type !== 'lvm') return undefined;
  const [group, ...rest] = name.replaceAll('--', '\0').split('-');
  const [volume] = rest;
  if (group === undefined || volume === undefined || group === '') return undefined;
  const undone = (part: string): string => part.replaceAll('\0', '-');
  return { group: undone(group), name: rest.map(undone).join('-') };
}

/**
 * What a disk or a map is called wherever it is seen. Only World Wide Names count: makers' texts
 * (`t10.…`) repeat on cheap and virtual disks. A partition has its disk's, so it is not asked.
 */
export function wwidOf({ type, wwn, ids }: BlockDevice): string | undefined {
  if (type === 'mpath') {
    const id = ids.find((one) => one.startsWith(MAP));
    return id !== undefined && /^3[2356][\da-f]+$|^eui\./.test(id.slice(MAP.length))
      ? id.slice(MAP.length)
      : undefined;
  }
  if (type !== 'disk') return undefined;
  // util-linux before 2.25 prints the first half alone; udev's links have the whole.
  const links = ids.flatMap((id) => (id.startsWith(WWN) ? [id.slice(WWN.length)] : []));
  const told = [wwn, ...links].filter((one) => /^(?:0x[\da-f]+|naa\.|eui\.)/i.test(one));
  return told.find(isWholeWwid) ?? told[0];
}

const MAP = 'dm-uuid-mpath-';
const WWN = 'wwn-';
