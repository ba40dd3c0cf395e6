import { z } from 'zod';
import { exportFault, type Export } from '../../../../files/mfsexports.js';
import { goalFault, type Goal } from '../../../../files/mfsgoals.js';

const host = z.string().min(1);

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  master: host,
  shadows: z.array(host).default([]),
  masterHost: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'it must be a name or an address')
    .describe('where the shadows find the master'),
  password: z.enum(['make', 'ask', 'none']).default('make'),
  exports: z
    .string()
    .transform((text, context) => readTable(text, context, exportIn, exportFault))
    .describe('RANGE PATH OPTIONS, several parted by ;'),
  goals: z
    .string()
    .default('')
    .transform((text, context) => readTable(text, context, goalIn, goalFault))
    .describe('ID NAME : DEFINITION, several parted by ;'),
});

/** The answers, whole. */
export type MasterAnswers = z.infer<typeof answersSchema>;

function readTable<T>(
  text: string,
  context: z.RefinementCtx,
  read: (row: string) => T | undefined,
  fault: (row: T) => string | undefined,
): readonly T[] {
  const rows = text.split(';').flatMap((row) => (row.trim() === '' ? [] : [row.trim()]));
  return rows.flatMap((row) => {
    const one = read(row);
    const because = one === undefined ? `${JSON.stringify(row)} is not of that form` : fault(one);
    if (one !== undefined && because === undefined) return [one];
    context.addIssue({ code: 'custom', message: because ?? '' });
    return [];
  });
}

function exportIn(row: string): Export | undefined {
  const [range, path, options = '', more] = row.split(/\s+/);
  if (range === undefined || path === undefined || more !== undefined) return undefined;
  return { range, path, options: options.split(',').filter((one) => one !== '') };
}

function goalIn(row: string): Goal | undefined {
  const [, id, name, definition] = /^(\d+)\s+(\S+?)\s*:\s*(.+)$/.exec(row) ?? [];
  if (id === undefined || name === undefined || definition === undefined) return undefined;
  return { id: Number(id), name, definition };
}

/** An export as the answers write it. */
export function exportText({ range, path, options }: Export): string {
  return [range, path, options.join(',')].filter((word) => word !== '').join(' ');
}
