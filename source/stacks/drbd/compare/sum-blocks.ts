import { z } from 'zod';
import { defineStep } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { volumePath } from '../../../steps/logical-volume/volume.js';
import { beginReading, sideWorkSchema } from './side-work.js';

const paramsSchema = sideWorkSchema.extend({
  /** How much of the volume is data: what follows is DRBD's own. */
  sizeBytes: z.number().int().positive(),
  /** A whole number of MiB. */
  extentBytes: z
    .number()
    .int()
    .positive()
    .multipleOf(2 ** 20),
});

/** The parameters of `drbd.sum-blocks`. */
export type SumBlocks = z.infer<typeof paramsSchema>;

/** $5 the device, $6 its size in bytes, $7 how long a part is in MiB. */
const SUM = [
  'p=$(($7 * 1048576)); i=0; r=$6; n=$((($6 + p - 1) / p)); : >"$1/sums"',
  'while [ "$r" -gt 0 ]; do l=$p; [ "$r" -ge "$p" ] || l=$r',
  's=$(dd if="$5" bs=1048576 skip=$((i * $7)) count="$7" 2>/dev/null | head -c "$l" | md5sum)',
  'echo "$i ${s%% *}" >>"$1/sums"; i=$((i + 1)); echo "$i of $n parts are summed"; r=$((r - l)); done',
].join('\n');

/** Sums the parts of a volume that has no file system which could be looked into: it is read whole. */
export const sumBlocks = defineStep<SumBlocks>({
  id: 'drbd.sum-blocks',
  params: paramsSchema,
  tell: ({ resource, volume, sizeBytes, extentBytes }) => ({
    title: `sum its blocks, ${count(partsOf(sizeBytes, extentBytes), 'part')} of ${bytes(extentBytes)}`,
    on: `${resource}, volume ${volume}`,
  }),
  preview: ({ vg, name }) => ({
    kind: 'commands',
    lines: [`dd if=${volumePath(vg, name)} … | md5sum`],
  }),
  ...beginReading<SumBlocks>(({ vg, name, sizeBytes, extentBytes }) => ({
    leaves: 'blocks',
    script: SUM,
    words: [volumePath(vg, name), String(sizeBytes), String(extentBytes / 2 ** 20)],
  })),
});

function partsOf(sizeBytes: number, extentBytes: number): number {
  return Math.ceil(sizeBytes / extentBytes);
}
