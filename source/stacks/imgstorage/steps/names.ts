import { z } from 'zod';

/** A host as Rocks calls it. */
export const hostName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,100}$/, 'no name of a host');

/** A pool of ZFS; never a volume in one. */
export const poolName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.:-]{0,100}$/, 'no name of a pool');
