import { z } from 'zod';
import { quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { shown, showsSchema } from './looks.js';

const paramsSchema = z.strictObject({
  /** `see that mfsmaster means 10.0.0.1`. */
  title: z.string().min(1),
  on: z.string(),
  shows: showsSchema,
});

/** The parameters of `look.confirm`. */
export type ConfirmLook = z.infer<typeof paramsSchema>;

/** Believes only what a look at the host says; what takes a moment to show gets one. */
export const confirmLook = defineStep<ConfirmLook>({
  id: 'look.confirm',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ title, on }) => ({ title, on }),
  preview: ({ shows }) => ({
    kind: 'looks',
    lines: [`${quoteAll(shows.argv)}  must say ${shows.expect}`],
  }),
  check: (host, { shows }) => shown(host, shows),
  commands: () => [],
  wait: {
    every: 1000,
    atMost: 20_000,
    progress: () => Promise.resolve({ says: 'not yet' }),
  },
  undo: () => ({ kind: 'nothing' }),
});
