import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,100}$/, 'a name of letters and digits');
const empty = z.literal('');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  action: z.enum(['map', 'unmap', 'remove']),
  /** Of an image that is there: `nas-0-0:vol1`; of a new one empty. */
  image: z.string().max(220).default(''),
  nas: z.union([name, empty]).default(''),
  zpool: z.union([name, empty]).default(''),
  /** Of a new image. */
  name: z
    .union([
      z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}$/, 'letters, digits, _ . and -'),
      empty,
    ])
    .default(''),
  gigabytes: z.number().int().positive().max(65_536).default(36),
  container: z.union([name, empty]).default(''),
  mode: z.enum(['copied', 'direct']).default('copied'),
  remotePool: z.union([name, empty]).default(''),
});

/** The answers, whole. */
export type ImageAnswers = z.infer<typeof answersSchema>;
