import { count, grouped } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import type { GoalState } from '../findings/chunks.js';
import type { Picture } from '../picture.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import { valueOf } from '../tools/question.js';

/** The key of the history of what a goal has still to copy. */
export function backlogMetric(goal: string): string {
  return `lizardfs.goal.${goal}.toReplicate`;
}

/** How the copying of a goal's chunks goes on. */
export interface Pace {
  /** Chunks that came to their goal; 0: none in the last minute. */
  readonly perSecond: number;
  readonly secondsLeft?: number;
}

/** The pace of a goal's copying over the last minute; undefined while that is not known. */
export function paceOf({ now }: Picture, { goal, toReplicate }: GoalState): Pace | undefined {
  const change = now.paces.get(backlogMetric(goal));
  if (change === undefined || toReplicate === 0) return undefined;
  const perSecond = Math.max(0, -change);
  return perSecond > 0 ? { perSecond, secondsLeft: toReplicate / perSecond } : { perSecond };
}

/** `40 to copy, 2.1/s, 19 s left` */
export function copyingWords(seen: Picture, state: GoalState): string {
  const { toReplicate } = state;
  const pace = canCopy(seen, state) ? paceOf(seen, state) : undefined;
  return [
    `${grouped(toReplicate)} to copy`,
    ...(pace === undefined
      ? []
      : pace.perSecond > 0
        ? [perSecond(pace.perSecond)]
        : ['no progress']),
    ...(pace?.secondsLeft === undefined ? [] : [`${duration(pace.secondsLeft)} left`]),
  ].join(', ');
}

function perSecond(n: number): string {
  return n >= 10
    ? `${grouped(Math.round(n))}/s`
    : n >= 0.1
      ? `${n.toFixed(1)}/s`
      : `${count(Math.round(n * 60), 'chunk')}/min`;
}

/** Whether the missing copies of a goal can be made with the servers that are left, and are to be. */
export function canCopy({ cluster }: Picture, state: GoalState): boolean {
  const servers: readonly Chunkserver[] =
    (cluster && valueOf(cluster.value.chunkservers)?.servers) ?? [];
  const connected = servers.filter((server) => server.connected).length;
  const waits = servers.some((server) => !server.connected && server.maintenance !== undefined);
  // Of a chunk that is lost nothing can be copied.
  return !waits && connected >= (state.shape?.servers ?? 1) && state.toReplicate > state.lost;
}
