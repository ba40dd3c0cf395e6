import { clean, listed } from '../../../core/text.js';
import { bytes, duration } from '../../../core/units.js';
import { strangersAt } from '../chain.js';
import { writtenBeside } from '../newest.js';
import type { Situation } from './look.js';
import { GUIDE } from './own.js';

/** What is the matter with an image. */
export interface Trouble {
  readonly kind:
    | 'not read'
    | 'in order'
    | 'at work'
    | 'in use elsewhere'
    | 'two containers'
    | 'container gone'
    | 'snapshot broken'
    | 'merge stalled'
    | 'copy forgotten'
    | 'not returned'
    | 'dead lock'
    | 'stale row'
    | 'left over'
    | 'broken chain';
  /** Short: `snapshot Invalid`. */
  readonly verdict: string;
  readonly mendable: boolean;
  readonly happened: string;
  readonly todo: string;
}

/** A call that is answered takes this long at the most, in s; what is older is not being answered. */
const PATIENCE = 120;

/** What is the matter, the gravest first; each is judged by facts of this moment. */
export function troubleOf(found: Situation): Trouble {
  return (
    notRead(found) ??
    elsewhere(found) ??
    twice(found) ??
    gone(found) ??
    brokenSnapshot(found) ??
    halfDone(found) ??
    atWork(found) ??
    stalled(found) ??
    byPhase(found) ??
    deadLock(found) ??
    leftOver(found) ??
    brokenChain(found) ??
    inOrder(found)
  );
}

function name({ image }: Situation): string {
  return image.subject;
}

function where({ far, image }: Situation): string {
  return clean(far?.container.name ?? image.row?.remoteHost ?? 'the container');
}

function miss(kind: Trouble['kind'], verdict: string, happened: string, todo: string): Trouble {
  return { kind, verdict, mendable: false, happened, todo };
}

function mend(
  kind: Trouble['kind'],
  verdict: string,
  happened: string,
  todo = 'Look at the ways, and at what each of them loses, and choose.',
): Trouble {
  return { kind, verdict, mendable: true, happened, todo };
}

function notRead(found: Situation): Trouble | undefined {
  const { nas } = found.image;
  const unread = [nas.tables, nas.targets, nas.volumes].find(({ ok }) => !ok);
  if (!unread || unread.ok) return undefined;
  const happened = `${clean(nas.name)} could not be looked at whole: ${clean(unread.because)}.`;
  return miss(
    'not read',
    'NAS not read',
    happened,
    'Nothing is planned without it. Make it answer, and ask again.',
  );
}

function elsewhere(found: Situation): Trouble | undefined {
  const strangers = strangersAt(found.image).map(clean);
  if (strangers.length === 0) return undefined;
  const { row } = found.image;
  const mapped = row?.remoteHost == null ? 'not mapped' : `mapped to ${clean(row.remoteHost)}`;
  return mend(
    'in use elsewhere',
    'target in use by another host',
    `${name(found)} is ${mapped}, but ${listed(strangers)} ${strangers.length === 1 ? 'is' : 'are'} logged in at its target. A target is not removed while somebody uses it, and two hosts that write on one image destroy it.`,
    `See first what ${listed(strangers)} has on that disk, stop it, and log out there: then the other ways are open. To throw it out is the last way.`,
  );
}

function twice({ others, far, image }: Situation): Trouble | undefined {
  const holding = [...(far ? [far] : []), ...others].filter(
    ({ device, local, temp }) => (device ?? local ?? temp) !== undefined,
  );
  if (holding.length < 2) return undefined;
  const names = listed(holding.map(({ container }) => clean(container.name)));
  return miss(
    'two containers',
    'data on two containers',
    `${names} both have volumes of ${image.subject}. Which of them was written last does not show in their dates alone.`,
    'See which of them its guest ran on last, set the other’s volumes aside by hand (`zfs rename`), and ask again.',
  );
}

function gone(found: Situation): Trouble | undefined {
  const { image, container } = found;
  if (image.row?.remoteHost == null || container.host !== undefined) return undefined;
  const { far } = found;
  const why =
    far && !far.container.devices.ok ? far.container.devices.because : 'it did not answer';
  return mend(
    'container gone',
    'container gone',
    `${name(found)} is mapped to ${where(found)}, which could not be looked at: ${clean(why)}. What was written there since the last copy is there alone.`,
    `Bring ${where(found)} back and ask again: then what it has can be saved. Give it up only if it is gone for good.`,
  );
}

function brokenSnapshot(found: Situation): Trouble | undefined {
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

/** The guide itself was left half way, here or by another console. */
function halfDone(found: Situation): Trouble | undefined {
  const { lock } = found.image;
  if (lock?.replyTo.startsWith(GUIDE) !== true) return undefined;
  const since = lock.replyTo.slice(GUIDE.length);
  return mend(
    'dead lock',
    'guide half done',
    `${name(found)} is locked by a run of this guide that was begun at ${clean(since)} (UTC) and did not come to its end.`,
    'If that run is at hand (`holdfast runs`), resume it or take it back. Else choose a way here: it begins from how things are now.',
  );
}

/** A copy or a merge that is under way ends by itself; to mend beneath it would destroy it. */
function atWork(found: Situation): Trouble | undefined {
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

function stalled(found: Situation): Trouble | undefined {
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

function byPhase(found: Situation): Trouble | undefined {
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

function deadLock(found: Situation): Trouble | undefined {
  const { image, chain, container, far } = found;
  const { lock, nas } = image;
  if (!lock) return undefined;
  const age = nas.at === null ? undefined : Math.max(0, nas.at - lock.since);
  const held = age === undefined ? '' : ` for ${duration(age)}`;
  if (age !== undefined && age < PATIENCE) {
    const happened = `${name(found)} is locked${held}: a call for it is being answered.`;
    return miss('at work', 'call under way', happened, 'Wait some minutes, and ask again.');
  }
  const open = far?.device?.open ?? 0;
  if (chain.phase === 'unmapping' && open > 0 && container.pid !== undefined) {
    return miss(
      'at work',
      'unmapping waits for an open device',
      `${where(found)} was told to unmap ${name(found)}${held} and waits until nobody has its device open: ${found.openBy ?? 'by whom cannot be seen'}.`,
      'Shut that guest down: the unmapping goes on by itself within a second.',
    );
  }
  return mend(
    'dead lock',
    'lock of a dead call',
    `${name(found)} is locked${held} by a call that nobody answers any more. Every further call is refused as busy.`,
  );
}

function leftOver(found: Situation): Trouble | undefined {
  const { image, far, chain } = found;
  if (image.row && image.row.remoteHost !== null) {
    if (!far?.temp || far.device?.target !== 'linear') return undefined;
    return mend(
      'left over',
      'temp-write volume left behind',
      `${name(found)} was merged on ${where(found)}, but ${clean(far.temp.name)} is still there. Its mapping is in order.`,
    );
  }
  const left = chain.links.filter(({ standing }) => standing === 'left over');
  if (left.length === 0) return undefined;
  const state = image.row ? 'is not mapped' : 'has no row on its NAS';
  return mend(
    'left over',
    'left over of a mapping',
    `${name(found)} ${state}, but there is still ${listed(
      left.map(({ part, says }) => `${part} (${says})`),
      6,
    )}. Mapping it again destroys what lies on the container without a question.`,
  );
}

function brokenChain(found: Situation): Trouble | undefined {
  const { broken } = found.chain;
  if (!broken) return undefined;
  const says = broken.says === '' ? '' : ` (${broken.says})`;
  return mend(
    'broken chain',
    `${broken.part} ${broken.standing}`,
    `${name(found)} (${found.chain.phase}): the ${broken.part} is ${broken.standing}${says}.`,
  );
}

function inOrder(found: Situation): Trouble {
  const unknown = found.chain.unknown.map(({ part }) => part);
  const but = unknown.length === 0 ? '' : ` The ${listed(unknown)} could not be looked at.`;
  return miss(
    'in order',
    found.chain.phase,
    `Nothing of ${name(found)} is out of order (${found.chain.phase}).${but}`,
    'There is nothing to mend.',
  );
}
