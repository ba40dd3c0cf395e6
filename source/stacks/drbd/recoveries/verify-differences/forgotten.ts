import type { Case } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { readVerifyLog, type Range } from '../../read/verify-log.js';
import { linesOfMinors } from '../../steps/verify.js';
import { sidesBlock, type TwoSides } from '../find-pair.js';
import { rangeBlock } from './blocks.js';
import { advise, compareWay, wholeWay } from './ways.js';

/** A volume of which the log knows that it differs, and DRBD does not. */
export interface Forgotten {
  readonly volume: number;
  readonly kib: number;
}

/**
 * What the newest verify of each volume found, unless it was copied since, by the logs of both sides: after a
 * verify with several nodes at once DRBD 9 has no mark of it left.
 */
export async function forgottenOf({ hosts, sides }: TwoSides): Promise<readonly Forgotten[]> {
  const found = await Promise.all(
    ([0, 1] as const).map(async (index): Promise<readonly Forgotten[]> => {
      const { volumes, end } = sides[index];
      const minors = volumes.map(({ minor }) => minor);
      const lines = await linesOfMinors(hosts[index], minors, end.link.named ?? undefined);
      return volumes.flatMap(({ volume, minor }) => {
        const log = readVerifyLog(lines.filter((line) => line.minor === minor));
        const isCopied = (log.copiedAt ?? 0) > (log.doneAt ?? 0);
        return isCopied || !log.foundKiB ? [] : [{ volume, kib: log.foundKiB }];
      });
    }),
  );
  const [a = [], b = []] = found;
  // What one side copied since, it alone may have in its log.
  return a.filter(({ volume }) => b.some((other) => other.volume === volume));
}

/** The case of volumes that differ where nobody knows any more. */
export function forgottenCase(
  two: TwoSides,
  forgotten: readonly Forgotten[],
  ranges: readonly Range[],
  since: readonly number[],
): Case {
  const { name } = two.resource;
  const kib = forgotten.reduce((sum, one) => sum + one.kib, 0);
  const hosts = listed(two.sides.map(({ host }) => host));
  const volumes = forgotten.map(({ volume }) => volume);
  const advice = advise(two.sides);
  return {
    verdict: 'copies differ, not marked',
    mendable: true,
    happened: clean(
      `The newest verify found ${bytes(kib * 1024)} of ${name} that differ between ${hosts}, and DRBD marks none of it any more: a verify with several nodes at once is forgotten by DRBD 9 when it ends (seen with 9.2.9). Which side is right cannot be read from DRBD.`,
    ),
    todo: clean(
      advice
        ? `Safest: ${advice.victim.host} takes its whole copy from the other. Look at the reasons, and choose.`
        : 'No side is recommended: find out what wrote past DRBD (the backing device mounted or written, a disk or a controller that lies), and whose blocks are right.',
    ),
    blocks: [sidesBlock(two.sides), ...rangeBlock(ranges)],
    choosing: 'whose copy is overwritten',
    ways: [
      wholeWay(two, 0, volumes, since[0] ?? 0),
      wholeWay(two, 1, volumes, since[1] ?? 0),
      compareWay(two, since),
    ],
    ...(advice && { recommended: { value: advice.victim.host, reasons: [clean(advice.reason)] } }),
  };
}
