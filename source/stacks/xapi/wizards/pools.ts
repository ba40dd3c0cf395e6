import { closed, open, type Choice, type Gate, type Question } from '../../../core/form.js';
import type { HostName } from '../../../core/host.js';
import { count, listed } from '../../../core/text.js';
import type { Surroundings } from '../../../core/wizard.js';
import type { Member, PoolPicture } from '../view.js';

/** Hosts of the cluster that were not looked at, and why. */
export type NotAsked = Surroundings['notAsked'];

/** A member of a pool that is among the hosts that were looked at. */
export interface OurMember extends Member {
  readonly host: HostName;
}

/** The members as hosts of ours, the master last; or why they are not all ours. */
export function ourMembers(pool: PoolPicture, notAsked: NotAsked): readonly OurMember[] | string {
  if (!pool.storage || !pool.pool) return 'xapi does not answer';
  const ours = pool.members.flatMap((member): OurMember[] => {
    const { host } = member;
    return host !== undefined && member.local ? [{ ...member, host }] : [];
  });
  if (ours.length < pool.members.length) {
    const missing = pool.members.filter(({ uuid }) => !ours.some((one) => one.uuid === uuid));
    const names = missing.map(({ name }) => {
      const left = notAsked.find(({ host }) => host === name);
      return left ? `${name} (${left.because})` : name;
    });
    return `${listed(names)} of it was not looked at: a shared repository needs every host`;
  }
  return ours.toSorted((a, b) => Number(a.isMaster) - Number(b.isMaster));
}

/** Which pool, with those that cannot be chosen and why. */
export function poolQuestion(pools: readonly PoolPicture[], notAsked: NotAsked): Question {
  const choices = pools.map((pool): Choice => {
    const members = ourMembers(pool, notAsked);
    const gate: Gate = typeof members === 'string' ? closed(members) : open;
    const master = pool.members.find(({ isMaster }) => isMaster);
    return {
      value: pool.key,
      cells: [
        { text: pool.name },
        { text: count(pool.members.length, 'host') },
        { text: `master ${master?.name ?? 'not known'}` },
      ],
      gate,
    };
  });
  const first = choices.find(({ gate }) => gate.open);
  return {
    key: 'pool',
    ask: 'In which pool?',
    explains: 'All hosts of the pool are connected.',
    kind: 'one',
    choices,
    ...(first && { default: first.value }),
  };
}

/** The pool of an answer, with its members; or what stands against it. */
export function chosenPool(
  { pools, notAsked }: { readonly pools: readonly PoolPicture[]; readonly notAsked: NotAsked },
  key: string,
): { readonly pool: PoolPicture; readonly members: readonly OurMember[] } | string {
  const pool = pools.find((one) => one.key === key);
  if (!pool) return `${key}: there is no such pool among the hosts that were looked at`;
  const members = ourMembers(pool, notAsked);
  return typeof members === 'string' ? `${pool.name}: ${members}` : { pool, members };
}
