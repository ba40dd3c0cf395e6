import { z } from 'zod';
import type { Touch } from '../../../core/touch.js';

/** An identifier of xapi's database. Old ones are no version 4, so only the shape is looked at. */
export const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'it must be a UUID');

/** A folder that can be written in a device-config: lists show it unescaped, so no blanks. */
export const locationSchema = z
  .string()
  .regex(/^\/[A-Za-z0-9_.:@+/-]*$/, 'it must be a folder such as /mnt/lizardfs/sr, without blanks');

/** Which PBD a step is about: a host has at most one for a repository. */
export const plugSchema = z.strictObject({
  sr: uuidSchema,
  /** How it is called, for the review. */
  srName: z.string(),
  /** UUID of the host in its pool. */
  host: uuidSchema,
  /** The folder of a `file` repository; null: the driver mounts by itself. */
  location: locationSchema.nullable(),
});

/** Which PBD a step is about. */
export type PlugParams = z.infer<typeof plugSchema>;

/**
 * The storage that a PBD takes into use, now or when xapi attaches it at the next boot. What a driver
 * mounts by itself is no storage of the host.
 */
export function storageOf({ location }: PlugParams): readonly Touch[] {
  return location === null ? [] : [{ kind: 'folder', path: location }];
}
