import { reads } from '../core/host.js';
import { defineStep } from '../core/step.js';
import { linesOf } from '../core/text.js';
import { lookPreview, onlyLooks, shown, type Look } from './looks.js';

/** Waits until a look at the host says what is expected; what it says until then is the progress. */
export const waitUntil = defineStep<Look>({
  id: 'wait.until',
  ...onlyLooks,
  preview: (params) => lookPreview(params, 'until it says'),
  check: (host, { shows }) => shown(host, shows),
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
});
