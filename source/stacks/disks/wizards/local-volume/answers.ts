import { z } from 'zod';
import { lvmName } from '../../../../steps/logical-volume/volume.js';

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  group: z.string().min(1).describe('HOST:VOLUME GROUP'),
  name: lvmName,
  /** GiB; rounded up to whole extents. */
  size: z.number().positive(),
  fileSystem: z.enum(['xfs', 'ext4']).default('xfs'),
  folder: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9_.:@+-]+)+$/, 'it must be a folder, such as /vol/local, without blanks')
    .refine((path) => !path.split('/').includes('..'), 'it must not lead upwards'),
  bootsWithout: z.boolean().default(true),
});

/** The answers, whole. */
export type LocalVolumeAnswers = z.infer<typeof answersSchema>;
