import { count } from '../../../../core/text.js';
import type { Nas } from '../../hosts.js';
import { attributeOf, poolsOf, roomText, type Found, type PoolRoom } from '../found.js';

/** A pool that a virtual machine can get, with what speaks for it. */
export interface PoolChoice {
  readonly pool: PoolRoom;
  /** Virtual machines that are given it, whether or not they have an image yet. */
  readonly given: number;
  /** It is in img_zpools: one of those that Rocks itself would choose from. */
  readonly listed: boolean;
}

/** The pools of a NAS, the best first: a listed one, with the fewest virtual machines, with most room. */
export function balanced(found: Found, nas: Nas): readonly PoolChoice[] {
  const told = (attributeOf(found, nas.name, 'img_zpools') ?? '')
    .split(',')
    .map((one) => one.trim());
  const choices = poolsOf(nas).map((pool): PoolChoice => ({
    pool,
    given: found.machines.nas.filter((one) => one.nas === nas.name && one.zpool === pool.name)
      .length,
    listed: told.includes(pool.name),
  }));
  return choices.toSorted(
    (a, b) =>
      Number(b.listed) - Number(a.listed) ||
      a.given - b.given ||
      (b.pool.free ?? 0) - (a.pool.free ?? 0),
  );
}

/** Why the first of several is the one to take. */
export function whyFirst([first, ...others]: readonly PoolChoice[]): string {
  if (!first) return 'It has no pool.';
  if (others.length === 0) return `It is the only one, with ${roomText(first.pool)}.`;
  const next = others.filter(({ listed }) => listed === first.listed);
  const fewer = next.every(({ given }) => given > first.given);
  const reason = !next.some(({ given }) => given >= first.given)
    ? 'only it is among img_zpools'
    : fewer
      ? `it has the fewest virtual machines (${count(first.given, 'one', String(first.given))})`
      : `of those with as few virtual machines it has the most room (${roomText(first.pool)})`;
  return `${first.pool.name} balances them best: ${reason}. Rocks itself would take one of img_zpools by chance.`;
}
