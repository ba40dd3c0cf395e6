import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { readVerifyLog } from '../read/verify-log.js';
import { connectionOf, devicesOf, drbdadm, lookAtSide, sideSchema } from './side.js';
import { linesOfMinors } from './verify.js';

const paramsSchema = sideSchema.extend({
  /** The volumes that are copied, with their minors. */
  volumes: z
    .array(z.strictObject({ volume: z.number().int().nonnegative(), minor: z.number().int() }))
    .min(1),
  /** The side that is right, as people know it. */
  from: z.string(),
  /** Seconds since the host's boot when the plan was made: an older copy does not count. */
  since: z.number().nonnegative(),
  /** What is lost, as the review says it. */
  loses: z.string(),
});

/** The parameters of `drbd.copy-whole`. */
export type CopyWhole = z.infer<typeof paramsSchema>;

/**
 * DRBD 9: copies whole volumes from one peer, where it is known that they differ and not where any more. The
 * others stay connected, and take nothing from it meanwhile.
 */
export const copyWhole = defineStep<CopyWhole>({
  id: 'drbd.copy-whole',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: devicesOf,
  tell: ({ from, loses, ...side }) => ({
    title: `copy it whole from ${from}`,
    on: connectionOf(side),
    loses,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => quoteAll(argv)),
  }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const wanted = new Set(params.volumes.map(({ minor }) => minor));
    const volumes = look.side.volumes.filter(({ minor }) => wanted.has(minor));
    const begun = await copiedSince(host, params);
    const isCopied = volumes.every(
      ({ minor, activity }) =>
        begun.has(minor) || ['starting', 'syncing', 'queued', 'paused'].includes(activity),
    );
    if (isCopied) return { kind: 'done' };
    if (look.side.link !== 'in touch') {
      return { kind: 'refused', because: `${params.resource} is ${look.side.connection} by now` };
    }
    if (look.side.role !== 'Secondary') {
      return { kind: 'refused', because: `it is ${look.side.role} again` };
    }
    const bad = volumes.filter(({ peerDisk }) => peerDisk !== 'UpToDate');
    if (bad.length === 0) return { kind: 'notYet' };
    const disks = listed(bad.map(({ peerDisk }) => peerDisk));
    return { kind: 'refused', because: `the copy on ${params.from} is ${disks} by now` };
  },
  commands,
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `the blocks of ${resource} that differed were overwritten`,
  }),
});

function commands(params: CopyWhole): readonly Command<'destroys'>[] {
  const name = connectionOf(params);
  return params.volumes.map(({ volume }) => drbdadm('destroys', 'invalidate', `${name}/${volume}`));
}

/** The minors of which a whole copy ended after the plan was made. */
async function copiedSince(
  host: Reader,
  { minors, peer, since }: CopyWhole,
): Promise<ReadonlySet<number>> {
  const lines = await linesOfMinors(host, minors, peer);
  return new Set(
    minors.filter((minor) => {
      const { copiedAt } = readVerifyLog(lines.filter((line) => line.minor === minor));
      return copiedAt !== null && copiedAt >= since;
    }),
  );
}
