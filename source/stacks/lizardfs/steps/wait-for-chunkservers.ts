import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { grouped, listed } from '../../../core/text.js';
import { adminCommand, ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';

const paramsSchema = z.strictObject({
  admin: z.enum(ADMIN_TOOLS),
  place: z.strictObject({ host: z.string().min(1), port: z.number().int().positive() }),
  /** The chunkservers that must be connected, by host, each at any of its addresses. */
  wanted: z
    .array(z.strictObject({ host: z.string().min(1), addresses: z.array(z.string()).min(1) }))
    .min(1),
});

/** The parameters of `lizardfs.wait-for-chunkservers`. */
export type WaitForChunkservers = z.infer<typeof paramsSchema>;

/** Waits until the master has the chunkservers: until then every chunk counts as lost there. */
export const waitForChunkservers = defineStep<WaitForChunkservers>({
  id: 'lizardfs.wait-for-chunkservers',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ place }) => ({
    title: 'wait until the chunkservers are connected',
    on: `${place.host}:${place.port}`,
  }),
  preview: ({ admin, place, wanted }) => ({
    kind: 'looks',
    lines: [
      `${quoteAll(adminCommand(admin, queries.chunkservers, place).argv)}  until it lists ${listed(
        wanted.map(({ host }) => host),
        12,
      )} as connected`,
    ],
  }),
  check: async (host, params): Promise<Verdict> => {
    return { kind: (await missing(host, params))?.length === 0 ? 'done' : 'notYet' };
  },
  commands: () => [],
  wait: {
    every: 2000,
    atMost: 300_000,
    progress: async (host, params): Promise<Progress> => {
      const away = await missing(host, params);
      if (!away) return { says: 'the master does not answer' };
      const { wanted } = params;
      const health = valueOf(await askAdmin(host, params.admin, queries.health, params.place));
      const lost = (health?.availability ?? []).reduce((sum, goal) => sum + goal.lost, 0);
      return {
        says: `${listed(away)} not connected yet; ${grouped(lost)} chunks cannot be read`,
        share: (wanted.length - away.length) / wanted.length,
      };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

async function missing(
  host: Reader,
  { admin, place, wanted }: WaitForChunkservers,
): Promise<readonly string[] | undefined> {
  const found = valueOf(await askAdmin(host, admin, queries.chunkservers, place));
  if (!found) return undefined;
  const there = new Set(
    found.servers
      .filter(({ connected }) => connected)
      .map(({ address }) => address.slice(0, address.lastIndexOf(':'))),
  );
  return wanted.flatMap(({ host: name, addresses }) =>
    addresses.some((one) => there.has(one)) ? [] : [name],
  );
}
