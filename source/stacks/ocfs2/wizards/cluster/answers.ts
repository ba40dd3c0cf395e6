import { z } from 'zod';

const folder = z
  .string()
  .regex(
    /^\/[A-Za-z0-9_.@/-]*[A-Za-z0-9_.@-]$/,
    'it must be a folder, such as /vol/small, without blanks',
  )
  .refine((path) => !path.split('/').includes('..'), 'it must not lead upwards');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(2, 'a cluster has at least two nodes'),
  cluster: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/, 'it must be at most 16 letters and digits')
    .default('ocfs2'),
  network: z
    .string()
    .default('')
    .describe(
      'The network of the nodes, such as 192.168.3.0/24; not asked where they have a cluster',
    ),
  device: z.string().min(1, 'choose a device').describe('As the hosts name it: /dev/drbd0'),
  fileSystem: z.enum(['new', 'existing']).default('new'),
  accept: z
    .array(z.string().min(1))
    .default([])
    .describe('What is on the device and may be lost, each by its name: ext4'),
  label: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,63}$/, 'it must be a word without blanks')
    .default('data'),
  slots: z.number().int().min(1).max(255).default(2),
  use: z.enum(['any', 'mail', 'datafiles', 'vmstore']).default('any'),
  features: z.enum(['default', 'max-features', 'max-compat']).default('default'),
  mountPoint: folder.default('/vol/data'),
  options: z
    .string()
    .regex(/^(?:[A-Za-z0-9_.:=/-]+(?:,[A-Za-z0-9_.:=/-]+)*)?$/, 'it must be options by commas')
    .refine((text) => !text.split(',').includes('nofail'), 'OCFS2 cannot be mounted with nofail')
    .default('noatime,nodiratime'),
  test: z.boolean().default(true),
});

/** The answers, whole. */
export type ClusterAnswers = z.infer<typeof answersSchema>;
