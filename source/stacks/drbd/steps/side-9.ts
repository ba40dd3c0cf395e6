import { isQueued } from '../queued.js';
import type { StatusPeer, StatusResource, StatusVolume } from '../read/status-json.js';
import { activityOf, isInTouch, linkClass, pausersSaid, type LinkClass } from '../states.js';
import type { SideNow, VolumeNow } from './side-now.js';

/** How bad a connection is, the worst first. */
const WORST_FIRST: readonly LinkClass[] = [
  ...(['standalone', 'unknown', 'unconfigured', 'broken', 'waiting', 'in touch'] as const),
];

/**
 * A resource of DRBD 9 towards one of its peers, or towards all together where none is named: then what is
 * worst counts. Undefined: there is no such peer.
 */
export function sideOf9(found: StatusResource, named: string | undefined): SideNow | undefined {
  const peers = found.peers.filter(({ name }) => named === undefined || name === named);
  const [worst] = peers.toSorted((a, b) => rank(a) - rank(b));
  if (!worst) return undefined;
  const { connection } = worst;
  return {
    role: found.role,
    connection,
    link: linkClass(connection),
    touches: peers.some((peer) => isInTouch(peer.connection)),
    volumes: found.volumes.map((volume) => volumeOf(found, volume, peers)),
  };
}

function rank({ connection }: StatusPeer): number {
  return WORST_FIRST.indexOf(linkClass(connection));
}

/** The peer that is not at rest tells most; one that keeps no copy by intention tells nothing of copies. */
function volumeOf(
  found: StatusResource,
  { volume, minor, disk }: StatusVolume,
  peers: readonly StatusPeer[],
): VolumeNow {
  const all = peers.flatMap((peer) =>
    peer.volumes
      .filter((leg) => leg.volume === volume)
      .map((leg) => ({ leg, waits: isQueued(found, peer, leg) })),
  );
  const legs = all.map(({ leg }) => leg);
  const copies = legs.filter(({ client }) => !client);
  const moving = all.filter(({ leg: { client, replication } }) => {
    return !client && replication !== 'Established';
  });
  const first = moving.find(({ waits }) => !waits) ?? moving[0];
  const leg = first?.leg ?? copies[0];
  const bad = copies.find((one) => one.disk !== 'UpToDate') ?? copies[0];
  return {
    minor,
    disk,
    peerDisk: bad?.disk ?? 'DUnknown',
    activity: first?.waits
      ? 'queued'
      : activityOf(leg?.replication ?? legs[0]?.replication ?? 'Off'),
    percent: leg?.percentDone ?? leg?.percentInSync ?? null,
    kibPerSecond: leg?.kibPerSecond ?? null,
    secondsLeft: leg?.secondsLeft ?? null,
    outOfSyncKiB: leg?.outOfSyncKiB ?? null,
    pausedBy: pausersSaid(leg?.resyncSuspended ?? 'no'),
  };
}
