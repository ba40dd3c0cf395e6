import { z } from 'zod';
import { planSchema, type Plan } from './plan.js';

/**
 * A line of a run's journal: append-only, fsynced before and after each step, mode 0600. Secrets
 * never reach it, because commands with input keep that input out of their argument vector.
 */
export type JournalLine = { readonly at: string } & JournalEntry;

/** What a journal line says, without its time. */
export type JournalEntry =
  | { readonly kind: 'begun'; readonly run: string; readonly plan: Plan; readonly by: string }
  | { readonly kind: 'locked'; readonly host: string }
  /** It is not done and is about to be; what follows a crash must look whether it was. */
  | { readonly kind: 'starting'; readonly step: string }
  /** A guard is about to be armed on the host, under this name: see `Guard`. */
  | { readonly kind: 'armed'; readonly step: string; readonly guard: string }
  /** The host put a guarded change back; or made it again, while it was being taken back. */
  | { readonly kind: 'put-back'; readonly step: string }
  | {
      readonly kind: 'command';
      readonly step: string;
      readonly line: string;
      readonly ended: string;
    }
  | {
      readonly kind: 'done';
      readonly step: string;
      readonly how: 'did' | 'was done already';
      /** What the host showed, where that is worth keeping: its boot before and after. */
      readonly says?: string | undefined;
    }
  | { readonly kind: 'failed'; readonly step: string; readonly because: string }
  /** A person asked to take the run back; from here on it is never carried on. */
  | { readonly kind: 'undo'; readonly by: string }
  | { readonly kind: 'undoing'; readonly step: string }
  | { readonly kind: 'undone'; readonly step: string; readonly says: string }
  | { readonly kind: 'stopped'; readonly because: string }
  | { readonly kind: 'finished' };

const at = z.iso.datetime();
const step = z.string();

/** Reads a journal line; a torn last line (a crash while writing) is recognised by not fitting. */
export const journalLineSchema: z.ZodType<JournalLine> = z.discriminatedUnion('kind', [
  z.strictObject({
    at,
    kind: z.literal('begun'),
    run: z.string(),
    plan: planSchema,
    by: z.string(),
  }),
  z.strictObject({ at, kind: z.literal('locked'), host: z.string() }),
  z.strictObject({ at, kind: z.literal('starting'), step }),
  z.strictObject({ at, kind: z.literal('armed'), step, guard: z.string() }),
  z.strictObject({ at, kind: z.literal('put-back'), step }),
  z.strictObject({ at, kind: z.literal('command'), step, line: z.string(), ended: z.string() }),
  z.strictObject({
    at,
    kind: z.literal('done'),
    step,
    how: z.enum(['did', 'was done already']),
    says: z.string().optional(),
  }),
  z.strictObject({ at, kind: z.literal('failed'), step, because: z.string() }),
  z.strictObject({ at, kind: z.literal('undo'), by: z.string() }),
  z.strictObject({ at, kind: z.literal('undoing'), step }),
  z.strictObject({ at, kind: z.literal('undone'), step, says: z.string() }),
  z.strictObject({ at, kind: z.literal('stopped'), because: z.string() }),
  z.strictObject({ at, kind: z.literal('finished') }),
]);
