import { z } from 'zod';
import { reads } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { linesOf } from '../core/text.js';
import { showsSchema } from './looks.js';

const paramsSchema = z.strictObject({
  /** `see that every program runs`. */
  title: z.string().min(1),
  on: z.string(),
  shows: showsSchema,
});

/** The parameters of `host.see-that`. */
export type SeeThat = z.infer<typeof paramsSchema>;

/** Looks once whether something is so, and stops the run with what the host says where it is not. */
export const seeThat = defineStep<SeeThat>({
  id: 'host.see-that',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ title, on }) => ({ title, on }),
  preview: ({ shows }) => ({
    kind: 'looks',
    lines: [`${quoteAll(shows.argv)}  must say ${shows.expect}`],
  }),
  check: async (host, { shows }) => {
    const outcome = await host.run(reads(shows.argv, 30_000));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    const said = outcome.stdout.trim();
    if (said === shows.expect) return { kind: 'done' };
    const last = linesOf(said === '' ? outcome.stderr : said)
      .at(-1)
      ?.trim();
    return { kind: 'refused', because: last ?? `it ended with exit code ${outcome.code}` };
  },
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
});
