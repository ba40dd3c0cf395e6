import type { Finding } from '../../../core/finding.js';
import { connectionNode, replicaNode, resourceNode } from '../nodes.js';
import {
  volumeName,
  type Leg,
  type Link,
  type Replica,
  type Resource,
  type View,
  type Volume,
} from '../view.js';
import { mendedHosts } from '../works.js';
import { finding, stateLines } from './make.js';

/** What is wrong with the disks beneath the replicas. */
export function diskFindings(view: View): readonly Finding[] {
  return view.resources.flatMap((resource) => [
    ...resource.replicas
      .filter(({ up }) => up)
      .flatMap((replica) => replica.volumes.flatMap((volume) => localDisk(replica, volume))),
    ...resource.replicas.flatMap((replica) =>
      replica.links.flatMap((link) => peerDisks(resource, replica, link)),
    ),
    ...noCopy(resource),
  ]);
}

interface Words {
  readonly code: string;
  readonly remedies: readonly string[];
  readonly title: string;
  readonly says: string;
  readonly means: string;
  readonly todo: string;
}

function localDisk(replica: Replica, volume: Volume): readonly Finding[] {
  const words = diskWords(replica, volume);
  if (!words) return [];
  return [
    finding({
      ...words,
      severity: 'alert',
      subject: `${volumeName(replica, volume.volume)} ${replica.host}`,
      hosts: [replica.host],
      evidence: stateLines([replica]),
      about: [replicaNode(replica)],
      explains: true,
    }),
  ];
}

function diskWords(replica: Replica, volume: Volume): Words | undefined {
  const name = volumeName(replica, volume.volume);
  const disk = volume.backing ?? 'its disk';
  switch (volume.disk) {
    case 'Failed':
    case 'Detaching':
      return {
        code: 'DRBD_DISK_FAILED',
        remedies: ['drbd.disk-failed'],
        title: 'DRBD disk failed',
        says: `${replica.host} lost the disk beneath ${name} (${disk}, ${volume.disk}).`,
        means: 'It goes on with the peer’s copy alone, if there is one.',
        todo: `Look at the kernel log for ${disk}; replace it, then make its meta-data anew and attach it.`,
      };
    case 'Diskless':
      if (volume.client) return undefined;
      return {
        code: 'DRBD_DISKLESS',
        remedies: ['drbd.disk-failed'],
        title: 'DRBD without its disk',
        says: `${replica.host} runs ${name} without its own disk${volume.backing ? ` (${volume.backing})` : ''}.`,
        means:
          'It reads and writes over the network only, and keeps no copy: it was detached, or DRBD let go of it after an error.',
        todo: `If the disk is sound: \`drbdadm attach ${replica.resource}\` on ${replica.host}; what is missing is copied then.`,
      };
    case 'Inconsistent':
      // A resync under way, paused or stalled has a finding of its own.
      if (legsOf(replica, volume).some(isBeingMended)) return undefined;
      return {
        code: 'DRBD_INCONSISTENT',
        remedies: ['drbd.outdated'],
        title: 'DRBD copy inconsistent',
        says: `The copy of ${name} on ${replica.host} is inconsistent, and no resync mends it.`,
        means:
          'A resync did not end, or the resource was never synchronised: this copy cannot be used.',
        todo: 'Connect it to a side that is UpToDate; if it is new on all sides, make one of them the source.',
      };
    case 'Outdated':
      if (legsOf(replica, volume).some(isBeingMended)) return undefined;
      return {
        code: 'DRBD_OUTDATED',
        remedies: ['drbd.outdated'],
        title: 'DRBD copy outdated',
        says: `The copy of ${name} on ${replica.host} is consistent but older than its peer’s.`,
        means: 'The peer went on without it. DRBD will not let it become Primary.',
        todo: 'Connect the two: what is missing is copied, and the copy is good again.',
      };
    default:
      return undefined;
  }
}

function legsOf(replica: Replica, volume: Volume): readonly Leg[] {
  return replica.links.flatMap(({ volumes }) =>
    volumes.filter((leg) => leg.volume === volume.volume),
  );
}

function isBeingMended({ activity }: Leg): boolean {
  return activity === 'starting' || activity === 'syncing' || activity === 'paused';
}

/** A bad disk of a peer that we do not watch: its own host would say it better. */
function peerDisks(resource: Resource, replica: Replica, link: Link): readonly Finding[] {
  const watched = resource.replicas.some(({ host, up, stale }) => {
    return host === link.peerHost && up && !stale;
  });
  // Without a connection the peer's disk is not known; the lost connection is told already.
  if (watched || link.state !== 'in touch') return [];
  return link.volumes.flatMap((leg) => {
    const bad =
      ['Failed', 'Outdated', 'Inconsistent'].includes(leg.peerDisk) ||
      (leg.peerDisk === 'Diskless' && !leg.peerClient);
    if (!bad || isBeingMended(leg) || mendedHosts(resource).has(link.peer)) return [];
    const name = volumeName(resource, leg.volume);
    return [
      finding({
        code: 'DRBD_PEER_DISK',
        severity: 'warning',
        title: 'DRBD peer’s disk',
        subject: `${name} ${link.peer}`,
        hosts: [replica.host],
        says: `${replica.host} sees the disk of ${name} on ${link.peer} as ${leg.peerDisk}.`,
        means: `There is no second good copy of ${name} there.`,
        todo: `Look at ${link.peer}, which is not watched here: its disk, and its kernel log.`,
        evidence: stateLines([replica]),
        about: [connectionNode(resource.name, link)],
      }),
    ];
  });
}

/** Whether anybody has a copy that is known to be whole. */
function noCopy(resource: Resource): readonly Finding[] {
  const seen = resource.replicas.filter(({ up, stale }) => up && !stale);
  const volumes = [...new Set(seen.flatMap((r) => r.volumes.map(({ volume }) => volume)))];
  return volumes.flatMap((volume) => {
    const disks = seen.flatMap((replica) => [
      ...replica.volumes.filter((known) => known.volume === volume).map(({ disk }) => disk),
      ...replica.links.flatMap(({ volumes: legs }) =>
        legs.filter((leg) => leg.volume === volume).map(({ peerDisk }) => peerDisk),
      ),
    ]);
    if (disks.includes('UpToDate') || disks.length === 0) return [];
    const name = volumeName(resource, volume);
    return [
      finding({
        code: 'DRBD_NO_UPTODATE_COPY',
        remedies: ['drbd.outdated'],
        severity: 'alert',
        title: 'DRBD has no good copy',
        subject: name,
        hosts: seen.map(({ host }) => host),
        says: `No side that can be seen has an UpToDate copy of ${name} (${[...new Set(disks)].join(', ')}).`,
        means: 'Nothing can be read from it safely, and DRBD lets no side become Primary.',
        todo: 'Find the side that has the newest data and bring it back. Force a side to be Primary only when that one is gone for good.',
        evidence: stateLines(seen),
        about: [resourceNode(resource)],
        explains: true,
      }),
    ];
  });
}
