import { z } from 'zod';
import { locationSchema, uuidSchema } from '../../steps/params.js';

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  pool: z.string().min(1),
  mode: z.enum(['new', 'existing']),
  location: locationSchema,
  name: z
    .string()
    .min(1)
    .max(120)
    .regex(/^[^\p{Cc}]+$/u, 'it must be one line of text'),
  contentType: z.enum(['user', 'iso']).default('user'),
  uuid: z
    .union([uuidSchema, z.literal('')])
    .default('')
    .describe('Of a repository that is there already; empty: it is found or made'),
});

/** The answers, whole. */
export type SrAnswers = z.infer<typeof answersSchema>;
