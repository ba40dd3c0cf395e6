import type { Now } from '../../core/probe.js';
import { confOf, deviceOf, hostOf, nameOf, peerHostOf, type Name, type Owners } from './names.js';
import type { ConfResource } from './read/configuration.js';
import { isQueued } from './queued.js';
import { isConfigured, type ConfiguredDevice } from './read/proc.js';
import type { StatusPeer, StatusPeerVolume, StatusResource } from './read/status-json.js';
import { activityOf, isInTouch, linkClass, pausersOf, pausersSaid } from './states.js';
import type { HostView, Leg, Link, Progress, Replica, Volume } from './view.js';

/** The resources of a host: those that the kernel has, and those that it should have. */
export function replicasOf(now: Now, on: HostView, owners: Owners): readonly Replica[] {
  const { proc, status } = on.devices.value;
  const up = status
    ? status.resources.map((resource) => fromStatus(now, on, resource))
    : fromProc(now, on, owners, (proc?.devices ?? []).filter(isConfigured));
  const names = new Set(up.map(({ resource }) => resource));
  const down = (on.configured ?? []).filter(({ name }) => !names.has(name));
  return [...up, ...down.map((resource) => notUp(now, on, resource))];
}

// --- DRBD 9 ---

function fromStatus(now: Now, on: HostView, resource: StatusResource): Replica {
  const volumes = resource.volumes.map((volume): Volume => ({
    ...volume,
    ...deviceOf(on, resource.name, volume.volume, volume.minor),
  }));
  const links = resource.peers.map((peer) => linkOfPeer(now, on, resource, peer));
  return {
    on,
    host: on.host,
    resource: resource.name,
    named: true,
    peerHosts: links.flatMap(({ peerHost }) => peerHost ?? []),
    up: true,
    stale: on.devices.kind === 'stale',
    role: resource.role,
    suspended: resource.suspended,
    suspendedBy: resource.suspendedBy,
    volumes,
    links,
  };
}

function linkOfPeer(now: Now, on: HostView, resource: StatusResource, peer: StatusPeer): Link {
  const named = confOf(on, resource.name)?.others.find(({ name }) => name === peer.name);
  const peerHost = hostOf(now, { name: peer.name, address: named?.address ?? null });
  return {
    host: on.host,
    peer: peerHost ?? peer.name,
    named: resource.peers.length > 1 ? peer.name : null,
    peerHost,
    connection: peer.connection,
    state: linkClass(peer.connection),
    peerRole: peer.role,
    protocol: null,
    congested: peer.congested,
    volumes: peer.volumes.map((volume) => legOfPeer(on, resource, peer, volume)),
  };
}

function legOfPeer(
  on: HostView,
  resource: StatusResource,
  peer: StatusPeer,
  leg: StatusPeerVolume,
): Leg {
  const local = resource.volumes.find(({ volume }) => volume === leg.volume);
  const runs = leg.percentDone !== null || leg.secondsLeft !== null || leg.stalled;
  const activity = isQueued(resource, peer, leg) ? 'queued' : activityOf(leg.replication);
  const progress: Progress = {
    percent: leg.percentDone ?? leg.percentInSync,
    secondsLeft: leg.secondsLeft,
    kibPerSecond: leg.kibPerSecond,
    stalled: leg.stalled,
  };
  return {
    volume: leg.volume,
    minor: local?.minor ?? null,
    localDisk: local?.disk ?? 'DUnknown',
    word: leg.replication,
    activity,
    peerDisk: leg.disk,
    peerClient: leg.client,
    outOfSyncKiB: leg.outOfSyncKiB,
    pausedBy: pausersSaid(leg.resyncSuspended),
    progress: runs || isMoving(activity) ? progress : undefined,
    generations: on.identifiers?.value.find(
      ({ of }) =>
        of?.resource === resource.name && of.peer === peer.name && of.volume === leg.volume,
    )?.generations,
  };
}

function isMoving(activity: Leg['activity']): boolean {
  return activity === 'syncing' || activity === 'verifying' || activity === 'paused';
}

// --- DRBD 8 ---

interface NamedDevice extends Name {
  readonly device: ConfiguredDevice;
}

function fromProc(
  now: Now,
  on: HostView,
  owners: Owners,
  devices: readonly ConfiguredDevice[],
): readonly Replica[] {
  const byName = new Map<string, NamedDevice[]>();
  for (const device of devices) {
    const named = { ...nameOf(on, device.minor), device };
    const list = byName.get(named.name);
    if (list) list.push(named);
    else byName.set(named.name, [named]);
  }
  return [...byName].map(([name, list]): Replica => {
    const link = linkOfProc(now, on, owners, name, list);
    return {
      on,
      host: on.host,
      resource: name,
      named: list.every(({ named }) => named),
      peerHosts: link.peerHost === undefined ? [] : [link.peerHost],
      up: true,
      stale: on.devices.kind === 'stale',
      role: list[0]?.device.localRole ?? 'Unknown',
      suspended: list.some(({ device }) => device.flags.startsWith('s')),
      suspendedBy: [],
      volumes: list.map(({ volume, device }) => ({
        volume,
        minor: device.minor,
        disk: device.localDisk,
        client: false,
        quorum: null,
        ...deviceOf(on, name, volume, device.minor),
      })),
      links: [link],
    };
  });
}

function linkOfProc(
  now: Now,
  on: HostView,
  owners: Owners,
  name: string,
  list: readonly NamedDevice[],
): Link {
  const peerHost = peerHostOf(now, on, owners, name);
  const other = confOf(on, name)?.others[0];
  // The volumes of a resource share the connection; the one that is worst off says most.
  const telling =
    list.find(({ device }) => !isInTouch(device.connection)) ??
    list.find(({ device }) => device.connection !== 'Connected') ??
    list[0];
  const connection = telling?.device.connection ?? 'Unknown';
  return {
    host: on.host,
    peer: peerHost ?? other?.name ?? other?.address ?? 'peer',
    named: null,
    peerHost,
    connection,
    state: linkClass(connection),
    peerRole: telling?.device.peerRole ?? 'Unknown',
    protocol: telling?.device.protocol ?? null,
    congested: list.some(({ device }) => /^.{4}[^-]/.test(device.flags)),
    volumes: list.map(({ volume, device }) => legOfProc(on, volume, device)),
  };
}

function legOfProc(on: HostView, volume: number, device: ConfiguredDevice): Leg {
  const { sync, minor } = device;
  return {
    volume,
    minor,
    localDisk: device.localDisk,
    word: device.connection,
    activity: isInTouch(device.connection) ? activityOf(device.connection) : 'off',
    peerDisk: device.peerDisk,
    peerClient: false,
    outOfSyncKiB: device.outOfSyncKiB,
    pausedBy: pausersOf(device.flags),
    progress: sync && {
      percent: sync.percent,
      secondsLeft: sync.secondsLeft,
      kibPerSecond: sync.kibPerSecond,
      stalled: sync.stalled,
    },
    generations: on.identifiers?.value.find((known) => known.minor === minor)?.generations,
  };
}

// --- configured, and not there ---

function notUp(now: Now, on: HostView, resource: ConfResource): Replica {
  return {
    on,
    host: on.host,
    resource: resource.name,
    named: true,
    peerHosts: resource.others.flatMap((other) => hostOf(now, other) ?? []),
    up: false,
    stale: on.devices.kind === 'stale',
    role: 'Unknown',
    suspended: false,
    suspendedBy: [],
    volumes: (resource.self?.volumes ?? []).map(({ volume, minor, disk }) => ({
      volume,
      minor,
      disk: 'Unconfigured',
      client: false,
      quorum: null,
      backing: disk,
      mounts: [],
    })),
    links: [],
  };
}
