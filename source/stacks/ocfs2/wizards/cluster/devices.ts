import type { HostName } from '../../../../core/host.js';
import { listed } from '../../../../core/text.js';
import type { BlockDevice } from '../../../../tools/block-devices.js';
import { closedBecause, heldBy } from '../../../../tools/disk-gate.js';
import { reservedBy } from '../../../../tools/disk-identity.js';
import { diskOffers } from '../../../../tools/disk-offers.js';
import type { NodeHost } from './host.js';

/** A device that all nodes have under one name. */
export interface SharedDevice {
  /** `/dev/drbd0`, `/dev/disk/by-id/…`. */
  readonly path: string;
  /** `DRBD r0`, or the disk's model. */
  readonly what: string;
  readonly sizeBytes: number;
  /** What is lost by a new file system, each by its name. */
  readonly holds: readonly string[];
  /** Why no new file system may be made on it; undefined: it may. */
  readonly because?: string;
  /** The OCFS2 file system that it holds. */
  readonly existing?: { readonly uuid: string; readonly label: string };
  /** Why not even that may be mounted on all. */
  readonly unusable?: string;
}

/** One device as one host sees it. */
interface Seen {
  readonly host: NodeHost;
  readonly device: BlockDevice;
}

/**
 * The devices that all of some hosts share: DRBD's devices by the name of their resource, and disks
 * that have one name in /dev/disk/by-id everywhere. What any host does with one closes it.
 */
export function sharedDevices(
  hosts: readonly NodeHost[],
  neverTouch: readonly string[],
): readonly SharedDevice[] {
  const [first] = hosts;
  if (!first) return [];
  return [...drbdDevices(hosts, first, neverTouch), ...sharedDisks(hosts, first, neverTouch)];
}

function drbdDevices(
  hosts: readonly NodeHost[],
  first: NodeHost,
  neverTouch: readonly string[],
): readonly SharedDevice[] {
  return first.drbd.flatMap(({ kernelName, resource }): SharedDevice[] => {
    const seen = hosts.map((host): Seen | undefined => {
      const same = host.drbd.some(
        (one) => one.kernelName === kernelName && one.resource === resource,
      );
      const device = host.devices.devices.find((one) => one.kernelName === kernelName);
      return same && device ? { host, device } : undefined;
    });
    const here = seen.filter((one) => one !== undefined);
    const [own] = here;
    if (!own) return [];
    const missing = hosts.filter((host) => !here.some((one) => one.host === host));
    const single = here
      .map(({ host }) => host)
      .filter((host) => !host.drbd.some((one) => one.resource === resource && one.dual));
    const unusable =
      missing.length > 0
        ? `${namesOf(missing)} does not have ${resource} as ${kernelName}`
        : single.length > 0
          ? `${resource} is not connected and Primary on both sides, as ${namesOf(single)} sees it`
          : undefined;
    return [deviceOf(`/dev/${kernelName}`, `DRBD ${resource}`, here, neverTouch, unusable)];
  });
}

function sharedDisks(
  hosts: readonly NodeHost[],
  first: NodeHost,
  neverTouch: readonly string[],
): readonly SharedDevice[] {
  const offers = diskOffers(new Map(hosts.map((host) => [host.name, host.devices])), neverTouch);
  return (offers.get(first.name) ?? []).flatMap(({ device, path, elsewhere }): SharedDevice[] => {
    const id = path?.slice('/dev/disk/by-id/'.length);
    const others = hosts.slice(1).map((host): Seen | undefined => {
      const same = elsewhere.find(
        (one) => one.host === host.name && id !== undefined && one.device.ids.includes(id),
      );
      return same && { host, device: same.device };
    });
    const seen = others.filter((one) => one !== undefined);
    if (path === undefined || seen.length < hosts.length - 1) return [];
    const what = device.model.trim() || device.type;
    return [deviceOf(path, what, [{ host: first, device }, ...seen], neverTouch)];
  });
}

function deviceOf(
  path: string,
  what: string,
  seen: readonly Seen[],
  neverTouch: readonly string[],
  unusable?: string,
): SharedDevice {
  const [first] = seen;
  const sizes = new Set(seen.map(({ device }) => device.sizeBytes));
  const reserved = seen
    .map(({ host, device }) => reservedBy(host.tree, device, neverTouch))
    .find((id) => id !== undefined);
  const bad =
    (reserved === undefined ? undefined : `it is on the never-touch list (${reserved})`) ??
    unusable ??
    (sizes.size > 1 ? 'its size differs between the hosts' : undefined);
  const because =
    bad ??
    seen
      .map(({ host, device }) => {
        const closed = closedBecause(host.tree, device);
        return closed === undefined ? undefined : `${host.name}: ${closed}`;
      })
      .find((one) => one !== undefined);
  const ocfs2 = seen.find(({ device }) => device.signatures.includes('ocfs2'))?.device;
  const holds = seen.flatMap(({ host, device }) => heldBy(host.tree, device));
  return {
    path,
    what,
    sizeBytes: first?.device.sizeBytes ?? 0,
    holds: [...new Set(holds)],
    ...(because !== undefined && { because }),
    ...(bad !== undefined && { unusable: bad }),
    ...(ocfs2 && { existing: { uuid: ocfs2.uuid, label: ocfs2.label } }),
  };
}

function namesOf(hosts: readonly NodeHost[]): string {
  return listed(hosts.map(({ name }): HostName => name));
}
