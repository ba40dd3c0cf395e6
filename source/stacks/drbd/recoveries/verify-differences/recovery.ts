import type { HostName, Millis, Reader } from '../../../../core/host.js';
import type { Case, Recovery } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { ask } from '../../../../core/tool.js';
import { bytes } from '../../../../core/units.js';
import { uptime } from '../../read/kernel-log.js';
import { readVerifyLog, type Range } from '../../read/verify-log.js';
import type { Side } from '../../split-brain/side.js';
import { linesOfMinors } from '../../steps/verify.js';
import type { Pair } from '../../view.js';
import { leftAlone, lookAtPair, sidesBlock, type TwoSides } from '../find-pair.js';
import { forgottenCase, forgottenOf } from './forgotten.js';
import { rangeBlock } from './blocks.js';
import { advise, compareWay, copyWay } from './ways.js';

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
  const forgotten = most === 0 ? await forgottenOf(two) : [];
  if (forgotten.length > 0) return forgottenCase(two, forgotten, ranges, since);
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
