import { z } from 'zod';
import type { Command } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { ROCKS } from '../roll.js';
import { lookInMap, rollSaid } from './mapping.js';
import { hostName, poolName } from './names.js';
import { imageName } from './row.js';

const paramsSchema = z.strictObject({
  nas: hostName,
  zpool: poolName,
  zvol: imageName,
  /** What is lost with it, in words. */
  loses: z.string().min(1),
});

/** The parameters of `imgstorage.remove-image`. */
export type RemoveImage = z.infer<typeof paramsSchema>;

/**
 * Removes an image with its snapshots through the roll itself, which refuses one that is mapped. Neither
 * name can hold a slash, so what is destroyed is always a volume in a pool and never a pool.
 */
export const removeImage = defineStep<RemoveImage>({
  id: 'imgstorage.remove-image',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: () => [],
  tell: ({ nas, zpool, zvol, loses }) => ({
    title: 'remove the image',
    on: `${nas}:${zpool}/${zvol}`,
    loses,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(remove(params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const look = await lookInMap(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (!look.entry) return { kind: 'done' };
    if (look.entry.host !== null) {
      return { kind: 'refused', because: `${params.zvol} is mapped to ${look.entry.host}` };
    }
    const pool = look.entry.zpool;
    if (pool !== params.zpool) {
      return {
        kind: 'refused',
        because: `its row says the pool ${pool ?? '(none)'}, not ${params.zpool}`,
      };
    }
    return { kind: 'notYet' };
  },
  commands: (params) => [remove(params)],
  explain: rollSaid,
  undo: ({ zvol }) => ({ kind: 'impossible', because: `${zvol} is destroyed` }),
});

function remove({ nas, zpool, zvol }: RemoveImage): Command<'destroys'> {
  const argv = [ROCKS, 'remove', 'host', 'storageimg', nas, zpool, zvol];
  return { argv, effect: 'destroys', deadline: 300_000 };
}
