import { z } from 'zod';
import { isOption } from '../../../../files/exports.js';

const rowSchema = z.strictObject({
  path: z
    .string()
    .regex(
      /^\/[A-Za-z0-9_.@/-]*[A-Za-z0-9_.@-]$/,
      'it must be a folder, such as /vol/data, without blanks',
    ),
  client: z
    .string()
    .regex(/^[A-Za-z0-9*?@[\]_.:/-]+$/, 'it must be an address, a network, a name, @group or *'),
  options: z
    .string()
    .refine(
      (text) => text === '' || text.split(',').every(isOption),
      'it has an option that exports(5) does not know',
    )
    .default('rw,sync,no_subtree_check'),
});

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  exports: z.array(rowSchema),
  withdraw: z
    .array(z.string().min(1))
    .default([])
    .describe('Exports of now that may be withdrawn, as CLIENT:PATH'),
});

/** The answers, whole. */
export type ExportsAnswers = z.infer<typeof answersSchema>;
