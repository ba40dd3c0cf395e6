import { z } from 'zod';
import type { Command, Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { lookAtMapped, mapperName, mapperTable, whoHas } from './mapped.js';

const paramsSchema = z.strictObject({
  name: mapperName,
  /** Its table as it was reviewed: a device that became another is not removed. */
  table: mapperTable,
  /**
   * The same table by paths that lead to the same devices for good, for undo: the numbers in `table` may
   * belong to another disk by then. Left out: it is not made again.
   */
  again: mapperTable.optional(),
});

/** The parameters of `device-mapper.remove`. */
export type RemoveMapped = z.infer<typeof paramsSchema>;

/** Removes a device of device mapper that nobody has open. What it stands on stays as it is. */
export const removeMapped = defineStep<RemoveMapped>({
  id: 'device-mapper.remove',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ name }) => [{ kind: 'uses', path: `/dev/mapper/${name}` }],
  tell: ({ name }) => ({ title: 'remove the device; what it stands on stays', on: name }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(remove(params).argv)] }),
  check,
  commands: (params) => [remove(params)],
  explain: (outcome, { name }) =>
    outcome.kind === 'exited' && outcome.stderr.includes('busy')
      ? `${name} was opened by somebody just now: \`fuser -v /dev/mapper/${name}\` shows by whom`
      : undefined,
  undo: ({ name, again }) =>
    again === undefined
      ? { kind: 'impossible', because: `${name} is not made again: what it stood on may be gone` }
      : {
          kind: 'commands',
          says: `make ${name} again, of the same devices`,
          commands: [
            {
              argv: ['dmsetup', 'create', name, '--table', again],
              effect: 'changes',
              deadline: 60_000,
            },
          ],
        },
});

/** udev looks at a device as it changes and has it open for a moment: dmsetup tries again then. */
function remove({ name }: RemoveMapped): Command<'changes'> {
  return { argv: ['dmsetup', 'remove', '--retry', name], effect: 'changes', deadline: 60_000 };
}

async function check(host: Reader, { name, table }: RemoveMapped): Promise<Verdict> {
  const look = await lookAtMapped(host, name);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { device } = look;
  if (!device) return { kind: 'done' };
  if (device.table !== table) {
    const because = `${name} is another device by now: ${device.table}, not ${table} as reviewed`;
    return { kind: 'refused', because };
  }
  if (device.open === 0) return { kind: 'notYet' };
  return { kind: 'refused', because: `${name} is in use: ${await whoHas(host, device)}` };
}
