import { z } from 'zod';
import { exportFault, type Export } from '../../../../files/mfsexports.js';
import { goalFault } from '../../../../files/mfsgoals.js';

const host = z.string().min(1);

const exportSchema = z
  .strictObject({ range: z.string(), path: z.string(), options: z.string().default('') })
  .transform(({ range, path, options }): Export => ({
    range,
    path,
    options: options.split(',').filter((one) => one !== ''),
  }))
  .superRefine((row, context) => complain(exportFault(row), context));

const goalSchema = z
  .strictObject({ id: z.number(), name: z.string(), definition: z.string() })
  .superRefine((row, context) => complain(goalFault(row), context));

function complain(because: string | undefined, context: z.RefinementCtx): void {
  if (because !== undefined) context.addIssue({ code: 'custom', message: because });
}

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  master: host,
  shadows: z.array(host).default([]),
  masterHost: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'it must be a name or an address')
    .describe('where the shadows find the master'),
  password: z.enum(['make', 'ask', 'none']).default('make'),
  exports: z.array(exportSchema).min(1, 'without any nobody can mount the file system'),
  goals: z.array(goalSchema).default([]),
});

/** The answers, whole. */
export type MasterAnswers = z.infer<typeof answersSchema>;

/** An export as a row of the answers. */
export function exportRow({ range, path, options }: Export) {
  return { range, path, options: options.join(',') };
}
