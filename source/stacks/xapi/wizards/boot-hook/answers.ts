import { z } from 'zod';
import { uuidSchema } from '../../steps/params.js';

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  repository: uuidSchema,
  way: z.enum(['unit', 'driver']).default('unit'),
  rebootTest: z.boolean().default(false),
});

/** The answers, whole. */
export type HookAnswers = z.infer<typeof answersSchema>;
