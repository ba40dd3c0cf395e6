import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Now } from '../../core/probe.js';
import type { ConfHost, ConfResource } from './read/configuration.js';
import type { DrbdMount } from './read/mounts.js';
import { isConfigured } from './read/proc.js';
import type { HostView } from './view.js';

/** A device's name; not `named`: made from its minor. */
export interface Name {
  readonly name: string;
  readonly volume: number;
  readonly named: boolean;
}

/** A device's name: from the kernel, else from udev's links, else from the files; a broken file must not matter. */
export function nameOf(on: HostView, minor: number): Name {
  const inConf = (resources: readonly ConfResource[] | null | undefined) => {
    for (const { name, self } of resources ?? []) {
      const found = self?.volumes.find((volume) => volume.minor === minor);
      if (found) return { name, volume: found.volume, named: true };
    }
    return undefined;
  };
  const link = on.names?.value.links.find((known) => known.minor === minor);
  return (
    inConf(on.names?.value.shown) ??
    (link && { name: link.resource, volume: link.volume, named: true }) ??
    inConf(on.configured) ?? { name: `drbd${minor}`, volume: 0, named: false }
  );
}

/** Our host that is the peer of a resource before DRBD 9, which has one peer. */
export function peerHostOf(
  now: Now,
  on: HostView,
  owners: Owners,
  name: string,
): HostName | undefined {
  const others = [...(confOf(on, name)?.others ?? []), ...(shownOf(on, name)?.others ?? [])];
  for (const other of others) {
    const found = hostOf(now, other);
    if (found !== undefined && found !== on.host) return found;
  }
  // A StandAlone resource of 8.4 shows no addresses: whoever else has a resource of that name.
  const alike = (owners.get(name) ?? []).filter((host) => host !== on.host);
  return alike.length === 1 ? alike[0] : undefined;
}

/** The hosts that have a resource of a name up. */
export type Owners = ReadonlyMap<string, readonly HostName[]>;

/** Who has which resource, by name; DRBD 9 knows its peers by itself and is not needed here. */
export function ownersOf(hosts: readonly HostView[]): Owners {
  const owners = new Map<string, HostName[]>();
  for (const on of hosts) {
    const devices = (on.devices.value.proc?.devices ?? []).filter(isConfigured);
    for (const name of new Set(devices.map(({ minor }) => nameOf(on, minor).name))) {
      const list = owners.get(name);
      if (list) list.push(on.host);
      else owners.set(name, [on.host]);
    }
  }
  return owners;
}

/** A resource as the files have it. */
export function confOf(on: HostView, name: string): ConfResource | undefined {
  return on.configured?.find((resource) => resource.name === name);
}

function shownOf(on: HostView, name: string): ConfResource | undefined {
  return on.names?.value.shown?.find((resource) => resource.name === name);
}

const looked = new WeakMap<Now, Map<string, HostName | undefined>>();

/** Our host behind a configured one; looked up once for each that is named. */
export function hostOf(
  now: Now,
  { name, address }: Pick<ConfHost, 'name' | 'address'>,
): HostName | undefined {
  const known = looked.get(now) ?? new Map<string, HostName | undefined>();
  looked.set(now, known);
  const key = JSON.stringify([name, address]);
  if (known.has(key)) return known.get(key);
  const found = (name === null ? undefined : hostByAddress(now, name)) ?? hostAt(now, address);
  known.set(key, found);
  return found;
}

/** The host of ours at `192.0.2.1:7788`. */
export function hostAt(now: Now, address: ConfHost['address']): HostName | undefined {
  if (address === null) return undefined;
  return hostByAddress(now, address.replace(/:\d+$/, ''));
}

/** The disk beneath a volume, and what is mounted from it. */
export function deviceOf(
  on: HostView,
  name: string,
  volume: number,
  minor: number | null,
): { readonly backing: string | null; readonly mounts: readonly DrbdMount[] } {
  const said = [shownOf(on, name), confOf(on, name)].flatMap(
    (resource) => resource?.self?.volumes.filter((known) => known.volume === volume) ?? [],
  );
  const paths = new Set([
    `/dev/drbd${minor ?? ''}`,
    `/dev/drbd/by-res/${name}/${volume}`,
    `/dev/drbd/by-res/${name}`,
  ]);
  return {
    backing: said.find(({ disk }) => disk !== null)?.disk ?? null,
    mounts: on.names?.value.mounts.filter(({ device }) => paths.has(device)) ?? [],
  };
}
