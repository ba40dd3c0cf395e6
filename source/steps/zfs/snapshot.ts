import { z } from 'zod';
import type { Command } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep } from '../../core/step.js';
import { guid, snapshotName, volumeName, zvolPath } from './names.js';
import { lookAtVolume, snapshotOf } from './volume.js';

const paramsSchema = z.strictObject({
  volume: volumeName,
  guid,
  /** Of this plan alone: a snapshot of this name is its own. */
  name: snapshotName,
});

/** The parameters of `zfs.snapshot`. */
export type Snapshot = z.infer<typeof paramsSchema>;

/** Keeps a volume as it is at this moment, as a snapshot of it. */
export const snapshot = defineStep<Snapshot>({
  id: 'zfs.snapshot',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ volume }) => [{ kind: 'uses', path: zvolPath(volume) }],
  tell: ({ volume, name }) => ({ title: 'keep it as it is now', on: `${volume}@${name}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(zfs('snapshot', params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtVolume(host, params.volume);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { volume, beneath } = look;
    if (volume?.guid !== params.guid) {
      const because = `${params.volume} is ${volume ? 'another volume by now' : 'not there'}`;
      return { kind: 'refused', because };
    }
    const made = beneath.some((one) => snapshotOf(params.volume, one) === params.name);
    return { kind: made ? 'done' : 'notYet' };
  },
  commands: (params) => [zfs('snapshot', params)],
  undo: (params) => ({
    kind: 'commands',
    says: `destroy the snapshot ${params.volume}@${params.name} that this made`,
    commands: [zfs('destroy', params)],
  }),
});

function zfs(verb: 'snapshot' | 'destroy', { volume, name }: Snapshot): Command<'changes'> {
  return { argv: ['zfs', verb, `${volume}@${name}`], effect: 'changes', deadline: 120_000 };
}
