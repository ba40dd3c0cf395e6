import { reads } from '../core/host.js';
import { defineStep } from '../core/step.js';
import { linesOf } from '../core/text.js';
import { lookPreview, onlyLooks, type Look } from './looks.js';

/** Looks once whether something is so, and stops the run with what the host says where it is not. */
export const seeThat = defineStep<Look>({
  id: 'host.see-that',
  ...onlyLooks,
  preview: (params) => lookPreview(params, 'must say'),
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
});
