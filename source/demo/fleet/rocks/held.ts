import type { Fleet } from '../state.js';
import { datasets, together } from './storage/devices.js';
import type { Content } from './state.js';

/**
 * How new the newest data of an image is that some volume still holds, whether its host is up or not:
 * the highest number of writes; -1: none. A memory of a snapshot counts with whatever it fits to.
 */
export function newestHeld(fleet: Fleet, image: string): number {
  const all = (fleet.rocks?.nodes ?? []).flatMap((node) => datasets(node));
  const contents = all.flatMap(({ content, snapshots }) => [
    content,
    ...snapshots.map((one) => one.content),
  ]);
  const whole = all.flatMap(({ content }) => (content ? [content] : []));
  const joined = all.flatMap(({ cow }) => (cow ? whole.map((one) => together(one, cow)) : []));
  return [...contents, ...joined]
    .filter((one): one is Content => one?.image === image && !one.torn)
    .reduce((newest, { writes }) => Math.max(newest, writes), -1);
}
