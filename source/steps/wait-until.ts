import { z } from 'zod';
import { reads } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { linesOf } from '../core/text.js';
import { shown, showsSchema } from './looks.js';

const paramsSchema = z.strictObject({
  /** `wait until the resource is connected`. */
  title: z.string().min(1),
  on: z.string(),
  shows: showsSchema,
});

/** The parameters of `wait.until`. */
export type WaitUntil = z.infer<typeof paramsSchema>;

/** Waits until a look at the host says what is expected; what it says until then is the progress. */
export const waitUntil = defineStep<WaitUntil>({
  id: 'wait.until',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ title, on }) => ({ title, on }),
  preview: ({ shows }) => ({
    kind: 'looks',
    lines: [`${quoteAll(shows.argv)}  until it says ${shows.expect}`],
  }),
  check: (host, { shows }) => shown(host, shows),
  commands: () => [],
  wait: {
    every: 2000,
    atMost: 600_000,
    progress: async (host, { shows }) => {
      const outcome = await host.run(reads(shows.argv));
      if (outcome.kind !== 'exited') return { says: outcome.reason };
      const said = linesOf(outcome.stdout).at(-1)?.trim() ?? '';
      return { says: said === '' ? 'it says nothing yet' : `it says ${said}` };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});
