import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { count, listed } from '../../../core/text.js';
import { adminCommand, ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import { isListed } from './disk-at.js';

const paramsSchema = z.strictObject({
  admin: z.enum(ADMIN_TOOLS),
  place: z.strictObject({ host: z.string().min(1), port: z.number().int().positive() }),
  /** What the master must list: paths, each on any of the addresses of its host. */
  wanted: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        addresses: z.array(z.string().min(1)),
        paths: z.array(z.string().startsWith('/')).min(1),
      }),
    )
    .min(1),
});

/** The parameters of `lizardfs.wait-for-disks`. */
export type WaitForDisks = z.infer<typeof paramsSchema>;

/** Waits until the master lists disks as whole: the only proof that the cluster uses them. */
export const waitForDisks = defineStep<WaitForDisks>({
  id: 'lizardfs.wait-for-disks',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ wanted, place }) => {
    const disks = wanted.flatMap(({ paths }) => paths).length;
    return {
      title: `wait until the master lists ${disks === 1 ? 'the new disk' : `the ${disks} new disks`}`,
      on: `${place.host}:${place.port}`,
    };
  },
  preview: ({ admin, place }) => ({
    kind: 'looks',
    lines: [quoteAll(adminCommand(admin, queries.disks, place).argv)],
  }),
  check: async (host, params): Promise<Verdict> => {
    const seen = await see(host, params);
    if (seen === undefined) return { kind: 'notYet' };
    if (seen.damaged.length > 0) {
      return {
        kind: 'refused',
        because: `the chunkserver takes ${listed(seen.damaged)} for damaged: look whether it may write there and at its log`,
      };
    }
    return { kind: seen.missing.length === 0 ? 'done' : 'notYet' };
  },
  commands: () => [],
  wait: {
    every: 2000,
    atMost: 180_000,
    progress: async (host, params): Promise<Progress> => {
      const seen = await see(host, params);
      if (seen === undefined) return { says: 'the master does not answer' };
      const all = seen.missing.length + seen.listed;
      const says = `${seen.listed} of ${count(all, 'disk')} listed`;
      return { says, share: all === 0 ? 1 : seen.listed / all };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

/** How the wanted disks stand with the master. */
interface Seen {
  readonly listed: number;
  /** `host:path` */
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
}

async function see(
  host: Reader,
  { admin, place, wanted }: WaitForDisks,
): Promise<Seen | undefined> {
  // A part of the answer is worth reading: another server may hang and ours be listed.
  const disks = valueOf(await askAdmin(host, admin, queries.disks, place))?.disks;
  if (!disks) return undefined;
  const states = wanted.flatMap((one) =>
    one.paths.map((path) => ({
      name: `${one.host}:${path}`,
      disk: disks.find((disk) => isListed(disk, { ...one, path })),
    })),
  );
  const missing = states.filter(({ disk }) => disk === undefined).map(({ name }) => name);
  return {
    missing,
    listed: states.length - missing.length,
    damaged: states.filter(({ disk }) => disk?.damaged === true).map(({ name }) => name),
  };
}
