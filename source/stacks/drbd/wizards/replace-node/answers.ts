import { z } from 'zod';
import { resourceName } from '../../steps/side.js';

const host = z.string().min(1);

/** What the wizard is told: who lives, who comes, and where it is reached. */
export const answersSchema = z.strictObject({
  first: host,
  resource: resourceName,
  second: host,
  address: z.ipv4('it must be an IPv4 address'),
});

/** The answers, whole. */
export type ReplaceAnswers = z.infer<typeof answersSchema>;
