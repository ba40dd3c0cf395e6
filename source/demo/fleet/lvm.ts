import type { Disk, Machine } from './state.js';

/** A logical volume, with what stands on it. */
export interface Volume {
  readonly name: string;
  readonly uuid: string;
  /** `dm-0`. */
  readonly dm: string;
  readonly tags: Set<string>;
  /** As any device that a file system can be made on; it is called `mapper/vg0-local`. */
  readonly device: Disk;
}

/** A volume group on the physical volumes of one machine. */
export interface Group {
  readonly name: string;
  readonly uuid: string;
  /** Bytes. */
  readonly extent: number;
  readonly volumes: Volume[];
}

/** Of a physical volume's beginning, before its first extent. */
const LABEL = 2 ** 20;
const EXTENT = 4 * 2 ** 20;

const known = new WeakMap<Machine, readonly Group[]>();

/** The volume groups of a machine: one, where it has a physical volume. */
export function groupsOf(machine: Machine): readonly Group[] {
  const groups =
    known.get(machine) ?? (physicalOf(machine).length > 0 ? [firstGroup(machine)] : []);
  known.set(machine, groups);
  return groups;
}

function firstGroup({ address }: Machine): Group {
  const uuid = lvmUuid(`vg${address}`);
  return { name: 'vg0', uuid, extent: EXTENT, volumes: [] };
}

/** The disks that are physical volumes. */
export function physicalOf({ disks }: Machine): readonly Disk[] {
  return disks.filter(({ signature }) => signature?.type === 'LVM2_member');
}

/** All volumes of a machine. */
export function volumesOf(machine: Machine): readonly Volume[] {
  return groupsOf(machine).flatMap(({ volumes }) => volumes);
}

/** What a disk gives to its group, in bytes. */
export function roomOf({ size }: Disk): number {
  return Math.floor((size - LABEL) / EXTENT) * EXTENT;
}

/** The size of the machine's group, and what no volume takes of it, in bytes. */
export function groupRoom(machine: Machine, { volumes }: Group): { size: number; free: number } {
  const size = physicalOf(machine).reduce((sum, disk) => sum + roomOf(disk), 0);
  return { size, free: size - volumes.reduce((sum, { device }) => sum + device.size, 0) };
}

/** A new volume, blank; the group must have the room. */
export function addVolume(machine: Machine, group: Group, name: string, size: number): Volume {
  const taken = new Set(volumesOf(machine).map(({ dm }) => dm));
  let minor = 0;
  while (taken.has(`dm-${minor}`)) minor += 1;
  const word = (part: string): string => part.replaceAll('-', '--');
  const volume: Volume = {
    name,
    uuid: lvmUuid(`${group.uuid}${name}`),
    dm: `dm-${minor}`,
    tags: new Set(),
    device: {
      name: `mapper/${word(group.name)}-${word(name)}`,
      majMin: `253:${minor}`,
      size,
      type: 'disk',
      rotates: physicalOf(machine).some(({ rotates }) => rotates),
      parts: [],
    },
  };
  group.volumes.push(volume);
  return volume;
}

/** All that a file system can be made on: disks, their parts, and volumes. */
export function writableOf(machine: Machine): readonly Disk[] {
  const volumes = volumesOf(machine).map(({ device }) => device);
  return [...machine.disks.flatMap((disk) => [disk, ...disk.parts]), ...volumes];
}

/** The name of a disk that stays with it, as udev makes it. */
export function diskById({ model, serial = '' }: Disk): string {
  const id =
    model === undefined ? `virtio-${serial}` : `ata-${model.replaceAll(' ', '_')}_${serial}`;
  return `/dev/disk/by-id/${id}`;
}

/** What a path leads to on a machine: a disk, a part, or a volume, by any of its names. */
export function deviceAt(machine: Machine, path: string): Disk | undefined {
  const volume = groupsOf(machine).flatMap((group) =>
    group.volumes.filter(({ name, dm }) =>
      [`/dev/${group.name}/${name}`, `/dev/${dm}`].includes(path),
    ),
  )[0];
  if (volume) return volume.device;
  const disk = machine.disks.find((one) => diskById(one) === path);
  return disk ?? writableOf(machine).find(({ name }) => `/dev/${name}` === path);
}

/** As LVM writes them: 32 letters and digits in groups; the same for the same word. */
export function lvmUuid(word: string): string {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let state = 7;
  const next = (code: number): string => {
    state = (state * 31 + code + 17) % 1_000_003;
    return letters[state % letters.length] ?? '0';
  };
  const text = Array.from({ length: 32 }, (_, at) => next(word.charCodeAt(at % word.length))).join(
    '',
  );
  return text.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, '$1-$2-$3-$4-$5-$6-$7');
}
