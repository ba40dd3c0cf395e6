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

/** As mfsscadmin(1) takes it: `*` is any server, letters are labels, `+` is or, joined letters are and. */
const classSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/, 'a letter, then letters, digits and _')
    .describe('1 to 9 are there from the beginning'),
  keep: z
    .string()
    .regex(
      /^(?:[1-9]?(?:\*|[A-Z]+(?:\+[A-Z]+)*))(?:,[1-9]?(?:\*|[A-Z]+(?:\+[A-Z]+)*))*$/,
      'labels as mfsscadmin(1) has them: *,* or 2A,B',
    ),
});

function complain(because: string | undefined, context: z.RefinementCtx): void {
  if (because !== undefined) context.addIssue({ code: 'custom', message: because });
}

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  master: host,
  shadows: z.array(host).default([]),
  masterHost: z
    .string()
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]*)?$/, 'it must be a name or an address')
    .default('')
    .describe('where the shadows find the master; not asked of MooseFS'),
  password: z.enum(['make', 'ask', 'none']).default('make'),
  exports: z.array(exportSchema).min(1, 'without any nobody can mount the file system'),
  goals: z.array(goalSchema).default([]),
  classes: z.array(classSchema).default([]).describe('MooseFS: storage classes that are made'),
  metaloggers: z
    .array(host)
    .default([])
    .describe('MooseFS: hosts that keep a copy of the metadata'),
});

/** A storage class of MooseFS. */
export type StorageClass = z.infer<typeof classSchema>;

/** The answers, whole. */
export type MasterAnswers = z.infer<typeof answersSchema>;

/** An export as a row of the answers. */
export function exportRow({ range, path, options }: Export) {
  return { range, path, options: options.join(',') };
}
