import type { Fleet } from '../../state.js';
import { beneath, contentOf, deviceAt, holderOf } from './devices.js';
import type { CowStore, MapperDevice, MapperTable, StorageNode } from '../state.js';

/** Sectors of a chunk, in all the tables that the roll makes. */
export const CHUNK = 16;
/** Exceptions that the table of one chunk holds: 16 bytes each. */
const PER_AREA = (CHUNK * 512) / 16;

/** What the kernel counts in the memory of a snapshot: sectors taken, and those of its own tables. */
export function filling({ chunks }: Pick<CowStore, 'chunks'>): {
  readonly allocated: number;
  readonly metadata: number;
} {
  const whole = Math.ceil(chunks);
  const metadata = 2 + Math.floor(whole / PER_AREA);
  return { allocated: (whole + metadata) * CHUNK, metadata: metadata * CHUNK };
}

const FAILED = 'Command failed\n';

export function deviceNamed(node: StorageNode, name: string): MapperDevice | undefined {
  const bare = name.replace(/^\/dev\/mapper\//, '');
  return node.devices.find((one) => one.name === bare || `/dev/dm-${one.minor}` === bare);
}

/** `dmsetup create NAME --table …`. */
export function createDevice(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  table: MapperTable,
): string | undefined {
  if (deviceNamed(node, name)) {
    return `device-mapper: create ioctl on ${name} failed: Device or resource busy\n${FAILED}`;
  }
  const refused = prepare(node, name, table);
  if (refused !== undefined) return refused;
  const taken = new Set(node.devices.map(({ minor }) => minor));
  let minor = 0;
  while (taken.has(minor)) minor += 1;
  const device: MapperDevice = { name, minor, table, suspended: false };
  node.devices.push(device);
  activate(fleet, node, device, table);
  return undefined;
}

/** `dmsetup reload NAME --table …`: nothing changes before it is resumed. */
export function reloadDevice(
  node: StorageNode,
  name: string,
  table: MapperTable,
): string | undefined {
  const device = deviceNamed(node, name);
  if (!device) return absent('reload', name);
  const refused = prepare(node, name, table);
  if (refused === undefined) device.inactive = table;
  return refused;
}

/** `dmsetup suspend NAME`. */
export function suspendDevice(node: StorageNode, name: string): string | undefined {
  const device = deviceNamed(node, name);
  if (!device) return absent('suspend', name);
  device.suspended = true;
  return undefined;
}

/** `dmsetup resume NAME`: a loaded table takes the place of the other. */
export function resumeDevice(fleet: Fleet, node: StorageNode, name: string): string | undefined {
  const device = deviceNamed(node, name);
  if (!device) return absent('resume', name);
  if (device.inactive) activate(fleet, node, device, device.inactive);
  device.suspended = false;
  return undefined;
}

/** `dmsetup remove NAME`. */
export function removeDevice(fleet: Fleet, node: StorageNode, name: string): string | undefined {
  const device = deviceNamed(node, name);
  if (!device) return absent('remove', name);
  if (holderOf(fleet, node, `/dev/mapper/${device.name}`) !== undefined) {
    return `device-mapper: remove ioctl on ${device.name} failed: Device or resource busy\n${FAILED}`;
  }
  node.devices.splice(node.devices.indexOf(device), 1);
  return undefined;
}

function absent(what: string, name: string): string {
  return `device-mapper: ${what} ioctl on ${name} failed: No such device or address\n${FAILED}`;
}

/** The kernel takes no table that stands on something that is not there. */
function prepare(node: StorageNode, name: string, table: MapperTable): string | undefined {
  if (beneath(table).every((path) => deviceAt(node, path))) return undefined;
  return `device-mapper: reload ioctl on ${name} failed: Invalid argument\n${FAILED}`;
}

/** A snapshot finds in its second volume what an earlier one left, or begins there. */
function activate(fleet: Fleet, node: StorageNode, device: MapperDevice, table: MapperTable): void {
  if (table.target !== 'linear') {
    const memory = deviceAt(node, table.cow);
    const origin = contentOf(fleet, node, table.origin);
    if (memory?.kind === 'volume' && origin) {
      const { image, writes } = origin;
      // That it is full is nowhere written down: it is found out again.
      if (memory.volume.cow?.state === 'overflow') memory.volume.cow.state = 'valid';
      memory.volume.cow ??= { image, chunks: 0, writes, base: writes, state: 'valid' };
    }
  }
  device.table = table;
  device.inactive = undefined;
}

/** The memory of a device that is a snapshot. */
export function cowOf(node: StorageNode, { table }: MapperDevice): CowStore | undefined {
  if (table.target === 'linear') return undefined;
  const found = deviceAt(node, table.cow);
  return found?.kind === 'volume' ? found.volume.cow : undefined;
}
