import type { WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Side } from '../../split-brain/side.js';
import type { TwoSides } from '../find-pair.js';
import { planCopy, planVerify, type Whole } from './plan.js';

/** The side that is Primary alone is what the world has been reading. */
export function advise([a, b]: readonly [Side, Side]):
  { victim: Side; reason: string } | undefined {
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

/** A side takes the marked blocks of the other. */
export function copyWay(two: TwoSides, index: 0 | 1): WayOut {
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

/** A side takes whole volumes of the other. */
export function wholeWay(
  two: TwoSides,
  index: 0 | 1,
  numbers: readonly number[],
  since: number,
): WayOut {
  const victim = two.sides[index];
  const right = two.sides[index === 0 ? 1 : 0];
  const volumes: Whole['volumes'] = victim.volumes
    .filter(({ volume }) => numbers.includes(volume))
    .map(({ volume, minor }) => ({ volume, minor }));
  const which = volumes.map(({ volume }) => String(volume));
  const loses = clean(
    `All of volume ${listed(which)} on ${victim.host} is overwritten by ${right.host}'s; until that ends ${victim.host} has no usable copy of it.`,
  );
  return {
    value: victim.host,
    says: clean(`${right.host} is right; ${victim.host} takes its whole copy.`),
    loses: [loses],
    plan: () => planCopy({ two, victim, right, loses, whole: { volumes, since } }),
  };
}

/** Nobody is a victim: both are read. */
export function compareWay(two: TwoSides, since: readonly number[]): WayOut {
  return {
    value: 'verify',
    says: 'Compare both copies once more, block by block; nothing is changed.',
    loses: [],
    plan: () => planVerify(two, since[0] ?? 0),
  };
}
