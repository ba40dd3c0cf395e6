import type { Image } from './view.js';

/** Where an image stands on its way to a container and back (imgstoragenas.py, imgstoragevm.py). */
export type Phase =
  /** Its NAS could not be asked, or has no row of it. */
  | 'not known'
  | 'no row'
  | 'unmapped'
  /** A call is making the target, the session and the device. */
  | 'mapping'
  /** Used over iSCSI for good. */
  | 'direct'
  /** The NAS sends the image; the container reads it over iSCSI and writes beside. */
  | 'sending'
  /** As while it is sent, but nobody sends: the NAS forgot the copy when its daemon started. */
  | 'interrupted'
  /** What was written beside is merged into the container's own volume. */
  | 'merging'
  /** The container works on its own volume; a copy to the NAS is made now and then. */
  | 'local'
  /** That copy is under way, or waits for its turn. */
  | 'copying back'
  /** The container waits until nobody has the device open. */
  | 'unmapping'
  /** The last copy to the NAS is under way; then the container's volume is destroyed. */
  | 'returning'
  /** That last copy failed: the container's volume is all that has what was written last. */
  | 'not returned';

/** Where an image stands. */
export function phaseOf(image: Image): Phase {
  const { row, job, lock, nas } = image;
  if (!row) return nas.tables.ok ? 'no row' : 'not known';
  if (row.remoteHost === null) return lock ? 'mapping' : 'unmapped';
  if (job?.way === 'to-container') return 'sending';
  if (job?.last === true) return 'returning';
  if (!row.sync) return directPhase(image);
  if (row.target === null) return localPhase(image);
  return withTarget(image);
}

function directPhase({ lock, far }: Image): Phase {
  if (!lock) return 'direct';
  return far?.session ? 'unmapping' : 'mapping';
}

function localPhase({ job, lock, far }: Image): Phase {
  const gone = far?.container.devices.ok === true && !far.device;
  if (lock && gone) return 'not returned';
  if (job) return 'copying back';
  return lock ? 'unmapping' : 'local';
}

/** Copied, mapped, and no copy under way: the container merges, or has not got that far. */
function withTarget({ lock, far }: Image): Phase {
  if (!far) return 'merging';
  if (far.merge || far.device?.target === 'snapshot-merge') return 'merging';
  if (far.device?.target === 'snapshot') {
    return far.container.tables.ok ? 'interrupted' : 'merging';
  }
  if (far.device) return 'merging';
  return lock ? 'mapping' : 'interrupted';
}

/** Whether what the container wrote is on its way to the NAS. */
export function isGoingBack(phase: Phase): boolean {
  return phase === 'copying back' || phase === 'returning';
}
