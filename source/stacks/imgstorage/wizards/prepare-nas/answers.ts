import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,100}$/, 'a name of letters and digits');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  nas: name,
  pools: z.array(name).min(1),
  containers: z.array(name).default([]),
  copies: z.boolean().default(true),
  containerPool: z.union([name, z.literal('')]).default(''),
  network: z
    .union([name, z.literal('')])
    .default('')
    .describe('A network of Rocks for iSCSI and copies; empty: left as it is'),
});

/** The answers, whole. */
export type PrepareAnswers = z.infer<typeof answersSchema>;
