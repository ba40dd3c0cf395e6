import type { Now } from '../../core/probe.js';
import type { Dataset } from '../../tools/zfs.js';
import { sinceCommon, writtenBeside } from './newest.js';
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

/** The key of the history of what the NAS has received of a copy back. */
export function returnedMetric(image: Image): string {
  return `imgstorage.${image.subject}.returned`;
}

/**
 * Bytes that a volume has received: what is still beside it (`usedbychildren`), or, where it was made by the
 * stream or all of it is there, its own. What is reserved for it is neither.
 */
export function receivedOf(volume: Dataset | undefined): number | undefined {
  if (!volume || (volume.holds === null && volume.beneath === null)) return undefined;
  return Math.max(volume.holds ?? 0, volume.beneath ?? 0);
}

/** Bytes that a NAS has received of what its container wrote; undefined: nothing is on its way to it. */
export function returnedOf({ volume }: Image): number | undefined {
  return volume?.beneath == null || volume.beneath === 0 ? undefined : volume.beneath;
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
      return { phase, ...returning(now, image), ...ageOf(image) };
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

/** What is to come is what the NAS's volume refers to. */
function sending(now: Now, image: Image): Moving {
  const done = receivedOf(image.far?.local);
  return done === undefined
    ? { stalled: false }
    : received(now.paces.get(receivedMetric(image)), done, image.volume?.referenced ?? undefined);
}

/** What is to come is what the container's snapshots hold that the NAS has not. */
function returning(now: Now, image: Image): Moving {
  const done = returnedOf(image);
  if (done === undefined) return { stalled: false };
  const { far } = image;
  const since = far && sinceCommon(image, far)?.container;
  const later = far?.local?.written ?? 0;
  const total = since === undefined ? undefined : since - later;
  return received(now.paces.get(returnedMetric(image)), done, total);
}

function received(pace: number | undefined, done: number, total: number | undefined): Moving {
  const left = total === undefined ? undefined : Math.max(0, total - done);
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
