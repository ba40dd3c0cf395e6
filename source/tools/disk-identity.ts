import type { BlockDevice } from './block-devices.js';
import type { DeviceTree } from './device-tree.js';

/** Buses whose disks one host alone can see. */
const LOCAL = new Set(['sata', 'ata', 'usb', 'nvme', 'mmc', 'sdio']);

/**
 * A World Wide Name without what is written around it: `wwn-0x5000…`, `0x5000…`, `naa.5000…`,
 * `eui.0025…`, `scsi-35000…` and `dm-uuid-mpath-3600…` (a 3 before the name is SCSI's own mark of an
 * NAA name, scsi_id(8)). Undefined: it is none.
 */
export function bareWwn(text: string): string | undefined {
  const bare = text
    .toLowerCase()
    .replace(/^(?:wwn|scsi|nvme|dm-uuid-mpath)-/, '')
    .replace(/^(?:naa|eui|0x)\.?/, '')
    .replace(/^3(?=(?:[0-9a-f]{16}){1,2}$)/, '');
  // Some bridges and virtual disks say that their name is naught.
  return /^(?:[0-9a-f]{16}){1,2}$/.test(bare) && !/^0+$/.test(bare) ? bare : undefined;
}

/**
 * Whether two devices say that they are one and the same disk. The kernel's WWN counts; a map has
 * none, and tells it in its by-id names.
 */
export function sameDisk(a: BlockDevice, b: BlockDevice): boolean {
  const names = ownWwns(a);
  return ownWwns(b).some((name) => names.includes(name));
}

function ownWwns({ wwn, ids }: BlockDevice): readonly string[] {
  return (wwn === '' ? ids : [wwn]).flatMap((one) => bareWwn(one) ?? []);
}

/** Whether other hosts may see the same disk: it has a name of its own and no local bus. */
export function mayBeShared(device: BlockDevice): boolean {
  if (device.type === 'mpath') return true;
  return device.wwn !== '' && !LOCAL.has(device.transport);
}

/** An id that means a device by its name, wherever it is put. */
export function means(id: string, device: BlockDevice): boolean {
  const name = id.replace(/^\/dev\/disk\/by-id\//, '');
  const { ids, serial } = device;
  if (ids.includes(name) || (serial !== '' && name === serial)) return true;
  // udev may not have made the links (yet): MODEL_SERIAL is how it names a disk.
  if (serial.length >= 4 && /^(?:ata|scsi|nvme|virtio|usb)-/.test(name)) {
    if (name.endsWith(`_${udevWord(serial)}`) || name === `virtio-${serial}`) return true;
  }
  const wwn = bareWwn(name);
  return wwn !== undefined && [device.wwn, ...ids].some((one) => bareWwn(one) === wwn);
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
