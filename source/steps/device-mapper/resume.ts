import { z } from 'zod';
import type { Command } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep } from '../../core/step.js';
import { lookAtMapped, mapperName, mapperTable } from './mapped.js';

const paramsSchema = z.strictObject({ name: mapperName, table: mapperTable });

/** The parameters of `device-mapper.resume`. */
export type ResumeMapped = z.infer<typeof paramsSchema>;

/**
 * Lets a device go on whose I/O was left suspended, with the table that it has. One that was loaded and
 * never taken into use is thrown away first: `dmsetup resume` would take it.
 */
export const resumeMapped = defineStep<ResumeMapped>({
  id: 'device-mapper.resume',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ name }) => [{ kind: 'uses', path: `/dev/mapper/${name}` }],
  tell: ({ name }) => ({ title: 'let its I/O go on, with the table that it has', on: name }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => quoteAll(argv)),
  }),
  check: async (host, { name, table }) => {
    const look = await lookAtMapped(host, name);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { device } = look;
    if (device?.table !== table) {
      const now = device ? `another device by now: ${device.table}` : 'not there';
      return { kind: 'refused', because: `${name} is ${now}` };
    }
    return { kind: device.suspended ? 'notYet' : 'done' };
  },
  commands,
  undo: () => ({ kind: 'nothing' }),
});

function commands({ name }: ResumeMapped): readonly Command<'changes'>[] {
  return ['clear', 'resume'].map((verb) => ({
    argv: ['dmsetup', verb, name],
    effect: 'changes',
    deadline: 60_000,
  }));
}
