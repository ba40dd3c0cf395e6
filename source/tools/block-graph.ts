import {
  deviceNode,
  diskNode,
  folderNode,
  isWholeWwid,
  mountNode,
  type Fragment,
  type GraphEdge,
  type GraphNode,
  type NodeId,
} from '../core/graph.js';
import type { HostName } from '../core/host.js';
import type { BlockDevice, BlockDevices } from './block-devices.js';
import { lowerGroups } from './block-groups.js';
import { deviceKind, deviceNames, volumeGroupOf, wwidOf } from './block-names.js';
import { storesData, type MountEntry } from './mountinfo.js';

/** A file system, a volume group, a swap space or a user of a device on one host. */
export const blockNodes = {
  /** @param kernelName of the device that holds it */
  fileSystem: (host: HostName, kernelName: string): NodeId => `fs:${host}/${kernelName}`,
  swap: (host: HostName, kernelName: string): NodeId => `swap:${host}/${kernelName}`,
  volumeGroup: (host: HostName, name: string): NodeId => `vg:${host}/${name}`,
};

/**
 * What stands on what among the block devices of a host: disks, partitions, arrays, maps, logical
 * volumes, DRBD's and loop devices, the file systems and swap on them, their mounts, and whatever
 * else holds a device ("users"). A disk with a WWN stands on its `disk:<wwid>`, which other hosts
 * share. All names of a device are told as aliases. Pure.
 *
 * In use is then a question to the joined graph: `graph.above([deviceNode(host, path)])`, on this
 * host, and `graph.above([diskNode(wwid)])`, on all.
 *
 * @param devices from `parseBlockDevices`, after the deep script or after a glance
 * @param groups volume groups with all the devices they are made of, where LVM was asked; without
 *   it a group is known by its active volumes
 */
export function blockGraph(
  host: HostName,
  { devices, mountTable }: BlockDevices,
  groups: ReadonlyMap<string, readonly string[]> = new Map(),
): Fragment {
  const draft = new Draft(host, devices);
  for (const device of devices) draft.addDevice(device);
  for (const [name, members] of groups) draft.addVolumeGroup(name, members);
  for (const entry of mountTable) if (storesData(entry)) draft.addMount(entry);
  return draft;
}

/** The fragment while it grows. */
class Draft implements Fragment {
  readonly nodes: GraphNode[] = [];
  readonly edges: GraphEdge[] = [];
  readonly aliases: (readonly NodeId[])[] = [];
  readonly #byName: ReadonlyMap<string, BlockDevice>;
  readonly #nameOf = (kernelName: string): string => this.#byName.get(kernelName)?.name ?? '';
  /** Names of multipath's paths: the devices that a map stands on. */
  readonly #paths: ReadonlySet<string>;

  constructor(
    readonly host: HostName,
    devices: readonly BlockDevice[],
  ) {
    this.#byName = new Map(devices.map((device) => [device.kernelName, device]));
    const maps = devices.filter(({ type }) => type === 'mpath');
    this.#paths = new Set(maps.flatMap(({ lowers }) => lowers));
  }

  addDevice(device: BlockDevice): void {
    const { kernelName, name, lowers, file, mounts, swap, users } = device;
    const id = deviceNode(this.host, kernelName);
    const kind = this.#paths.has(kernelName) ? 'path' : deviceKind(device);
    this.#node(id, kind, name);
    this.aliases.push(deviceNames(device).map((path) => deviceNode(this.host, path)));
    for (const { group, needs, lowers: members } of lowerGroups(device, this.#nameOf)) {
      for (const lower of members) this.#edge(id, deviceNode(this.host, lower), group, needs);
    }
    if (file !== undefined) this.#edge(id, folderNode(this.host, file), 'file');
    this.#addDisk(id, device);
    const group = volumeGroupOf(device);
    if (group !== undefined) {
      // What an LV is made of inside LVM (its images, its pool) is no physical volume.
      const members = lowers.filter((lower) => this.#byName.get(lower)?.type !== 'lvm');
      this.addVolumeGroup(group, members);
      this.#edge(id, blockNodes.volumeGroup(this.host, group), 'volume group');
    }
    if (mounts.length > 0) this.#addFileSystem(device);
    if (swap) this.#onto(blockNodes.swap(this.host, kernelName), 'swap', `swap on ${name}`, id);
    for (const user of users) {
      this.#onto(`user:${this.host}/${kernelName}/${user}`, 'user', user, id);
    }
  }

  /** One of its disks may go: volumes on the others live, but the group takes no change. */
  addVolumeGroup(name: string, members: readonly string[]): void {
    const id = blockNodes.volumeGroup(this.host, name);
    this.#node(id, 'volume group', name);
    for (const member of members) {
      this.#edge(id, deviceNode(this.host, member), 'physical volumes');
    }
  }

  /** Mounts of devices are told with their file systems; the others are there for what lies in them. */
  addMount({ point, source, type }: MountEntry): void {
    this.#node(mountNode(this.host, point), 'mount', `${point} (${type} ${source})`);
  }

  #addFileSystem({ kernelName, name, signatures, mounts }: BlockDevice): void {
    const id = blockNodes.fileSystem(this.host, kernelName);
    const device = deviceNode(this.host, kernelName);
    this.#onto(id, 'file system', `${signatures[0] ?? 'file system'} on ${name}`, device);
    for (const point of mounts) this.#onto(mountNode(this.host, point), 'mount', point, id);
  }

  #addDisk(id: NodeId, device: BlockDevice): void {
    const wwid = wwidOf(device);
    if (wwid === undefined || !isWholeWwid(wwid)) return;
    const name = [device.model, device.serial].map((word) => word.trim()).join(' ');
    this.nodes.push({ id: diskNode(wwid), kind: 'disk', name: name.trim() || wwid });
    this.#edge(id, diskNode(wwid), 'disk');
  }

  #onto(upper: NodeId, kind: string, name: string, lower: NodeId): void {
    this.#node(upper, kind, name);
    this.#edge(upper, lower, 'device');
  }

  #node(id: NodeId, kind: string, name: string): void {
    this.nodes.push({ id, kind, host: this.host, name });
  }

  #edge(upper: NodeId, lower: NodeId, group: string, needs = 1): void {
    this.edges.push({ upper, lower, group, needs });
  }
}
