import type { Evidence, Finding } from '../../../core/finding.js';
import { mountNode, type NodeId } from '../../../core/graph.js';
import { listed } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import { memberNode, volumeNode } from '../nodes.js';
import { apart, clusterMates, evictedFrom, type Mounted, type View, type Volume } from '../view.js';
import { finding, logged, said } from './make.js';

/** A heartbeat is written every 2 s; the kernel's own default of iterations until a node is dead. */
const BEAT_SECONDS = 2;
const THRESHOLD = 31;

/** What is wrong with the file systems and their mounts. */
export function volumeFindings(view: View): readonly Finding[] {
  return view.volumes.flatMap((volume) => [
    ...parted(volume),
    ...evicted(volume),
    ...volume.mounts
      .filter(({ node }) => !node.stale)
      .flatMap((mounted) => [
        ...heartbeat(volume, mounted),
        ...readOnly(volume, mounted),
        ...onePrimary(view, volume, mounted),
      ]),
    ...oneSided(view, volume),
    ...leftBehind(view, volume),
  ]);
}

function base(volume: Volume, mounts: readonly Mounted[]): Pick<Finding, 'hosts' | 'about'> {
  return {
    hosts: mounts.map(({ node }) => node.host),
    about: [volumeNode(volume.uuid), ...mounts.map(nodeOfMount)],
  };
}

function nodeOfMount({ node, entry }: Mounted): NodeId {
  return mountNode(node.host, entry.point);
}

function beatLines(volume: Volume, mounts: readonly Mounted[]): readonly Evidence[] {
  const keys = ['alive', 'elapsed', 'region'];
  return said(
    mounts.map(({ node }) => node),
    (line) => line.includes(volume.uuid) && keys.some((key) => line.startsWith(`${key} `)),
  );
}

/** Both write, and neither knows of the other: the locks protect nothing any more. */
function parted(volume: Volume): readonly Finding[] {
  return apart(volume).map((pair) => {
    const [one, other] = pair;
    const names = `${one.node.host} and ${other.node.host}`;
    return finding({
      ...base(volume, pair),
      code: 'OCFS2_APART',
      severity: 'alert',
      title: 'OCFS2 nodes do not see each other',
      subject: `${volume.name} ${names}`,
      says: `${names} both have ${volume.name} mounted, and do not see each other's heartbeat.`,
      means:
        'Each believes the other dead and writes alone. On one shared disk that destroys the file system; on DRBD it makes two histories, a split brain.',
      todo: 'Stop what writes on one of them and unmount it there now. Then mend the link beneath it, and DRBD if it split.',
      evidence: [
        ...beatLines(volume, pair),
        ...logged(
          pair.map(({ node }) => node),
          (line) => line.includes('evicted') || line.includes('No longer connected'),
        ),
      ],
      remedies: ['ocfs2.stuck'],
      ownCause: true,
    });
  });
}

function evicted(volume: Volume): readonly Finding[] {
  // Where both live on apart, that is told, and not each side's half of it.
  if (apart(volume).length > 0) return [];
  return volume.mounts.flatMap((mounted) => {
    const { node } = mounted;
    const out = evictedFrom(node.log?.value ?? [], volume.uuid);
    const gone = out.filter(({ node: number }) => !mounted.beat?.alive.includes(number ?? -1));
    if (gone.length === 0 || node.stale) return [];
    const names = gone.map(({ node: number }) => nameOf(mounted, number));
    return [
      finding({
        ...base(volume, [mounted]),
        code: 'OCFS2_EVICTED',
        severity: 'alert',
        title: 'OCFS2 node evicted',
        subject: `${volume.name} ${node.host}`,
        says: `${node.host} threw ${listed(names)} out of ${volume.name}.`,
        means:
          'That node did not answer for a minute. If it still lives it has the file system mounted without its locks; what it had open hangs, or was fenced with it.',
        todo: 'See whether it lives and has it mounted; look at the link between them before it is mounted there again.',
        evidence: logged([node], (line) => gone.some(({ text }) => text === line)),
        remedies: ['ocfs2.stuck'],
      }),
    ];
  });
}

function nameOf({ node }: Mounted, number: number | null): string {
  const nodes = node.facts.clusters.flatMap((cluster) => cluster.nodes);
  return nodes.find((one) => one.number === number)?.name ?? `node ${number ?? '?'}`;
}

function heartbeat(volume: Volume, mounted: Mounted): readonly Finding[] {
  const { node, beat, region } = mounted;
  const threshold = node.facts.clusters[0]?.deadThreshold ?? THRESHOLD;
  const limit = (threshold - 1) * BEAT_SECONDS;
  const silent = (beat?.elapsed ?? 0) / 1000;
  const about = { ...base(volume, [mounted]), subject: `${volume.name} ${node.host}` };
  if (region === false) {
    return [
      finding({
        ...about,
        code: 'OCFS2_HEARTBEAT_DEAD',
        severity: 'alert',
        title: 'OCFS2 heartbeat dead',
        says: `${node.host} has ${volume.name} mounted without a heartbeat region.`,
        means: 'The other nodes take it for dead and recover its journal while it still writes.',
        todo: 'Stop what uses it there and unmount it; a forced unmount by a restart is the safe way if it hangs.',
        evidence: beatLines(volume, [mounted]),
        remedies: ['ocfs2.stuck'],
      }),
    ];
  }
  // A slow disk misses a few; half of what is allowed is no slow disk any more.
  if (silent < limit / 2) return [];
  const dead = silent >= limit;
  return [
    finding({
      ...about,
      code: dead ? 'OCFS2_HEARTBEAT_DEAD' : 'OCFS2_HEARTBEAT_LATE',
      severity: dead ? 'alert' : 'warning',
      title: dead ? 'OCFS2 heartbeat dead' : 'OCFS2 heartbeat late',
      says: `${node.host} wrote its heartbeat on ${volume.name} ${duration(silent)} ago.`,
      means: `After ${duration(limit)} the other nodes take it for dead, and it restarts itself.`,
      todo: 'Look at the disk beneath: a path, DRBD with I/O held back, a resync that takes all of it.',
      evidence: beatLines(volume, [mounted]),
      remedies: ['ocfs2.stuck'],
    }),
  ];
}

function readOnly(volume: Volume, mounted: Mounted): readonly Finding[] {
  const { entry, node } = mounted;
  const turned = entry.superOptions.includes('ro') && entry.options.includes('rw');
  if (!turned) return [];
  return [
    finding({
      ...base(volume, [mounted]),
      code: 'OCFS2_READ_ONLY',
      severity: 'alert',
      title: 'OCFS2 turned read-only',
      subject: `${volume.name} ${node.host}`,
      says: `${volume.name} was turned read-only on ${node.host} after an error.`,
      means: 'Nothing can be written there. The kernel found what should not be on the disk.',
      todo: 'Unmount it on every node, then `fsck.ocfs2 -f`; never while any node has it mounted.',
      evidence: [
        ...said([node], (line) => line.startsWith('mount ') && line.includes(entry.point)),
        ...logged([node], (line) => line.includes('read-only')),
      ],
      remedies: ['ocfs2.stuck'],
    }),
  ];
}

/** Only DRBD before 9 tells it here; its own pane knows more. */
function onePrimary(view: View, volume: Volume, mounted: Mounted): readonly Finding[] {
  const { node, entry } = mounted;
  const [major, minor] = entry.number.split(':').map(Number);
  const roles = major === 147 && minor !== undefined ? node.facts.drbd.get(minor) : undefined;
  const others = clusterMates(view, node);
  if (roles === undefined || others.length === 0 || /^Primary\/(?:Primary|Unknown)$/.test(roles)) {
    return [];
  }
  return [
    finding({
      ...base(volume, [mounted]),
      code: 'OCFS2_DRBD_NOT_DUAL',
      severity: 'warning',
      title: 'OCFS2 on a DRBD that is Primary once',
      subject: `${volume.name} ${node.host}`,
      says: `${entry.source} beneath ${volume.name} is ${roles} as ${node.host} sees it.`,
      means: `${listed(others.map(({ host }) => host))} cannot mount it: a Secondary is read-only.`,
      todo: 'Make the other side Primary (`drbdadm primary`), once it is connected and up to date.',
      evidence: said([node], (line) => line.startsWith(`drbd ${minor ?? ''} `)),
    }),
  ];
}

/** A file system of a cluster that one node alone uses: the others have the device, and not the mount. */
function oneSided(view: View, volume: Volume): readonly Finding[] {
  const [mounted] = volume.mounts;
  if (!mounted || mounted.node.stale) return [];
  const has = (host: string) => volume.mounts.some(({ node }) => node.host === host);
  const lacking = clusterMates(view, mounted.node).filter(
    ({ host, stale }) => !stale && !has(host) && volume.seen.some((one) => one.host === host),
  );
  if (lacking.length === 0) return [];
  const where = listed(volume.mounts.map(({ node }) => node.host));
  return [
    finding({
      ...base(volume, volume.mounts),
      code: 'OCFS2_MOUNTED_ON_SOME',
      severity: 'warning',
      title: 'OCFS2 not mounted on every node',
      subject: volume.name,
      hosts: lacking.map(({ host }) => host),
      says: `${volume.name} is mounted on ${where}, and not on ${listed(lacking.map(({ host }) => host))}.`,
      means: 'What runs from it cannot run there, and nothing is taken over.',
      todo: `Mount it there: \`mount ${mounted.entry.point}\`. If that fails, look at the cluster and at DRBD first.`,
      evidence: said(
        volume.mounts.map(({ node }) => node),
        (line) => line.startsWith('mount ') && line.includes(` ${mounted.entry.point} `),
      ),
      remedies: ['ocfs2.stuck'],
      about: [volumeNode(volume.uuid), ...lacking.map(({ host }) => memberNode(host))],
    }),
  ];
}

/** Slots of nodes that say themselves that they do not have it mounted. */
function leftBehind(view: View, volume: Volume): readonly Finding[] {
  const stale = (volume.holders ?? []).filter((name) => {
    const node = view.nodes.find(
      ({ facts, stale: old }) => !old && facts.hostname.split('.')[0] === name,
    );
    return node && !volume.mounts.some((mounted) => mounted.node.host === node.host);
  });
  if (stale.length === 0) return [];
  return [
    finding({
      code: 'OCFS2_SLOT_LEFT',
      severity: 'notice',
      title: 'OCFS2 slot left behind',
      subject: volume.name,
      hosts: volume.seen.map(({ host }) => host),
      says: `${volume.name} has a slot for ${listed(stale)}, where it is not mounted.`,
      means:
        'That node died or was fenced with it mounted. Its journal is replayed at the next mount.',
      todo: 'Nothing, if another node has it mounted or mounts it; fsck.ocfs2 only where nobody has it mounted.',
      about: [volumeNode(volume.uuid)],
      heals: true,
    }),
  ];
}
