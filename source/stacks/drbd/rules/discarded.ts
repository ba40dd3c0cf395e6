import type { Finding } from '../../../core/finding.js';
import type { Millis } from '../../../core/host.js';
import { replicaNode } from '../nodes.js';
import type { Solved } from '../read/solved.js';
import { solvedWords } from '../split-brain/solved.js';
import type { Replica, Resource, View } from '../view.js';
import { finding } from './make.js';

/** For so long it is told: somebody may miss what was discarded, and the log may know it for months. */
const TOLD = 3 * 24 * 3600 * 1000;

/** What DRBD's own rules discarded: nobody was asked, and nothing else shows it. */
export function discardedFindings({ now, resources }: View): readonly Finding[] {
  return resources.flatMap((resource) => {
    const events = resource.replicas.flatMap((replica) =>
      replica.volumes.flatMap(({ minor }) => solvedOn(replica, minor)),
    );
    const fresh = events.filter(({ at }) => at === undefined || now.at - at < TOLD);
    // Both hosts tell the same of each volume.
    const [first] = fresh.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
    return first ? [discarded(resource, first)] : [];
  });
}

interface Event {
  readonly replica: Replica;
  readonly solved: Solved;
  readonly at: Millis | undefined;
}

function solvedOn(replica: Replica, minor: number | null): readonly Event[] {
  const { solved } = replica.on;
  return (solved?.value.solved ?? []).flatMap((one): readonly Event[] => {
    if (one.minor !== minor || one.by !== 'policy') return [];
    const uptime = solved?.value.uptime ?? null;
    const since = one.at;
    const at =
      solved && uptime !== null && since !== null ? solved.at - (uptime - since) * 1000 : undefined;
    return [{ replica, solved: one, at }];
  });
}

function discarded(resource: Resource, { replica, solved, at }: Event): Finding {
  const peer = resource.replicas.find(({ host }) => host !== replica.host)?.host ?? 'its peer';
  return finding({
    code: 'DRBD_CHANGES_DISCARDED',
    severity: 'warning',
    title: 'DRBD discarded changes',
    subject: resource.label,
    hosts: resource.replicas.map(({ host }) => host),
    about: resource.replicas.map(replicaNode),
    says: solvedWords(solved, replica.host, peer, at),
    means:
      'Nobody was asked: the `after-sb` rules of the configuration chose. What was discarded is on no DRBD disk any more.',
    todo: 'Find out whether it is missed: a backup or a snapshot of that time may have it. `after-sb-0pri`, `after-sb-1pri` and `after-sb-2pri` set to `disconnect` leave the choice to a person the next time.',
    remedies: ['drbd.split-brain'],
  });
}
