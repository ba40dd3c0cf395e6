import { listed } from '../../../../core/text.js';
import { volumeOf } from '../../../../tools/block-names.js';
import { bytes } from '../../../../core/units.js';
import { isInSync, sidesSeen } from '../../steps/wait.js';
import type { FoundVolume, KnownHost } from '../replicated-volume/look.js';
import type { Found, Mounted } from './look.js';

/** One node of a resource that can grow. */
export interface GrowNode {
  readonly host: KnownHost;
  readonly volume: FoundVolume;
  readonly mounts: readonly Mounted[];
}

/** A resource that can grow. */
export interface Growable {
  readonly name: string;
  readonly minor: number;
  /** Of the volume beneath, alike on both nodes. */
  readonly volumeBytes: number;
  readonly deviceBytes: number;
  /** What the metadata take of it: 0 where they are elsewhere. */
  readonly metadataBytes: number;
  readonly nodes: readonly GrowNode[];
  /** By how much both groups let it grow. */
  readonly freeBytes: number;
  /** What both sizes are whole numbers of. */
  readonly extentBytes: number;
}

/** The names of all resources of the nodes that were looked at. */
export function namesOf({ hosts }: Found): readonly string[] {
  const names = hosts.flatMap((host) => (host.ok ? host.resources.map(({ name }) => name) : []));
  return [...new Set(names)];
}

/** A resource with all that growing it needs, or why it cannot grow. */
export function growable(found: Found, name: string): Growable | string {
  const hosts = found.hosts.filter((host) => host.ok);
  const having = hosts.filter((host) => host.resources.some((one) => one.name === name));
  const [first, second, ...more] = having;
  if (!first || !second || more.length > 0) {
    return `both its nodes must be looked at; ${having.length > 0 ? `only ${listed(having.map((one) => one.name))} was` : 'none was'}`;
  }
  const nodes: GrowNode[] = [];
  const minors = new Set<number>();
  for (const host of [first, second]) {
    const node = nodeOf(found, host, name);
    if (typeof node === 'string') return `${host.name}: ${node}`;
    nodes.push(node);
    minors.add(node.minor);
  }
  const [minor = 0] = minors;
  const [one, other] = nodes;
  const deviceBytes = found.devices.get(first.name)?.sizes.get(minor);
  if (!one || !other || deviceBytes === undefined) return 'its device cannot be seen';
  const { sizeBytes } = one.volume;
  if (sizeBytes !== other.volume.sizeBytes) {
    return `its volumes differ: ${sizeBytes / 512} sectors on ${first.name}, ${other.volume.sizeBytes / 512} on ${second.name}`;
  }
  const extents = nodes.map(({ volume }) => volume.group.extentBytes);
  const extentBytes = Math.max(...extents);
  const freeBytes = Math.min(...nodes.map(({ volume }) => volume.group.freeBytes));
  if (freeBytes < extentBytes) return `the groups have ${bytes(freeBytes)} free`;
  return {
    ...{ name, minor, volumeBytes: sizeBytes, deviceBytes, nodes, freeBytes, extentBytes },
    metadataBytes: sizeBytes - deviceBytes,
  };
}

function nodeOf(
  found: Found,
  host: KnownHost,
  name: string,
): (GrowNode & { readonly minor: number }) | string {
  const devices = found.devices.get(host.name);
  const own = host.resources.find((one) => one.name === name)?.self;
  const [conf, ...more] = own?.volumes ?? [];
  const minor = conf?.minor ?? undefined;
  if (!conf || minor === undefined || more.length > 0)
    return 'it has several volumes: grow them by hand';
  const volume = host.volumes.find((one) => isAt(one, conf.disk));
  if (!volume) return `its disk ${conf.disk ?? ''} is no logical volume`;
  const gate = volume.group.gate;
  if (!gate.open) return `${volume.group.name}: ${gate.because}`;
  const side = devices?.sides.get(name);
  if (!side?.ok) return side?.because ?? 'it cannot be seen';
  if (!isInSync(side.side)) {
    return `both sides must be connected and UpToDate; ${sidesSeen(host.name, side.side)}`;
  }
  const mounts = devices?.mounts.filter((one) => one.minor === minor) ?? [];
  return { host, volume, mounts, minor };
}

function isAt({ group, name }: FoundVolume, path: string | null): boolean {
  if (path === `/dev/${group.name}/${name}`) return true;
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(path ?? '')?.[1];
  const found = mapped === undefined ? undefined : volumeOf({ type: 'lvm', name: mapped });
  return found?.group === group.name && found.name === name;
}
