import { replicaOn } from '../../fleet/drbd-side.js';
import { physicalOf, volumesOf } from '../../fleet/lvm.js';
import type { Disk, Fleet, Machine } from '../../fleet/state.js';
import { rocksDevices } from '../rocks/storage/block-devices.js';
import type { BlockDevice } from './block-device.js';

export type { BlockDevice } from './block-device.js';

/** The machine's block devices as a tree: disks, their parts, and what stands on them. */
export function blockTree(fleet: Fleet, machine: Machine): readonly BlockDevice[] {
  const disks = machine.disks.map((disk) => fromDisk(fleet, machine, disk, undefined));
  const multipath = fleet.san.machine === machine.name ? paths(fleet, machine) : [];
  return [...disks, ...multipath, ...rocksDevices(fleet, machine)];
}

/** All devices once, parents first. */
export function flat(devices: readonly BlockDevice[]): readonly BlockDevice[] {
  const seen = new Map<string, BlockDevice>();
  const visit = (device: BlockDevice) => {
    if (!seen.has(device.name)) seen.set(device.name, device);
    device.children.forEach(visit);
  };
  devices.forEach(visit);
  return [...seen.values()];
}

function mountOf(machine: Machine, path: string): { mountpoint?: string } {
  const found = machine.mounts.find(({ source }) => source === path);
  return found ? { mountpoint: found.target } : {};
}

function fromDisk(
  fleet: Fleet,
  machine: Machine,
  disk: Disk,
  parent: string | undefined,
): BlockDevice {
  const path = `/dev/${disk.name}`;
  const { parts, ...facts } = disk;
  return {
    ...facts,
    kname: disk.name,
    path,
    parent,
    ...mountOf(machine, path),
    children: [
      ...parts.map((part) => fromDisk(fleet, machine, part, disk.name)),
      ...replicas(fleet, machine, disk),
      ...volumes(fleet, machine, disk),
    ],
  };
}

/** The logical volumes of the group that a disk is a part of. */
function volumes(fleet: Fleet, machine: Machine, disk: Disk): readonly BlockDevice[] {
  if (!physicalOf(machine).includes(disk)) return [];
  return volumesOf(machine).map(({ dm, device }) => ({
    ...fromDisk(fleet, machine, device, disk.name),
    name: device.name.replace('mapper/', ''),
    kname: dm,
    type: 'lvm',
  }));
}

/** A DRBD device on its backing disk. lsblk knows its file system only once it is mounted. */
function replicas(fleet: Fleet, machine: Machine, disk: Disk): readonly BlockDevice[] {
  return fleet.drbd.resources
    .filter(({ backing }) => backing === `/dev/${disk.name}`)
    .filter((resource) => {
      const replica = replicaOn(resource, machine.name);
      // Whoever lost its disk does not stand on it any more.
      return replica && replica.disk !== 'Diskless';
    })
    .map(({ minor, size }) => {
      const mount = machine.mounts.find(({ source }) => source === `/dev/drbd${minor}`);
      return {
        name: `drbd${minor}`,
        kname: `drbd${minor}`,
        path: `/dev/drbd${minor}`,
        parent: disk.name,
        majMin: `147:${minor}`,
        size: size * 1024,
        type: 'disk',
        rotates: disk.rotates,
        ...(mount && {
          mountpoint: mount.target,
          signature: { type: mount.type, uuid: `9f1c2a34-55d0-4b7e-8a61-0000000000d${minor}` },
        }),
        children: [],
      };
    });
}

function paths(fleet: Fleet, machine: Machine): readonly BlockDevice[] {
  const { san } = fleet;
  return san.paths.map((path) => {
    const map = san.maps.find(({ alias }) => alias === path.map);
    const facts = {
      majMin: path.majMin,
      type: 'disk',
      rotates: true,
      vendor: 'LIO-ORG',
      model: 'san-b',
      serial: map?.wwid.slice(1) ?? '',
      wwn: `0x${map?.wwid.slice(1) ?? ''}`,
      tran: 'iscsi',
      hctl: path.hctl,
      size: map?.size ?? 0,
    };
    const child = map ? [mapDevice(machine, map, path.dev)] : [];
    return {
      name: path.dev,
      kname: path.dev,
      path: `/dev/${path.dev}`,
      parent: undefined,
      ...facts,
      signature: { type: 'mpath_member', uuid: '' },
      children: child,
    };
  });
}

function mapDevice(
  machine: Machine,
  map: Fleet['san']['maps'][number],
  parent: string,
): BlockDevice {
  const path = `/dev/mapper/${map.alias}`;
  const mount = machine.mounts.find(({ source }) => source === path);
  return {
    name: map.alias,
    kname: map.dm,
    path,
    parent,
    majMin: `253:${map.dm.replace('dm-', '')}`,
    size: map.size,
    type: 'mpath',
    rotates: true,
    ...(mount && {
      mountpoint: mount.target,
      signature: { type: mount.type, uuid: `2c6d4f80-13aa-4e2b-9c57-00000000000${map.lun}` },
    }),
    children: [],
  };
}
