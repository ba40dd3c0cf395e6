import { z } from 'zod';
import type { Command } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep } from '../../core/step.js';
import { bytes } from '../../core/units.js';
import { lookAtVolume, lvmName } from './volume.js';

const paramsSchema = z.strictObject({
  vg: lvmName,
  name: lvmName,
  /** What was reviewed. */
  fromBytes: z.number().int().positive(),
  /** A whole number of the group's extents. */
  toBytes: z.number().int().positive(),
});

/** The parameters of `lvm.extend-volume`. */
export type ExtendVolume = z.infer<typeof paramsSchema>;

/** Makes a logical volume larger; what is on it stays as it is and knows nothing of it yet. */
export const extendVolume = defineStep<ExtendVolume>({
  id: 'lvm.extend-volume',
  params: paramsSchema.refine(({ fromBytes, toBytes }) => toBytes > fromBytes, {
    message: 'a volume is never made smaller',
  }),
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ vg, name, fromBytes, toBytes }) => ({
    title: `extend it from ${bytes(fromBytes)} to ${bytes(toBytes)}`,
    on: `${vg}/${name}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(lvextend(params).argv)] }),
  check: async (host, { vg, name, fromBytes, toBytes }) => {
    const look = await lookAtVolume(host, vg, name);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const size = look.volume?.sizeBytes;
    if (size === undefined) return { kind: 'refused', because: `there is no ${vg}/${name}` };
    if (size === toBytes) return { kind: 'done' };
    if (size === fromBytes) return { kind: 'notYet' };
    const because = `${vg}/${name} has ${size} bytes by now, not ${fromBytes} as reviewed`;
    return { kind: 'refused', because };
  },
  commands: (params) => [lvextend(params)],
  explain: (outcome, { vg, fromBytes, toBytes }) =>
    outcome.kind === 'exited' && outcome.stderr.includes('nsufficient free space')
      ? `${vg} has less than ${bytes(toBytes - fromBytes)} free by now`
      : undefined,
  undo: ({ vg, name }) => ({
    kind: 'impossible',
    because: `${vg}/${name} stays as large as it is: what uses it may have grown into it`,
  }),
});

function lvextend({ vg, name, toBytes }: ExtendVolume): Command<'changes'> {
  const argv = ['lvextend', '-L', `${toBytes}b`, '--', `${vg}/${name}`];
  return { argv, effect: 'changes', deadline: 120_000 };
}
