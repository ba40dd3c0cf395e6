import { z } from 'zod';
import { resourceName } from '../../steps/side.js';

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  resource: resourceName,
  /** Of the volumes then, in GiB; rounded up to whole extents. */
  size: z.number().positive(),
});

/** The answers, whole. */
export type GrowAnswers = z.infer<typeof answersSchema>;
