import { beneath, datasets, deviceAt, servedBy } from '../../../fleet/rocks/storage/devices.js';
import { numberOf } from '../../../fleet/rocks/storage/numbers.js';
import { nodeOf, type MapperDevice, type StorageNode } from '../../../fleet/rocks/state.js';
import type { Fleet, Machine } from '../../../fleet/state.js';
import type { BlockDevice } from '../../system/block-device.js';

/** The volumes of ZFS and the disks of iSCSI, with the devices of device mapper on them. */
export function rocksDevices(fleet: Fleet, machine: Machine): readonly BlockDevice[] {
  const node = nodeOf(fleet, machine);
  if (!node) return [];
  const volumes = datasets(node).flatMap(({ zd, name, size }): BlockDevice[] => {
    if (zd === undefined) return [];
    const links = [`/dev/zvol/${name}`, `/dev/${name}`];
    return [device(node, machine, { name: zd, size, links, rotates: false })];
  });
  const disks = node.sessions.map((session) => {
    const serial = `beaf${session.sid}1`;
    const more = { vendor: 'IET', model: 'VIRTUAL-DISK', serial, tran: 'iscsi' };
    const size = servedBy(fleet, session)?.size ?? 0;
    const hctl = `${session.host}:0:0:1`;
    const known = { name: session.disk, size, links: [], rotates: true };
    return { ...device(node, machine, known), ...more, hctl };
  });
  return [...disks, ...volumes];
}

type Known = Pick<BlockDevice, 'name' | 'size' | 'rotates'> & { readonly links: readonly string[] };

function device(node: StorageNode, machine: Machine, known: Known): BlockDevice {
  const path = `/dev/${known.name}`;
  return {
    ...known,
    kname: known.name,
    path,
    parent: undefined,
    majMin: numberOf(node, machine, path),
    type: 'disk',
    ...mountOf(machine, path),
    children: node.devices
      .filter((one) => standsOn(node, machine, one, path))
      .map((one) => mapped(machine, one, known.name)),
  };
}

function standsOn(
  node: StorageNode,
  machine: Machine,
  { table }: MapperDevice,
  path: string,
): boolean {
  const own = numberOf(node, machine, path);
  return beneath(table).some((one) => deviceAt(node, one) && numberOf(node, machine, one) === own);
}

function mapped(
  machine: Machine,
  { name, minor, table }: MapperDevice,
  parent: string,
): BlockDevice {
  const path = `/dev/mapper/${name}`;
  return {
    name,
    kname: `dm-${minor}`,
    path,
    links: [],
    parent,
    majMin: `253:${minor}`,
    size: table.sectors * 512,
    type: 'dm',
    rotates: false,
    ...mountOf(machine, path),
    children: [],
  };
}

function mountOf({ mounts }: Machine, path: string): { readonly mountpoint?: string } {
  const found = mounts.find(({ source }) => source === path);
  return found ? { mountpoint: found.target } : {};
}
