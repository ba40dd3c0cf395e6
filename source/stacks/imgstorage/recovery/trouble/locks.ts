import { clean } from '../../../../core/text.js';
import { duration } from '../../../../core/units.js';
import type { Situation } from '../look.js';
import { GUIDE } from '../own.js';
import { mend, miss, name, where, type Trouble } from './kinds.js';

/** A call that is answered takes this long at the most, in s; what is older is not being answered. */
const PATIENCE = 120;

/** The guide itself was left half way, here or by another console. */
export function halfDone(found: Situation): Trouble | undefined {
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

/** A lock that no call gives back any more. */
export function deadLock(found: Situation): Trouble | undefined {
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
