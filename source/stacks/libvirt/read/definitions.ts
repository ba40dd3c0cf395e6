import type { DiskSource, Guest, GuestDisk, Network, NetworkAddress, Pool } from './state.js';
import { all, attribute, find, textOf, type Element } from './xml.js';

/** What `virsh pool-info` and `net-info` say beside the definition, by their labels. */
export type Info = ReadonlyMap<string, string>;

/** A pool from its definition; undefined: it is none. */
export function poolFrom(xml: Element | undefined, info: Info): Pool | undefined {
  const name = textOf(find(xml, 'name'));
  if (xml?.name !== 'pool' || name === '') return undefined;
  const source = find(xml, 'source');
  const folder = attribute(find(source, 'dir'), 'path');
  const server = attribute(find(source, 'host'), 'name');
  const devices = all(source, 'device').map((device) => attribute(device, 'path'));
  return {
    name,
    uuid: textOf(find(xml, 'uuid')),
    state: info.get('State') ?? 'not known',
    autostart: info.get('Autostart') === 'yes',
    persistent: info.get('Persistent') !== 'no',
    type: attribute(xml, 'type'),
    target: textOf(find(xml, 'target', 'path')),
    sources: [...devices, server === '' ? folder : `${server}:${folder}`].filter(
      (one) => one !== '',
    ),
    capacity: bytesOf(find(xml, 'capacity')),
    allocation: bytesOf(find(xml, 'allocation')),
    available: bytesOf(find(xml, 'available')),
  };
}

/** libvirt prints bytes here, whatever was put in; another unit would be one of a later version. */
function bytesOf(element: Element | undefined): number {
  const unit = attribute(element, 'unit');
  const value = Number(textOf(element));
  return (unit === '' || unit === 'bytes') && Number.isFinite(value) ? value : 0;
}

/** A network from its definition; undefined: it is none. */
export function networkFrom(xml: Element | undefined, info: Info): Network | undefined {
  const name = textOf(find(xml, 'name'));
  if (xml?.name !== 'network' || name === '') return undefined;
  const forward = find(xml, 'forward');
  return {
    name,
    uuid: textOf(find(xml, 'uuid')),
    active: info.get('Active') === 'yes',
    autostart: info.get('Autostart') === 'yes',
    persistent: info.get('Persistent') !== 'no',
    bridge: attribute(find(xml, 'bridge'), 'name'),
    // A forward without a mode is NAT (formatnetwork); none at all is an isolated network.
    forward: forward ? attribute(forward, 'mode') || 'nat' : 'isolated',
    addresses: all(xml, 'ip').flatMap(addressFrom),
  };
}

function addressFrom(ip: Element): readonly NetworkAddress[] {
  const address = attribute(ip, 'address');
  if (address === '') return [];
  const range = find(ip, 'dhcp', 'range');
  const [from, to] = [attribute(range, 'start'), attribute(range, 'end')];
  return [{ address, prefix: prefixOf(ip), ...(from !== '' && { dhcp: { from, to } }) }];
}

/** The prefix of `netmask` or `prefix`; without either libvirt takes that of the address's old class. */
function prefixOf(ip: Element): number {
  const prefix = Number.parseInt(attribute(ip, 'prefix'), 10);
  if (Number.isInteger(prefix)) return prefix;
  const mask = attribute(ip, 'netmask');
  if (mask !== '') {
    const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
    return bits.join('').replaceAll('0', '').length;
  }
  if (attribute(ip, 'family') === 'ipv6') return 64;
  const first = Number.parseInt(attribute(ip, 'address'), 10);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** What virsh says of a guest beside its definition. */
export interface GuestFacts {
  /** `paused (I/O error)`: `virsh domstate --reason`. */
  readonly state: string;
  readonly diskErrors: readonly string[];
}

/** A guest from its definition; undefined: it is none. Its disks may stand anywhere within. */
export function guestFrom(xml: Element | undefined, facts: GuestFacts): Guest | undefined {
  const name = textOf(find(xml, 'name'));
  if (xml?.name !== 'domain' || name === '') return undefined;
  const [, state = facts.state, reason = ''] = /^(.*?)(?: \((.*)\))?$/.exec(facts.state) ?? [];
  const devices = [xml, ...all(xml, 'devices')];
  return {
    name,
    uuid: textOf(find(xml, 'uuid')),
    state: state === '' ? 'not known' : state,
    reason,
    disks: devices.flatMap((one) => all(one, 'disk')).map(diskFrom),
    diskErrors: facts.diskErrors,
    networks: devices
      .flatMap((one) => all(one, 'interface'))
      .map((one) => attribute(find(one, 'source'), 'network'))
      .filter((one) => one !== ''),
  };
}

function diskFrom(disk: Element): GuestDisk {
  const sources: DiskSource[] = [];
  for (let layer: Element | undefined = disk; layer; layer = find(layer, 'backingStore')) {
    const source = find(layer, 'source');
    if (source) sources.push(sourceFrom(attribute(layer, 'type'), source));
  }
  return {
    target: attribute(find(disk, 'target'), 'dev'),
    device: attribute(disk, 'device') || 'disk',
    sources,
  };
}

function sourceFrom(type: string, source: Element): DiskSource {
  const [file, dev] = [attribute(source, 'file'), attribute(source, 'dev')];
  if (file !== '') return { kind: 'file', path: file };
  if (dev !== '') return { kind: 'block', path: dev };
  const [pool, volume] = [attribute(source, 'pool'), attribute(source, 'volume')];
  if (pool !== '') return { kind: 'volume', pool, volume };
  const words = [attribute(source, 'protocol') || type, attribute(source, 'name')];
  return { kind: 'other', says: words.filter((word) => word !== '').join(' ') };
}
