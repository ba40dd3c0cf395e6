import { clean } from '../../../../core/text.js';
import { bytes, duration } from '../../../../core/units.js';
import { writtenBeside } from '../../newest.js';
import type { Situation } from '../look.js';
import { mend, miss, name, where, type Trouble } from './kinds.js';

/** The kernel gave the snapshot up: Invalid, or Overflow. */
export function brokenSnapshot(found: Situation): Trouble | undefined {
  const filling = found.far?.device?.filling;
  if (filling?.kind !== 'broken' || filling.word === 'Merge failed') return undefined;
  const word = clean(filling.word);
  const means =
    filling.word === 'Overflow'
      ? 'What was written until it was full is in it; every write since has failed.'
      : 'The kernel gives back nothing of what was written beside, and every read and write of its guest fails. The image on the NAS is as it was when it was mapped.';
  return mend(
    'snapshot broken',
    `snapshot ${word}`,
    `The snapshot of ${name(found)} on ${where(found)} is ${word}. ${means} The daemon there does nothing more for any image until it is restarted.`,
  );
}

/** A copy or a merge that is under way ends by itself; to mend beneath it would destroy it. */
export function atWork(found: Situation): Trouble | undefined {
  const { image, nas, moves, far } = found;
  const { job } = image;
  if (job && nas.pid !== undefined) {
    const age =
      image.nas.at === null ? '' : ` for ${duration(Math.max(0, image.nas.at - job.since))}`;
    const way = job.way === 'to-container' ? 'to the container' : 'to the NAS';
    return miss(
      'at work',
      'copy under way',
      `${name(found)} is being copied ${way}${age}, and the daemon that does it runs.`,
      'Wait for its end. If nothing moves, see the log of the NAS (/var/log/messages, snapshot_upload.sh and snapshot_download.sh) for why, and ask again when the copy has ended.',
    );
  }
  if (moves !== true) return undefined;
  const left = far?.device && writtenBeside(far.device);
  return miss(
    'at work',
    'merge under way',
    `What was written beside ${name(found)} is being merged on ${where(found)}${left === undefined ? '' : `, ${bytes(left)} are left`}.`,
    'Wait for its end: the daemon there goes on with it by itself.',
  );
}

/** A merge that does not come on, or that nobody ends. */
export function stalled(found: Situation): Trouble | undefined {
  const { far, moves } = found;
  if (far?.device?.target !== 'snapshot-merge') return undefined;
  const left = writtenBeside(far.device);
  const failed = far.device.filling?.kind === 'broken';
  const held =
    far.device.suspended === true ? ' Its device is suspended, and whoever uses it waits.' : '';
  if (left === 0) {
    return mend(
      'merge stalled',
      'merge ended, and nobody went on',
      `All that was written beside ${name(found)} is merged on ${where(found)}, but its daemon did not go on: the device, the session and the lock are still there.${held}`,
    );
  }
  const why = failed
    ? 'the kernel gave it up after an error of a disk'
    : moves === false
      ? 'nothing moved within three seconds'
      : 'how far it is could not be seen';
  return mend(
    'merge stalled',
    failed ? 'merge failed' : 'merge stalled',
    `The merge of ${name(found)} on ${where(found)} does not come on: ${why}.${left === undefined ? '' : ` ${bytes(left)} are left.`}${held}`,
  );
}

/** What the phase of the mapping alone tells: a row with nothing behind it, a copy forgotten or not returned. */
export function byPhase(found: Situation): Trouble | undefined {
  const { image, far, chain } = found;
  const isBare = far === undefined || (!far.device && !far.local && !far.temp);
  if (image.row?.remoteHost != null && isBare && image.row.sync) {
    return mend(
      'stale row',
      'row without anything behind it',
      `The NAS has ${name(found)} as mapped to ${where(found)}, but there is no device and no volume of it there: a clean-up that stopped half way.`,
    );
  }
  if (chain.phase === 'not returned') {
    return mend(
      'not returned',
      'last copy to the NAS failed',
      `${name(found)} was unmapped, but its last copy to the NAS did not come to an end. It stays mapped and locked, and the volume on ${where(found)} is all that has what was written last.`,
    );
  }
  if (chain.phase !== 'interrupted') return undefined;
  return mend(
    'copy forgotten',
    'half mapped, and nobody goes on',
    `${name(found)} is mapped to ${where(found)} and was to be copied there, but no copy is under way: the daemon of the NAS forgets all copies when it starts, and a copy that failed is not tried again.`,
  );
}
