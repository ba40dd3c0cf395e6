import { z } from 'zod';
import { KEEPERS } from '../../mounting/add-mount.js';

const folder = z
  .string()
  .regex(
    /^\/[A-Za-z0-9_.@/-]*[A-Za-z0-9_.@-]$/,
    'it must be a folder, such as /mnt/lizardfs, without blanks',
  )
  .refine((path) => !path.split('/').includes('..'), 'it must not lead upwards');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  mountPoint: folder.default('/mnt/lizardfs'),
  master: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'it must be a host name or an IPv4 address')
    .default('mfsmaster'),
  keeper: z.enum(KEEPERS).default('fstab').describe('What mounts it after a restart'),
  folder: z
    .string()
    .regex(
      /^(?:[A-Za-z0-9_.@-]+(?:\/[A-Za-z0-9_.@-]+)*)?$/,
      'it must be a path in the file system, such as xen-sr',
    )
    .refine((path) => !path.split('/').includes('..'), 'it must not lead upwards')
    .default('')
    .describe('A folder to be made in the file system; empty: none'),
  goal: z
    .string()
    .regex(/^[A-Za-z0-9_]{0,32}$/, 'it must be the name or the number of a goal')
    .default('')
    .describe('Goal of that folder, by name or number; empty: as its parent'),
  test: z.boolean().default(true),
});

/** The answers, whole. */
export type MountAnswers = z.infer<typeof answersSchema>;
