import { z } from 'zod';
import { reads } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { resourceName } from '../steps/side.js';
import { comparisonFolder } from './place.js';
import { dropCommand } from './side-work.js';

const paramsSchema = z.strictObject({
  resource: resourceName,
  volume: z.number().int().nonnegative(),
});

/** Takes away what a comparison left on a host: once a side gave way it tells of nothing any more. */
export const forgetComparison = defineStep<z.infer<typeof paramsSchema>>({
  id: 'drbd.forget-comparison',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: (params) => ({ title: 'forget the comparison', on: comparisonFolder(params) }),
  preview: (params) => ({
    kind: 'commands',
    lines: [quoteAll(['rm', '-rf', '--', comparisonFolder(params)])],
  }),
  check: async (host, params) => {
    const outcome = await host.run(reads(['test', '-e', comparisonFolder(params)]));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    return { kind: outcome.code === 0 ? 'notYet' : 'done' };
  },
  commands: (params) => [dropCommand(params)],
  undo: () => ({ kind: 'nothing' }),
});
