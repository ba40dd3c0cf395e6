import type { HostName, Millis, Reader } from '../../../../core/host.js';
import type { Block } from '../../../../core/pane.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { ask } from '../../../../core/tool.js';
import { bytes } from '../../../../core/units.js';
import { uptime } from '../../read/kernel-log.js';
import { readVerifyLog, type Range } from '../../read/verify-log.js';
import type { Side } from '../../split-brain/side.js';
import { linesOfMinors, stretches } from '../../steps/verify.js';
import type { Pair } from '../../view.js';
import { leftAlone, lookAtPair, sidesBlock, type TwoSides } from '../find-pair.js';
import { planCopy, planVerify } from './plan.js';

/** Both copies count as good, and blocks are known to differ. */
export function verifyDifferencesRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.verify-differences',
    title: 'Make the copies of a DRBD resource the same again',
    says: 'Says how much differs and where, asks which side is right, and copies only what differs from it.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

function differs({ ends }: Pair): boolean {
  return ends.some(({ link }) => link.volumes.some(({ outOfSyncKiB }) => (outOfSyncKiB ?? 0) > 0));
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const looked = await lookAtPair(subject, hosts, clock, differs);
  if (!looked.ok) return looked.found;
  const { two } = looked;
  const miss = otherTrouble(two);
  if (miss) return miss;
  const [ranges, since] = await Promise.all([rangesOf(two), Promise.all(two.hosts.map(uptimeOf))]);
  const comparing = compareWay(two, since);
  const kib = two.sides.map(({ changedKiB }) => changedKiB ?? 0);
  const most = Math.max(...kib);
  const { name } = two.resource;
  if (most === 0) {
    return {
      verdict: 'no difference known',
      mendable: true,
      happened: clean(
        `${name} is connected and UpToDate on both sides, and no block is known to differ.`,
      ),
      todo: 'Only a verify tells whether the copies are the same; it reads both whole.',
      blocks: [sidesBlock(two.sides)],
      choosing: 'what is done',
      ways: [comparing],
    };
  }
  const advice = advise(two.sides);
  return {
    verdict: 'copies differ',
    mendable: true,
    happened: clean(
      `${bytes(most * 1024)} of ${name} differ between ${listed(two.sides.map(({ host }) => host))}, though both count as UpToDate. A verify found them, or something wrote past DRBD. Which side is right cannot be read from DRBD.`,
    ),
    todo: clean(
      advice
        ? `Safest: ${advice.victim.host} takes what differs from the other. Look at the reasons, and choose.`
        : 'No side is recommended: find out what wrote past DRBD (the backing device mounted or written, a disk or a controller that lies), and whose blocks are right.',
    ),
    blocks: [sidesBlock(two.sides, [differing(two.sides)]), ...rangeBlock(ranges)],
    choosing: 'whose blocks are overwritten',
    ways: [copyWay(two, 0), copyWay(two, 1), comparing],
    ...(advice && { recommended: { value: advice.victim.host, reasons: [clean(advice.reason)] } }),
  };
}

function otherTrouble(two: TwoSides): Case | undefined {
  const words = two.ends.map(({ link }) => `${link.host} ${link.connection}`).join(', ');
  const { name } = two.resource;
  const legs = two.ends.flatMap(({ link }) => link.volumes);
  const miss = (verdict: string, happened: string, todo: string): Case =>
    leftAlone({ verdict, happened, todo }, [sidesBlock(two.sides)]);
  if (two.ends.some(({ link }) => link.state !== 'in touch')) {
    return miss(
      'not connected',
      `${words}: what differs while the sides are apart is no matter of a verify.`,
      'Bring them together first: `drbd.standalone`, `drbd.split-brain`, or mend the network.',
    );
  }
  if (legs.some(({ activity }) => activity === 'verifying')) {
    return miss(
      'verify under way',
      `${name} is being compared: ${words}.`,
      'Let it finish: what differs is known at its end.',
    );
  }
  if (legs.some(({ activity }) => activity !== 'replicating')) {
    return miss(
      'resync under way',
      `A side of ${name} is being brought up to date: ${words}.`,
      'Let it finish, then ask again.',
    );
  }
  const bad = legs.find(({ localDisk, peerDisk }) =>
    [localDisk, peerDisk].some((disk) => disk !== 'UpToDate'),
  );
  if (!bad) return undefined;
  return miss(
    'a side is not UpToDate',
    `${name} is ${bad.localDisk}/${bad.peerDisk}: ${words}.`,
    'Look at that problem first: DRBD itself knows which side is good.',
  );
}

/** A verify marks on both sides; what one of them alone knows is not of a verify. */
function differing(sides: readonly [Side, Side]) {
  const [x, y] = sides.map(({ changedKiB }) =>
    changedKiB === null ? 'not known' : bytes(changedKiB * 1024),
  );
  return { label: 'known to differ', values: [x ?? '', y ?? ''] as const };
}

/** The side that is Primary alone is what the world has been reading. */
function advise([a, b]: readonly [Side, Side]): { victim: Side; reason: string } | undefined {
  for (const [victim, right] of [
    [a, b],
    [b, a],
  ] as const) {
    if (right.role === 'Primary' && victim.role === 'Secondary') {
      const reason = `${right.host} is Primary: what was read and written until now was its copy; ${victim.host} is Secondary, and nobody reads from it`;
      return { victim, reason };
    }
  }
  return undefined;
}

/** The ranges that one of the logs still knows. */
async function rangesOf({ hosts, sides }: TwoSides): Promise<readonly Range[]> {
  const logs = await Promise.all(
    ([0, 1] as const).map((index) =>
      linesOfMinors(
        hosts[index],
        sides[index].volumes.map(({ minor }) => minor),
        sides[index].end.link.named ?? undefined,
      ),
    ),
  );
  const found = logs.map((lines) => readVerifyLog(lines).ranges);
  return found.find((ranges) => ranges.length > 0) ?? [];
}

async function uptimeOf(host: Reader): Promise<number> {
  const said = await ask(host, uptime);
  return said.kind === 'value' ? said.value : 0;
}

/** Ranges that are shown; a broken disk can give thousands. */
const MOST_RANGES = 20;

function rangeBlock(ranges: readonly Range[]): readonly Block[] {
  if (ranges.length === 0) {
    const text = 'The kernel logs no longer tell where. A verify finds the places again.';
    return [{ kind: 'text', label: 'where', text }];
  }
  const more = ranges.length > MOST_RANGES ? `, the first ${MOST_RANGES}` : '';
  return [
    {
      kind: 'table',
      label: `where (${stretches(ranges.length)}${more})`,
      columns: [
        { title: 'device', min: 10 },
        { title: 'from byte', min: 14, align: 'right' },
        { title: '4 KiB block', min: 12, align: 'right' },
        { title: 'long', min: 10, align: 'right' },
      ],
      rows: ranges
        .slice(0, MOST_RANGES)
        .map(({ minor, start, bytes: long }) => [
          { text: minor === null ? 'not known' : `/dev/drbd${minor}` },
          { text: String(start) },
          { text: String(Math.floor(start / 4096)) },
          { text: bytes(long) },
        ]),
    },
  ];
}

function copyWay(two: TwoSides, index: 0 | 1): WayOut {
  const victim = two.sides[index];
  const right = two.sides[index === 0 ? 1 : 0];
  const loses = `Where the copies differ (${bytes(Math.max(victim.changedKiB ?? 0, right.changedKiB ?? 0) * 1024)}), ${victim.host}'s blocks are overwritten by ${right.host}'s.`;
  return {
    value: victim.host,
    says: clean(`${right.host} is right; ${victim.host} takes what differs from it.`),
    loses: [clean(loses)],
    plan: () => planCopy({ two, victim, right, loses: clean(loses) }),
  };
}

function compareWay(two: TwoSides, since: readonly number[]): WayOut {
  return {
    value: 'verify',
    says: 'Compare both copies once more, block by block; nothing is changed.',
    loses: [],
    plan: () => planVerify(two, since[0] ?? 0),
  };
}
