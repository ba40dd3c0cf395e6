import type { Metric } from '../../core/pane.js';
import type { Millis } from '../../core/host.js';

/** One remembered value. */
export interface Sample {
  readonly at: Millis;
  readonly value: number;
}

/** The past of one metric, oldest first. */
export interface Series {
  readonly metric: Metric;
  readonly samples: readonly Sample[];
}

/** The past of all metrics, by key. */
export type History = ReadonlyMap<string, Series>;

/** How many values of a metric are remembered: an hour at one every 15 s. */
const LENGTH = 240;
/** The least time between two remembered values of a metric, in ms. */
const SPACING = 5000;

/** A new history with these metrics' values added; metrics that are no longer given are forgotten. */
export function remember(history: History, metrics: readonly Metric[], at: Millis): History {
  const next = new Map<string, Series>();
  for (const metric of metrics) {
    const before = history.get(metric.key)?.samples ?? [];
    const newest = before.at(-1);
    const samples =
      newest && at - newest.at < SPACING
        ? before
        : [...before.slice(-(LENGTH - 1)), { at, value: metric.value }];
    next.set(metric.key, { metric, samples });
  }
  return next;
}

/** Over how long a pace is taken, in ms: long enough for what happens in steps. */
const PACE_OVER = 60_000;
/** Over less than this, in ms, nothing is said of it. */
const PACE_FROM = 15_000;

/** How metrics changed a second over the last minute; those known for too short a time are left out. */
export function paces(history: History, at: Millis): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const [key, { samples }] of history) {
    const first = samples.find((sample) => at - sample.at <= PACE_OVER);
    const last = samples.at(-1);
    if (!first || !last || last.at - first.at < PACE_FROM) continue;
    known.set(key, ((last.value - first.value) * 1000) / (last.at - first.at));
  }
  return known;
}
