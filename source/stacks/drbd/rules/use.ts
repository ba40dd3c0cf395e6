import type { Finding } from '../../../core/finding.js';
import { listed } from '../../../core/text.js';
import { replicaNode, resourceNode } from '../nodes.js';
import { CLUSTER_FILE_SYSTEMS } from '../states.js';
import { volumeName, type Replica, type Resource, type View } from '../view.js';
import { finding, stateLines } from './make.js';

/** What is wrong for those who use the resources. */
export function useFindings(view: View): readonly Finding[] {
  return view.resources.flatMap((resource) => [
    ...dualPrimary(resource),
    ...resource.replicas
      .filter(({ stale }) => !stale)
      .flatMap((replica) => [...suspended(resource, replica), ...quorumLost(replica)]),
  ]);
}

/** Known only where a file system is mounted straight from the device; others are not guessed at. */
function dualPrimary(resource: Resource): readonly Finding[] {
  const primaries = resource.replicas.filter(({ role, stale }) => role === 'Primary' && !stale);
  const seenTwice = resource.replicas.some(
    ({ role, stale, links }) =>
      role === 'Primary' && !stale && links.some(({ peerRole }) => peerRole === 'Primary'),
  );
  // Two that have parted each have a copy of their own: that is a split brain, and told as such.
  const together = primaries.some(({ links }) =>
    links.some(({ state, peerHost }) => {
      return state === 'in touch' && primaries.some(({ host }) => host === peerHost);
    }),
  );
  if (!together && !seenTwice) return [];
  const mounts = primaries.flatMap((replica) =>
    replica.volumes.flatMap((volume) =>
      volume.mounts
        .filter(({ type }) => !CLUSTER_FILE_SYSTEMS.has(type))
        .map((mount) => ({ replica, mount })),
    ),
  );
  const [first] = mounts;
  if (!first) return [];
  const { mount, replica } = first;
  return [
    finding({
      code: 'DRBD_DUAL_PRIMARY_WITHOUT_CLUSTER_FS',
      severity: 'alert',
      title: 'DRBD Primary twice under a local file system',
      subject: resource.label,
      hosts: primaries.map(({ host }) => host),
      says: `${resource.name} is Primary on both sides, and ${replica.host} has it mounted on ${mount.at} as ${mount.type}.`,
      means: `${mount.type} knows nothing of a second writer: as soon as the other side mounts or writes it, the file system is destroyed on both.`,
      todo: 'Make the side that does not use it Secondary, and take allow-two-primaries out of the configuration unless a cluster file system or live migration needs it.',
      evidence: stateLines(primaries),
      about: primaries.map(replicaNode),
      ownCause: true,
    }),
  ];
}

/**
 * Monitors wait for a minute before they alarm. A look every two seconds seldom meets the moments
 * in which DRBD holds I/O on purpose, and whoever waits for the disk wants to know at once.
 */
function suspended(resource: Resource, replica: Replica): readonly Finding[] {
  if (!replica.suspended) return [];
  const reasons = replica.suspendedBy.map((by) => HELD_BY[by] ?? by);
  const because = reasons.length > 0 ? `: ${listed(reasons)}` : '';
  return [
    finding({
      code: 'DRBD_IO_SUSPENDED',
      severity: 'alert',
      title: 'DRBD holds I/O back',
      subject: `${replica.resource} ${replica.host}`,
      hosts: [replica.host],
      says: `I/O on ${replica.resource} is suspended on ${replica.host}${because}.`,
      means:
        reasons.length > 0
          ? 'Everything that reads or writes it hangs until it is resumed.'
          : 'Everything that reads or writes it hangs until it is resumed: no good copy, a fencing handler that has not answered, lost quorum, or somebody suspended it.',
      todo: isByQuorumAlone(replica)
        ? 'Bring back the peers or the links to them; I/O goes on by itself then. Whoever must not wait can be told to fail: `drbdadm secondary --force`.'
        : `Mend the connection or the fencing; if nothing else holds it, \`drbdadm resume-io ${replica.resource}\` on ${replica.host}.`,
      evidence: stateLines([replica]),
      about: [resourceNode(resource), replicaNode(replica)],
      explains: true,
    }),
  ];
}

/** DRBD 9's words for what holds I/O back (drbdsetup(8), `suspended`). */
const HELD_BY: Readonly<Record<string, string>> = {
  user: 'somebody suspended it',
  'no-data': 'no good copy is in reach',
  fencing: 'a fencing handler has not answered',
  quorum: 'it has no quorum',
};

function isByQuorumAlone({ suspendedBy }: Replica): boolean {
  return suspendedBy.length > 0 && suspendedBy.every((by) => by === 'quorum');
}

/** The hosts that a side without quorum does not reach, and that could give it back. */
function outOfReach({ links }: Replica): readonly string[] {
  return links.filter(({ state }) => state !== 'in touch').map(({ peer }) => peer);
}

function quorumLost(replica: Replica): readonly Finding[] {
  const without = replica.volumes.filter(({ quorum }) => quorum === false);
  if (without.length === 0) return [];
  const names = without.map(({ volume }) => volumeName(replica, volume));
  return [
    finding({
      code: 'DRBD_QUORUM_LOST',
      severity: 'alert',
      title: 'DRBD quorum lost',
      subject: `${replica.resource} ${replica.host}`,
      hosts: [replica.host],
      says: `${replica.host} has no quorum for ${listed(names)}: it does not reach ${listed(outOfReach(replica))}.`,
      means:
        'Those that it does not reach may go on without it; its I/O is held back or refused, so that no second history begins.',
      todo: 'Bring back the peers or the links to them.',
      evidence: stateLines([replica]),
      about: [replicaNode(replica)],
      explains: true,
    }),
  ];
}
