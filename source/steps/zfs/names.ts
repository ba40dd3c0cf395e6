import { z } from 'zod';

const PART = '[A-Za-z0-9][A-Za-z0-9_.:-]*';

/**
 * A volume by its full name (zfsconcepts(7)): the pool, a slash, and what is within. A pool alone does
 * not fit, and neither does a snapshot.
 */
export const volumeName = z
  .string()
  .max(200)
  .regex(new RegExp(`^${PART}(?:/${PART})+$`), 'no full name of a volume: POOL/VOLUME');

/** What stands behind the `@` of a snapshot's name. */
export const snapshotName = z
  .string()
  .max(120)
  .regex(new RegExp(`^${PART}$`), 'no name of a snapshot');

/** A data set's own number: the same for a snapshot and for all that were received of it. */
export const guid = z.string().regex(/^\d{1,20}$/, 'no guid');

/** Where the device of a volume is found. */
export function zvolPath(volume: string): string {
  return `/dev/zvol/${volume}`;
}
