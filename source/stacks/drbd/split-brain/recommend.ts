import { listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Side } from './side.js';

/** Which side may give up its data, or why that cannot be told. */
export type Advice =
  | { readonly kind: 'victim'; readonly victim: Side; readonly reasons: readonly string[] }
  | { readonly kind: 'none'; readonly because: string };

/** One piece of evidence, and the side that it speaks against. */
interface Vote {
  readonly victim: Side;
  readonly reason: string;
}

/** How much less one side must have changed for that alone to say anything. */
const MUCH_LESS = 4;

/**
 * Recommends a victim only where all evidence points at the same side. What a person does with the
 * data weighs more than any amount, so evidence that disagrees is told and not weighed.
 */
export function advise(a: Side, b: Side): Advice {
  const sides = [a, b] as const;
  const bad = sides.filter(({ volumes }) => volumes.some(({ disk }) => disk !== 'UpToDate'));
  if (bad.length === 2) {
    return { kind: 'none', because: 'neither side has UpToDate data on all its volumes' };
  }
  const votes = [
    ...byDisk(a, b),
    ...byDisk(b, a),
    ...byUse(a, b),
    ...byUse(b, a),
    ...byAmount(a, b),
    ...byAmount(b, a),
    ...byRole(a, b),
    ...byRole(b, a),
  ];
  const against = sides.filter((side) => votes.some(({ victim }) => victim === side));
  const [victim] = against;
  const reasons = votes.map(({ reason }) => reason);
  if (victim && against.length === 1) return { kind: 'victim', victim, reasons };
  if (against.length === 2) {
    return { kind: 'none', because: `the evidence disagrees: ${reasons.join('; ')}` };
  }
  if (a.changedKiB === 0 && b.changedKiB === 0) {
    const because = `neither ${a.host} nor ${b.host} wrote anything: either may be discarded, and nothing is lost`;
    return { kind: 'none', because };
  }
  return {
    kind: 'none',
    because: `nothing that can be read from outside says whose data is worth more: ${listed([amount(a), amount(b)])}`,
  };
}

/** What a side changed, in words. */
export function amount({ host, changedKiB }: Side): string {
  if (changedKiB === null) return `how much ${host} changed is not known`;
  return changedKiB === 0 ? `${host} wrote nothing` : `${host} changed ${bytes(changedKiB * 1024)}`;
}

function byDisk(victim: Side, other: Side): readonly Vote[] {
  const bad = victim.volumes.find(({ disk }) => disk !== 'UpToDate');
  if (!bad || other.volumes.some(({ disk }) => disk !== 'UpToDate')) return [];
  return [{ victim, reason: `the data of ${victim.host} is ${bad.disk}` }];
}

function byUse(victim: Side, other: Side): readonly Vote[] {
  if (!victim.use.complete || victim.use.users.length > 0 || other.use.users.length === 0)
    return [];
  const who = listed([...new Set(other.use.users.map(({ what }) => what))]);
  return [{ victim, reason: `${other.host} is in use (${who}), ${victim.host} is not` }];
}

function byAmount(victim: Side, other: Side): readonly Vote[] {
  if (victim.changedKiB === null || other.changedKiB === null || other.changedKiB === 0) return [];
  if (victim.changedKiB === 0) {
    return [{ victim, reason: `${amount(victim)}, ${amount(other)}` }];
  }
  if (victim.changedKiB * MUCH_LESS > other.changedKiB) return [];
  return [{ victim, reason: `${amount(victim)}, ${amount(other)}` }];
}

function byRole(victim: Side, other: Side): readonly Vote[] {
  if (victim.role !== 'Secondary' || other.role !== 'Primary') return [];
  return [{ victim, reason: `${other.host} is Primary, ${victim.host} is Secondary` }];
}
