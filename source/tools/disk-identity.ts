import { isWholeWwid, plainWwid } from '../core/node-ids.js';
import type { BlockDevice } from './block-devices.js';
import type { DeviceTree } from './device-tree.js';

/** Buses whose disks one host alone can see. */
const LOCAL = new Set(['sata', 'ata', 'usb', 'nvme', 'mmc', 'sdio']);

/** How udev writes a World Wide Name into a name in /dev/disk/by-id. */
const NAMED = /^(?:wwn|scsi|nvme|dm-uuid-mpath)-(?=(?:0x|naa\.|eui\.)?[0-9a-f]{16,33}$)(?:eui\.)?/i;

/**
 * Whether two devices say that they are one and the same disk. The kernel's WWN counts; a map has
 * none, and tells it in its by-id names.
 */
export function sameDisk(a: BlockDevice, b: BlockDevice): boolean {
  const names = ownWwids(a);
  return ownWwids(b).some((name) => names.includes(name));
}

function ownWwids({ wwn, ids }: BlockDevice): readonly string[] {
  return wwn === '' ? ids.flatMap(wwidIn) : [wwn].filter(isWholeWwid).map(plainWwid);
}

/** The World Wide Name in a by-id name, if there is one. */
function wwidIn(id: string): readonly string[] {
  return NAMED.test(id) ? [plainWwid(id.replace(NAMED, ''))] : [];
}

/** Whether other hosts may see the same disk: it has a name of its own and no local bus. */
export function mayBeShared(device: BlockDevice): boolean {
  if (device.type === 'mpath') return true;
  return device.wwn !== '' && !LOCAL.has(device.transport);
}

/** Whether an id means a device: one of its by-id names, its serial number, or its WWN as any tool writes it. */
export function means(id: string, { ids, serial, wwn }: BlockDevice): boolean {
  const name = id.replace(/^\/dev\/disk\/by-id\//, '');
  if (ids.includes(name) || (serial !== '' && name === serial)) return true;
  // udev may not have made the links (yet): MODEL_SERIAL is how it names a disk.
  if (serial.length >= 4 && /^(?:ata|scsi|nvme|virtio|usb)-/.test(name)) {
    if (name.endsWith(`_${udevWord(serial)}`) || name === `virtio-${serial}`) return true;
  }
  const wwid = wwidIn(name)[0] ?? plainWwid(name);
  if (!isWholeWwid(wwid)) return false;
  return plainWwid(wwn) === wwid || ids.flatMap(wwidIn).includes(wwid);
}

/** The id of a list that means a device, what it stands on, or what stands on it. */
export function reservedBy(
  tree: DeviceTree,
  device: BlockDevice,
  list: readonly string[],
): string | undefined {
  const concerned = [...tree.lineage(device), ...tree.family(device)];
  return list.find((id) => concerned.some((one) => means(id, one)));
}

/** udev puts a low line for each run of blanks in a model or serial. */
function udevWord(text: string): string {
  return text.trim().replace(/\s+/g, '_');
}
