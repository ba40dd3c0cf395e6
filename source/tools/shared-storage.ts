import { deviceNode, StorageGraph, type GraphNode, type NodeId } from '../core/graph.js';
import type { HostName } from '../core/host.js';
import { listed } from '../core/text.js';
import type { BlockDevice, BlockDevices } from './block-devices.js';
import { blockGraph } from './block-graph.js';
import { isDisk } from './disk-gate.js';

/** A disk as one host sees it. */
export interface SeenDisk {
  readonly host: HostName;
  readonly device: BlockDevice;
}

/** The block devices of several hosts, joined by what is one disk. */
export class SharedStorage {
  readonly #graph: StorageGraph;

  constructor(readonly hosts: ReadonlyMap<HostName, BlockDevices>) {
    this.#graph = new StorageGraph([...hosts].map(([host, look]) => blockGraph(host, look)));
  }

  /** The same disk on other hosts: the map where there is one, else each of its paths. */
  elsewhere(seen: SeenDisk): readonly SeenDisk[] {
    const disk = this.#diskOf(seen);
    if (disk === undefined) return [];
    return [...this.hosts].flatMap(([host, { devices }]) => {
      if (host === seen.host) return [];
      const same = devices.filter((one) => {
        return isDisk(one) && this.#diskOf({ host, device: one }) === disk;
      });
      const maps = same.filter(({ type }) => type === 'mpath');
      return (maps.length > 0 ? maps : same).map((device) => ({ host, device }));
    });
  }

  /** What other hosts do with the same disk: the host, and all that stands on it there. */
  usedElsewhere(seen: SeenDisk): string | undefined {
    const disk = this.#diskOf(seen);
    if (disk === undefined) return undefined;
    const above = [...this.#graph.above([disk])].flatMap((id) => this.#graph.node(id) ?? []);
    const uses = above.filter(({ host, kind }) => host !== seen.host && !BARE.has(kind));
    const [first] = uses;
    if (first?.host === undefined) return undefined;
    const there = uses.filter(({ host }) => host === first.host);
    return `${first.host} uses the same disk: ${listed(there.map(useWords))}`;
  }

  #diskOf({ host, device }: SeenDisk): NodeId | undefined {
    const beneath = this.#graph.beneath([deviceNode(host, device.kernelName)]);
    return [...beneath].find((id) => id.startsWith('disk:'));
  }
}

/** What a disk is to a host that does nothing with it; all else is a use. */
const BARE: ReadonlySet<string> = new Set([
  'device',
  'disk',
  'path',
  'multipath map',
  'partition',
  // Told by its mounts.
  'file system',
]);

function useWords({ kind, name }: GraphNode): string {
  switch (kind) {
    case 'mount':
      return `mounted at ${name}`;
    case 'user':
    case 'swap':
      return name;
    default:
      return `the ${kind} ${name}`;
  }
}
