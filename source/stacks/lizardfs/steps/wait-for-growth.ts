import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { adminCommand, ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import { isListed } from './disk-at.js';

const paramsSchema = z.strictObject({
  admin: z.enum(ADMIN_TOOLS),
  place: z.strictObject({ host: z.string().min(1), port: z.number().int().positive() }),
  wanted: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        addresses: z.array(z.string().min(1)),
        path: z.string().startsWith('/'),
        /** The total that the master must list at the least. */
        leastBytes: z.number().positive(),
      }),
    )
    .min(1),
});

/** The parameters of `lizardfs.wait-for-growth`. */
export type WaitForGrowth = z.infer<typeof paramsSchema>;

/** Waits until the master lists the larger size: a chunkserver looks at its disks once a minute. */
export const waitForGrowth = defineStep<WaitForGrowth>({
  id: 'lizardfs.wait-for-growth',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ wanted, place }) => ({
    title: `wait until the master sees ${count(wanted.length, 'larger disk')}`,
    on: `${place.host}:${place.port}`,
  }),
  preview: ({ admin, place, wanted }) => ({
    kind: 'looks',
    lines: [
      quoteAll(adminCommand(admin, queries.disks, place).argv),
      ...wanted.map(({ host, path, leastBytes }) => {
        return `${host}:${path}  must have ${bytes(leastBytes)} or more`;
      }),
    ],
  }),
  check: async (host, params) => {
    const small = await smallerOnes(host, params);
    return { kind: small?.length === 0 ? 'done' : 'notYet' };
  },
  commands: () => [],
  wait: {
    every: 3000,
    atMost: 300_000,
    progress: async (host, params) => {
      const small = await smallerOnes(host, params);
      if (!small) return { says: 'the master does not answer' };
      const all = params.wanted.length;
      return { says: `${all - small.length} of ${all} seen`, share: 1 - small.length / all };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

/** Those that the master does not list with their new size yet; undefined: it does not answer. */
async function smallerOnes(
  host: Reader,
  { admin, place, wanted }: WaitForGrowth,
): Promise<readonly string[] | undefined> {
  const disks = valueOf(await askAdmin(host, admin, queries.disks, place))?.disks;
  return (
    disks &&
    wanted
      .filter((one) => {
        const disk = disks.find((listed) => isListed(listed, one));
        return !disk || disk.totalBytes < one.leastBytes;
      })
      .map(({ path }) => path)
  );
}
