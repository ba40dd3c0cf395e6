import type { HostName, Millis, Reader } from '../../../../core/host.js';
import { lookNow } from '../../../../core/look-now.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { devicesProbe, logProbe, nodeProbe } from '../../probes.js';
import { lastCheckCommand, lastCheckOf } from '../../steps/check.js';
import { clusterMates, missedBy, viewOf, type View, type Volume } from '../../view.js';
import { blocksOf } from './blocks.js';
import { judge, type Judged } from './judge.js';
import { check, comeBack, letGo } from './plan.js';
import { lookAtUse, type Use } from './users.js';

/** Leads out of a file system that hangs, is parted or is missing on a node after a fence. */
export function stuck(clock: () => Millis): Recovery {
  return {
    id: 'ocfs2.stuck',
    title: 'Free a stuck OCFS2 file system',
    says: 'Asks all nodes who has it mounted, who hears whom and what hangs, and brings them together in the safe order.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const probes = [nodeProbe, devicesProbe, logProbe];
  const now = await lookNow(hosts, { stack: 'ocfs2', probes, clock });
  const view = viewOf(now);
  const [volume, ...more] = meantBy(view, subject);
  if (!volume) {
    return nearMiss(
      'not found',
      `No host that answers knows an OCFS2 file system called ${subject}.`,
      'It is called by its label, or by where it is mounted.',
    );
  }
  if (more.length > 0) {
    return nearMiss(
      'several file systems',
      `${subject} lacks ${listed([volume, ...more].map(({ name }) => name))}.`,
      'Name one of them: they come back one after the other.',
    );
  }
  const uses = await Promise.all(
    volume.mounts.flatMap(({ node, entry }) => {
      const host = hosts.get(node.host);
      return host ? [lookAtUse(host, entry.point)] : [];
    }),
  );
  const silent = silentNodes(view, volume, hosts);
  const first = volume.seen[0];
  const reader = first && hosts.get(first.host);
  const stats = reader && (await reader.run(lastCheckCommand(first.device)));
  const lastCheck = stats?.kind === 'exited' ? lastCheckOf(stats.stdout) : undefined;
  return caseOf({ view, volume, uses, silent, ...(lastCheck !== undefined && { lastCheck }) });
}

/** A file system by its name; or, where a host is named, what that host could have mounted. */
function meantBy(view: View, subject: string): readonly Volume[] {
  const named = view.volumes.find((one) => isNamed(one, subject));
  if (named) return [named];
  const node = view.nodes.find(({ host }) => clean(host) === subject);
  return node ? missedBy(view, node) : [];
}

/** A finding calls it `data`, `data fiori` or `data fiori and torchio`; a person may by where it is. */
function isNamed({ name, mounts }: Volume, subject: string): boolean {
  const names = [name, ...mounts.map(({ entry }) => entry.point)].map(clean);
  return names.some((one) => subject === one || subject.startsWith(`${one} `));
}

/** Nodes of the cluster that did not answer, or are no hosts of ours: what they do is not known. */
function silentNodes(
  view: View,
  volume: Volume,
  hosts: ReadonlyMap<HostName, Reader>,
): readonly string[] {
  const known = view.nodes.map(({ facts }) => facts.hostname.split('.')[0]);
  const inKernel = volume.mounts.flatMap(({ node }) =>
    node.facts.clusters.flatMap(({ nodes }) => nodes.map(({ name }) => name)),
  );
  const unheard = [...hosts.keys()].filter((host) => !view.nodes.some((one) => one.host === host));
  return [...new Set([...inKernel.filter((name) => !known.includes(name)), ...unheard])];
}

/** All that a case is made from. */
interface Found {
  readonly view: View;
  readonly volume: Volume;
  readonly uses: readonly Use[];
  readonly silent: readonly string[];
  readonly lastCheck?: string;
}

function caseOf(found: Found): Case {
  const { view, volume, uses, silent } = found;
  const judged = judge(view, volume, uses);
  const blocks = blocksOf(view, volume, uses);
  const unheard =
    silent.length > 0 ? ` ${listed(silent)} did not answer: what is so there is not known.` : '';
  switch (judged.kind) {
    case 'in order':
      return {
        ...nearMiss(
          'in order',
          `${volume.name} is mounted on every node that answers, and they hear each other.${unheard}`,
          'There is nothing to mend.',
        ),
        blocks,
      };
    case 'restart':
      return { ...restartCase(judged), blocks };
    case 'waiting':
      return {
        ...nearMiss(
          'deciding',
          `${judged.host} lost a node a moment ago, and the cluster has not decided about it yet: what waits for a lock of ${volume.name} hangs until then.`,
          'It takes one to two minutes. Ask again then, before anything is stopped or restarted.',
        ),
        blocks,
      };
    case 'apart':
      return apartCase(found, judged, blocks);
    case 'damaged': {
      const where = listed(judged.on.map(({ node }) => node.host));
      return checkCase(
        found,
        'damaged',
        `${volume.name} was turned read-only on ${where} after an error.${unheard}`,
        blocks,
      );
    }
    case 'nowhere':
      return checkCase(
        found,
        'mounted nowhere',
        `No node that answers has ${volume.name} mounted.${unheard}`,
        blocks,
      );
    case 'out':
      return outCase(found, judged, blocks, unheard);
  }
}

/** Said plainly: no command frees it. */
function restartCase({ host, why }: Extract<Judged, { kind: 'restart' }>): Case {
  return nearMiss(
    'needs a restart',
    `${host}: ${why}. Nothing but a restart of ${host} lets go of it: no signal ends such a process, and a forced or lazy unmount leaves it as it is.`,
    `Stop or move what runs on ${host}, then restart it; if it does not shut down, \`echo b > /proc/sysrq-trigger\` there, or its power switch. The other nodes replay its journal. Then ask here again.`,
  );
}

function apartCase(
  { volume, uses }: Found,
  { sides }: Extract<Judged, { kind: 'apart' }>,
  blocks: Case['blocks'],
): Case {
  const names = listed(sides.map(({ node }) => node.host));
  const drbd = sides.some(({ entry }) => entry.source.startsWith('/dev/drbd'));
  const lost = drbd
    ? 'What it wrote since they parted is on its own side of DRBD alone, and is lost if DRBD then gives up that side.'
    : 'Both wrote on one disk without locks: files of either may be damaged.';
  const quiet = sides.filter(({ node }) => {
    const use = uses.find(({ host }) => host === node.host);
    return use && use.because === undefined && use.users.length + use.hanging.length === 0;
  });
  const [only] = quiet.length === 1 ? quiet : [];
  return {
    verdict: 'parted',
    mendable: true,
    happened: clean(
      `${names} have ${volume.name} mounted, and do not see each other's heartbeat: each threw the other out and writes alone.`,
    ),
    todo: drbd
      ? 'Choose the side that lets go: the one whose changes DRBD will give up. It is unmounted there; then DRBD is mended, and it is brought back.'
      : 'Choose the side that lets go, unmount it everywhere after that, and check it.',
    blocks,
    choosing: 'who lets go',
    ways: sides.map((side): WayOut => ({
      value: side.node.host,
      says: clean(`Unmount it on ${side.node.host}; the other side goes on.`),
      loses: [lost],
      plan: () =>
        letGo(
          volume,
          side,
          uses.find(({ host }) => host === side.node.host),
        ),
    })),
    ...(only && {
      recommended: { value: only.node.host, reasons: ['nothing uses it there at this moment'] },
    }),
  };
}

function outCase(
  found: Found,
  { nodes, keeper }: Extract<Judged, { kind: 'out' }>,
  blocks: Case['blocks'],
  unheard: string,
): Case {
  const { volume } = found;
  const names = listed(nodes.map(({ host }) => host));
  return {
    verdict: 'node out',
    mendable: true,
    happened: clean(
      `${volume.name} is mounted on ${listed(volume.mounts.map(({ node }) => node.host))}, and not on ${names}.${unheard}`,
    ),
    todo: 'Its device is seen to be whole there, the cluster brought online, and it is mounted.',
    blocks,
    choosing: 'who comes back',
    ways: nodes.map((node): WayOut => ({
      value: node.host,
      says: clean(`Bring ${volume.name} back on ${node.host}.`),
      loses: [],
      plan: () => comeBack(volume, node, keeper, dashed(volume.uuid)),
    })),
    ...(nodes.length === 1 && {
      recommended: { value: nodes[0]?.host ?? '', reasons: ['nothing is lost by it'] },
    }),
  };
}

function checkCase(
  { view, volume, uses, silent, lastCheck }: Found,
  verdict: string,
  happened: string,
  blocks: Case['blocks'],
): Case {
  if (silent.length > 0 || lastCheck === undefined) {
    const why =
      silent.length > 0
        ? `whether ${listed(silent)} has it mounted is not known`
        : 'the device could not be read';
    return {
      ...nearMiss(
        verdict,
        happened,
        `It is not checked while ${why}: fsck on what a node has mounted destroys it.`,
      ),
      blocks,
    };
  }
  const [mounted] = volume.mounts;
  const mates = mounted ? clusterMates(view, mounted.node) : [];
  const nodes = view.nodes.filter(
    (node) =>
      volume.seen.some(({ host }) => host === node.host) &&
      (!mounted || mates.includes(node) || volume.mounts.some((one) => one.node === node)),
  );
  return {
    verdict,
    mendable: true,
    happened: clean(happened),
    todo: 'It is unmounted everywhere, checked by one node, and mounted again where it was.',
    blocks,
    ways: [
      {
        value: 'check',
        says: 'Unmount it everywhere, check and mend it, mount it again where it was.',
        loses: [],
        plan: () => check(volume, nodes, uses, { uuid: dashed(volume.uuid), lastCheck }),
      },
    ],
    recommended: { value: 'check', reasons: ['fsck is safe where nobody has it mounted'] },
  };
}

/** As blkid and findmnt write it. */
function dashed(uuid: string): string {
  const hex = uuid.toLowerCase();
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join('-');
}

function nearMiss(verdict: string, happened: string, todo: string): Case {
  return {
    verdict,
    mendable: false,
    happened: clean(happened),
    todo: clean(todo),
    blocks: [],
    ways: [],
  };
}
