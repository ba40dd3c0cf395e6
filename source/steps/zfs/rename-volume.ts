import { z } from 'zod';
import type { Command } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep } from '../../core/step.js';
import { guid, volumeName, zvolPath } from './names.js';
import { lookAtVolume, whoUses } from './volume.js';

const paramsSchema = z
  .strictObject({
    from: volumeName,
    to: volumeName,
    /** Of the volume: it keeps it under any name. */
    guid,
  })
  .refine(({ from, to }) => from.split('/')[0] === to.split('/')[0], {
    message: 'a volume stays in its pool',
  });

/** The parameters of `zfs.rename-volume`. */
export type RenameVolume = z.infer<typeof paramsSchema>;

/** Sets a volume aside under another name, with all its snapshots. Nothing in it changes. */
export const renameVolume = defineStep<RenameVolume>({
  id: 'zfs.rename-volume',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ from }) => [{ kind: 'uses', path: zvolPath(from) }],
  tell: ({ from, to }) => ({ title: 'keep the volume under another name', on: `${from} → ${to}` }),
  preview: ({ from, to }) => ({
    kind: 'commands',
    lines: [quoteAll(rename(from, to).argv)],
  }),
  check: async (host, { from, to, guid: own }) => {
    const [old, now] = await Promise.all([lookAtVolume(host, from), lookAtVolume(host, to)]);
    if (!old.ok) return { kind: 'cannotTell', because: old.because };
    if (!now.ok) return { kind: 'cannotTell', because: now.because };
    if (now.volume?.guid === own) return { kind: 'done' };
    if (now.volume) return { kind: 'refused', because: `there is another ${to} already` };
    if (old.volume?.guid === own) {
      return (await whoUses(host, old.volume)) ?? { kind: 'notYet' };
    }
    const because = old.volume ? `${from} is another volume by now` : `there is no ${from}`;
    return { kind: 'refused', because };
  },
  commands: ({ from, to }) => [rename(from, to)],
  undo: ({ from, to }) => ({
    kind: 'commands',
    says: `give ${to} its name ${from} back`,
    commands: [rename(to, from)],
  }),
});

function rename(from: string, to: string): Command<'changes'> {
  return { argv: ['zfs', 'rename', from, to], effect: 'changes', deadline: 120_000 };
}
