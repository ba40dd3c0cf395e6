import { count } from '../../../core/text.js';
import { bytes, clockTime } from '../../../core/units.js';
import type { Side } from './side.js';

/**
 * What is lost when a side gives up its data, a sentence each. The bitmap counts blocks of 4 KiB
 * that were written, not bytes, and knows nothing of files.
 */
export function losses(victim: Side, survivor: Side): readonly string[] {
  const { host, changedKiB, ownSince, volumes } = victim;
  const since = ownSince === undefined ? 'since the sides parted' : `since ${clockTime(ownSince)}`;
  const kept = `${survivor.host}'s data takes its place.`;
  if (changedKiB === null) {
    return [`All that ${host} wrote ${since} is lost, how much is not known; ${kept}`];
  }
  if (changedKiB === 0) {
    return [`Nothing is lost: ${host} wrote nothing ${since}; ${kept}`];
  }
  const on = volumes.length > 1 ? ` on ${count(volumes.length, 'volume')}` : '';
  return [`All that ${host} wrote ${since} is lost: ${bytes(changedKiB * 1024)}${on}; ${kept}`];
}

/** Whether anything is lost at all. */
export function losesAnything({ changedKiB }: Side): boolean {
  return changedKiB !== 0;
}
