import type { Tone } from '../../core/pane.js';
import type { CephStatus } from './read/status.js';

/** How a placement group fares, worst first. */
export type PgClass = 'critical' | 'warning' | 'busy' | 'unknown' | 'clean';

/** All classes, worst first. */
export const PG_CLASSES: readonly PgClass[] = ['critical', 'warning', 'unknown', 'busy', 'clean'];

/** How each class is drawn. */
export const CLASS_TONES: Readonly<Record<PgClass, Tone>> = {
  critical: 'alert',
  warning: 'warning',
  unknown: 'unknown',
  busy: 'working',
  clean: 'good',
};

/** What each class is, in words. */
export const CLASS_WORDS: Readonly<Record<PgClass, string>> = {
  critical: 'I/O hangs or data is at risk',
  warning: 'copies are missing',
  unknown: 'the manager has not heard of them',
  busy: 'data is on the move',
  clean: 'all copies where they should be',
};

const CRITICAL = new Set([
  'backfill_toofull',
  'recovery_toofull',
  'backfill_unfound',
  'recovery_unfound',
  'unfound',
  'down',
  'incomplete',
  'peered',
  'inconsistent',
  'failed_repair',
  'stale',
  'snaptrim_error',
]);
const WARNING = new Set(['degraded', 'undersized']);
const BUSY = new Set([
  'activating',
  'backfill',
  'backfill_wait',
  'backfilling',
  'creating',
  'forced_backfill',
  'forced_recovery',
  'laggy',
  'peering',
  'recovering',
  'recovery_wait',
  'remapped',
  'repair',
  'wait',
]);
const CLEAN = new Set(['active', 'clean', 'scrubbing']);
/** States that a placement group passes through by itself within seconds, serving no I/O meanwhile. */
const PASSING = new Set(['activating', 'creating', 'peering']);
/** States in which data is being copied, or waits for its turn. */
const MOVING = new Set(['backfill', 'backfill_wait', 'backfilling', 'recovering', 'recovery_wait']);

/** The words of a state: `active+undersized+degraded`. */
export function wordsOf(state: string): readonly string[] {
  return state.split('+');
}

/**
 * The class of a state, by its gravest word. `peered` is critical whatever stands beside it: too
 * few copies are up for I/O, which is what `undersized+degraded+peered` means under a mere
 * HEALTH_WARN. Words that no known release has do not count.
 */
export function classOf(state: string): PgClass {
  const words = wordsOf(state);
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  if (has(CRITICAL)) return 'critical';
  if (words.includes('unknown')) return 'unknown';
  if (has(WARNING)) return 'warning';
  if (has(BUSY)) return 'busy';
  return has(CLEAN) ? 'clean' : 'unknown';
}

/** The states of one class with their counts, most first. */
export interface ClassCount {
  readonly name: PgClass;
  readonly count: number;
  readonly states: readonly (readonly [state: string, count: number])[];
}

/** The placement groups by class, worst first; classes without any are left out. */
export function byClass(status: CephStatus): readonly ClassCount[] {
  const { pgs } = status;
  if (!pgs) return [];
  const states = Object.entries(pgs.byState).sort(([, a], [, b]) => b - a);
  // Some captures give only the total: the rest is not known, which is not the same as clean.
  const rest: readonly (readonly [string, number])[] =
    states.length === 0 && pgs.total > 0 ? [['state not said', pgs.total]] : [];
  return PG_CLASSES.map((name) => {
    const own = states.filter(([state]) => classOf(state) === name);
    const all = name === 'unknown' ? [...own, ...rest] : own;
    return { name, count: sum(all), states: all };
  }).filter(({ count }) => count > 0);
}

/** Placement groups that serve no I/O, by whether they will by themselves in a moment. */
export interface Inactive {
  /** They stay so until something is mended. */
  readonly stuck: number;
  /** Peering, activating or being created. */
  readonly passing: number;
  /** The manager has no report of them. */
  readonly unknown: number;
  readonly states: readonly string[];
}

/** The placement groups that are not active. */
export function inactive(status: CephStatus): Inactive {
  let stuck = 0;
  let passing = 0;
  let unknown = 0;
  const states: string[] = [];
  const { byState = {}, total = 0, inactiveShare = 0 } = status.pgs ?? {};
  for (const [state, count] of Object.entries(byState)) {
    const words = wordsOf(state);
    // A stale group may say `active`: its OSDs are gone, and so is what they said.
    if (count === 0 || (words.includes('active') && !words.includes('stale'))) continue;
    if (words.includes('unknown')) unknown += count;
    else if (words.some((word) => CRITICAL.has(word))) stuck += count;
    else if (words.some((word) => PASSING.has(word))) passing += count;
    else continue;
    states.push(state);
  }
  // Without states there is still Ceph's own count, which does not say how long it lasts.
  if (Object.keys(byState).length === 0) unknown = Math.round(total * inactiveShare);
  return { stuck, passing, unknown, states };
}

/** How many placement groups copy data, or wait to. */
export function moving(status: CephStatus): { readonly now: number; readonly waiting: number } {
  let now = 0;
  let waiting = 0;
  for (const [state, count] of Object.entries(status.pgs?.byState ?? {})) {
    const words = wordsOf(state).filter((word) => MOVING.has(word));
    if (words.some((word) => word === 'recovering' || word === 'backfilling')) now += count;
    else if (words.length > 0) waiting += count;
  }
  return { now, waiting };
}

function sum(states: readonly (readonly [string, number])[]): number {
  return states.reduce((all, [, count]) => all + count, 0);
}
