import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,100}$/, 'a name of letters and digits');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  vm: name,
  nas: name,
  zpool: name,
  start: z.boolean().default(true),
});

/** The answers, whole. */
export type AssignAnswers = z.infer<typeof answersSchema>;
