import type { Now } from '../../core/probe.js';
import { writtenBeside } from './newest.js';
import { phaseOf, type Phase } from './phase.js';
import type { Image } from './view.js';

/** A copy or a merge that is under way. */
export interface Progress {
  readonly phase: Extract<Phase, 'sending' | 'merging' | 'copying back' | 'returning'>;
  /** Bytes done, where they can be told. */
  readonly done?: number;
  /** Bytes that are left, where they can be told. */
  readonly left?: number;
  /** 0 to 1. */
  readonly share?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** How long it is under way, in seconds, by its own host's clock. */
  readonly age?: number;
  /** Nothing moved over the last minute. */
  readonly stalled: boolean;
}

/** The key of the history of what is left to merge. */
export function leftMetric(image: Image): string {
  return `imgstorage.${image.subject}.toMerge`;
}

/** The key of the history of what the container has received. */
export function receivedMetric(image: Image): string {
  return `imgstorage.${image.subject}.received`;
}

/**
 * Bytes that a volume has received, of all that are to come. More than all is room that ZFS keeps for it
 * (`refreservation`, which `used` counts as well): then how much came is not known.
 */
export function receivedOf(
  used: number | null | undefined,
  total: number | null | undefined,
): number | undefined {
  if (used == null) return undefined;
  return total != null && total > 0 && used > total ? undefined : used;
}

/** What is under way with an image; undefined: nothing. */
export function progressOf(now: Now, image: Image): Progress | undefined {
  const phase = phaseOf(image);
  switch (phase) {
    case 'sending':
      return { phase, ...sending(now, image), ...ageOf(image) };
    case 'merging':
      return { phase, ...merging(now, image), ...ageOf(image) };
    case 'copying back':
    case 'returning':
      return { phase, stalled: false, ...ageOf(image) };
    default:
      return undefined;
  }
}

function ageOf({ job, far, nas }: Image): Pick<Progress, 'age'> {
  if (job) return nas.at === null ? {} : { age: Math.max(0, nas.at - job.since) };
  const at = far?.container.at ?? null;
  return far?.merge && at !== null ? { age: Math.max(0, at - far.merge.since) } : {};
}

type Moving = Omit<Progress, 'phase' | 'age'>;

/**
 * What zfs receives is counted to the volume that it goes to (`used`, zfsprops(7)), so its growth tells how
 * far it is; what is to come is what the NAS's volume refers to.
 */
function sending(now: Now, image: Image): Moving {
  const done = receivedOf(image.far?.local?.used, image.volume?.referenced);
  const total = image.volume?.referenced ?? undefined;
  if (done === undefined) return { stalled: false };
  const left = total === undefined ? undefined : Math.max(0, total - done);
  const pace = now.paces.get(receivedMetric(image));
  return {
    done,
    ...(left !== undefined && { left }),
    ...(total !== undefined && total > 0 && { share: Math.min(1, done / total) }),
    ...moving(pace, left),
  };
}

/** The blocks that are left fall until only the snapshot's own tables are there. */
function merging(now: Now, image: Image): Moving {
  const device = image.far?.device;
  const left = device && writtenBeside(device);
  if (left === undefined) return { stalled: false };
  const most = now.peaks.get(leftMetric(image)) ?? left;
  const pace = now.paces.get(leftMetric(image));
  return {
    left,
    ...(most > left && { done: most - left, share: 1 - left / most }),
    ...moving(pace === undefined ? undefined : -pace, left),
  };
}

function moving(
  pace: number | undefined,
  left: number | undefined,
): Pick<Moving, 'bytesPerSecond' | 'secondsLeft' | 'stalled'> {
  if (pace === undefined || left === 0) return { stalled: false };
  if (pace <= 0) return { stalled: true, bytesPerSecond: 0 };
  return {
    stalled: false,
    bytesPerSecond: pace,
    ...(left !== undefined && { secondsLeft: left / pace }),
  };
}
