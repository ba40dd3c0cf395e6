import type { Finding } from '../../../core/finding.js';
import { duration, percent, rate } from '../../../core/units.js';
import { connectionNode, pairNodes, replicaNode } from '../nodes.js';
import { volumeName, type Replica, type Resource, type View } from '../view.js';
import { worksOf, type Work } from '../works.js';
import { finding, stateLines, type Draft } from './make.js';

/** What is said of resyncs and verifies, and of replication that lags. */
export function syncFindings(view: View): readonly Finding[] {
  return view.resources.flatMap((resource) => [
    ...worksOf(resource).flatMap((work) => workFinding(resource, work)),
    ...resource.replicas.filter(({ stale }) => !stale).flatMap((r) => lagging(resource, r)),
    ...differing(resource),
  ]);
}

function workFinding(resource: Resource, work: Work): readonly Finding[] {
  const base = {
    subject: work.subject,
    hosts: work.ends.map(({ link }) => link.host),
    about: pairNodes(resource, { ends: work.ends }),
    evidence: stateLines(work.ends.map(({ replica }) => replica)),
  };
  const way = work.target ? `${work.source} → ${work.target}` : work.source;
  if (work.kind === 'verify') return [verifying(base, work, way)];
  if (work.state === 'paused') return [paused(base, work, way)];
  if (work.stalled) return [stalled(base, work, way)];
  return [
    finding({
      ...base,
      code: 'DRBD_SYNC_RUNNING',
      // Not a notice, as some monitors have it: until it ends there is one good copy alone.
      severity: 'warning',
      title: 'DRBD resync',
      says: `${work.name} is being copied ${way}${progressWords(work)}.`,
      means: `Until it ends ${work.target ?? 'the target'} has no usable copy of its own.`,
      todo: 'Nothing: it ends by itself. Keep the source running.',
      remedies: ['drbd.slow-resync'],
      heals: true,
    }),
  ];
}

type Base = Pick<Draft, 'subject' | 'hosts' | 'about' | 'evidence'>;

function progressWords({ share, kibPerSecond, secondsLeft }: Work): string {
  const words = [
    ...(share === undefined ? [] : [percent(share)]),
    ...(kibPerSecond === undefined ? [] : [rate(kibPerSecond * 1024)]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ];
  return words.length > 0 ? `: ${words.join(', ')}` : '';
}

function verifying(base: Base, work: Work, way: string): Finding {
  return finding({
    ...base,
    code: 'DRBD_VERIFY_RUNNING',
    severity: 'warning',
    title: 'DRBD verify',
    says: `${work.name} is being compared between ${way.replace(' → ', ' and ')}${progressWords(work)}.`,
    means: 'It costs disk and network; data is safe meanwhile.',
    todo: 'Nothing: it ends by itself. What differs is shown as out of sync then.',
    heals: true,
  });
}

/**
 * A paused resync is a warning in some monitors; a local copy that is inconsistent and not being
 * mended is an alert in all. It is both, so it is an alert.
 */
function paused(base: Base, work: Work, way: string): Finding {
  const by = work.pausedBy.length > 0 ? ` by ${work.pausedBy.join(' and ')}` : '';
  return finding({
    ...base,
    code: 'DRBD_SYNC_PAUSED',
    severity: 'alert',
    title: 'DRBD resync paused',
    says: `The resync of ${work.name} ${way} is paused${by}.`,
    means: `${work.target ?? 'The target'} keeps an inconsistent copy until it goes on.`,
    todo: work.pausedBy.includes('dependency')
      ? 'It waits for another resource’s resync (resync-after) and goes on after it.'
      : 'Go on with `drbdadm resume-sync` on the side that paused it.',
    remedies: ['drbd.slow-resync'],
  });
}

function stalled(base: Base, work: Work, way: string): Finding {
  return finding({
    ...base,
    code: 'DRBD_SYNC_STALLED',
    severity: 'alert',
    title: 'DRBD resync makes no progress',
    says: `The resync of ${work.name} ${way} is stalled${progressWords(work)}.`,
    means: `${work.target ?? 'The target'} keeps an inconsistent copy until it goes on.`,
    todo: 'Look at the disks of both sides and at the network between them; the kernel logs name errors.',
    remedies: ['drbd.slow-resync'],
  });
}

function lagging(resource: Resource, replica: Replica): readonly Finding[] {
  return replica.links.flatMap((link) => {
    const base = {
      hosts: [replica.host],
      evidence: stateLines([replica]),
      about: [connectionNode(resource.name, link)],
    };
    const found: Finding[] = link.volumes.flatMap((leg) => {
      const subject = `${volumeName(resource, leg.volume)} ${replica.host}`;
      if (leg.activity === 'behind') {
        return [
          finding({
            ...base,
            code: 'DRBD_BEHIND',
            severity: 'alert',
            title: 'DRBD copy falls behind',
            subject,
            says: `${replica.host} is behind ${link.peer} with ${subject}: the link is too slow for what is written.`,
            means:
              'Its copy is inconsistent until the congestion is over and what is missing was copied.',
            todo: 'Look at the network between the two and at what writes so much.',
            heals: true,
          }),
        ];
      }
      if (leg.activity !== 'ahead') return [];
      return [
        finding({
          ...base,
          code: 'DRBD_AHEAD',
          severity: 'warning',
          title: 'DRBD runs ahead of its peer',
          subject,
          says: `${replica.host} writes without ${link.peer}, which cannot keep up.`,
          means: 'What is written now is in one place only; it is copied after the congestion.',
          todo: 'Look at the network between the two and at what writes so much.',
          heals: true,
        }),
      ];
    });
    // A resync fills the link by intention: congestion then is no news.
    const quiet = link.volumes.every(({ activity }) => activity === 'replicating');
    if (!link.congested || !quiet) return found;
    found.push(
      finding({
        ...base,
        code: 'DRBD_CONGESTED',
        severity: 'warning',
        title: 'DRBD link congested',
        subject: `${resource.name} ${replica.host}`,
        says: `What ${replica.host} sends of ${resource.name} to ${link.peer} waits in full buffers.`,
        means: 'Writes on it wait for the network.',
        todo: 'Look at the network between the two and at what writes so much.',
        heals: true,
      }),
    );
    return found;
  });
}

/** Blocks known to differ while all is connected: only a verify, or a lost write, leaves such. */
function differing(resource: Resource): readonly Finding[] {
  return resource.pairs.flatMap(({ ends }) => {
    const fresh = ends.filter(({ replica }) => !replica.stale);
    const volumes = new Set(fresh.flatMap(({ link }) => link.volumes.map(({ volume }) => volume)));
    return [...volumes].flatMap((volume) => {
      const legs = fresh.flatMap(({ link }) => link.volumes.filter((l) => l.volume === volume));
      const settled = legs.every(
        ({ activity, localDisk, peerDisk }) =>
          activity === 'replicating' && localDisk === 'UpToDate' && peerDisk === 'UpToDate',
      );
      const kib = Math.max(0, ...legs.map(({ outOfSyncKiB }) => outOfSyncKiB ?? 0));
      const [end] = fresh;
      if (!settled || kib === 0 || !end) return [];
      const name = volumeName(resource, volume);
      return [
        finding({
          code: 'DRBD_OUT_OF_SYNC',
          // Both sides claim to be good, and one of them is not: worse than a side that says so.
          severity: 'alert',
          title: 'DRBD copies differ',
          subject: resource.pairs.length > 1 ? `${name} ${end.link.host}–${end.link.peer}` : name,
          hosts: fresh.map(({ link }) => link.host),
          says: `${kib} KiB of ${name} differ between ${end.link.host} and ${end.link.peer}, though both count as UpToDate.`,
          means:
            'A verify found them, or something wrote past DRBD. A switch to the other side would show other data.',
          todo: 'On the side whose copy is to be overwritten: `drbdadm disconnect`, then `drbdadm connect`; the differing blocks are copied from the Primary. Then verify again.',
          evidence: stateLines(fresh.map(({ replica }) => replica)),
          about: fresh.map(({ replica }) => replicaNode(replica)),
          remedies: ['drbd.verify-differences'],
          ownCause: true,
        }),
      ];
    });
  });
}
