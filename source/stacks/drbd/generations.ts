import type { Generations } from './read/generations.js';

/** How one side's data stands to the other's. */
export type Relation =
  | 'same'
  /** The first side has all that the other has, and more. */
  | 'ahead'
  | 'behind'
  /** Both went on from the same data, each on its own. */
  | 'split'
  /** Nothing in common is known. */
  | 'unrelated';

const NONE = '0000000000000000';

/** The last bit says Primary or not, and is no part of the identity. */
function identity(uuid: string): string {
  const last = Number.parseInt(uuid.slice(-1), 16);
  return `${uuid.slice(0, -1)}${(last & ~1).toString(16).toUpperCase()}`;
}

/**
 * What DRBD itself will conclude when these two meet, from the generation identifiers alone: the
 * order of the rules is that of `drbd_uuid_compare` in the driver (40, 50 to 60, 70 to 80, 90, 100).
 */
export function compareGenerations(a: Generations, b: Generations): Relation {
  const [currentA, bitmapA, ...historyA] = [a.current, a.bitmap, ...a.history].map(identity);
  const [currentB, bitmapB, ...historyB] = [b.current, b.bitmap, ...b.history].map(identity);
  if (currentA === undefined || currentB === undefined) return 'unrelated';
  const same = (x: string | undefined, y: string | undefined) => x === y && x !== NONE;
  if (same(currentA, currentB)) return 'same';
  if (same(currentA, bitmapB)) return 'behind';
  if (historyB.some((past) => same(currentA, past))) return 'behind';
  if (same(bitmapA, currentB)) return 'ahead';
  if (historyA.some((past) => same(past, currentB))) return 'ahead';
  if (same(bitmapA, bitmapB)) return 'split';
  const pastA = [bitmapA, ...historyA];
  const pastB = [bitmapB, ...historyB];
  return pastA.some((x) => pastB.some((y) => same(x, y))) ? 'split' : 'unrelated';
}

/** An identifier as people compare it: its first and last four digits. */
export function shortUuid(uuid: string): string {
  return identity(uuid) === NONE ? '–' : `${uuid.slice(0, 4)}…${uuid.slice(-4)}`;
}
