import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { bytes } from '../../../core/units.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema } from './side.js';
import { isInSync, sidesSeen } from './wait.js';

const paramsSchema = sideSchema.extend({
  minor: z.number().int().nonnegative(),
  /** Of the device, as reviewed. */
  fromBytes: z.number().int().positive(),
  /** That it must have at the least then: the volume beneath without the metadata. */
  toBytes: z.number().int().positive(),
});

/** The parameters of `drbd.resize`. */
export type Resize = z.infer<typeof paramsSchema>;

/**
 * Lets a device take the room that its volumes have on both sides. DRBD moves internal metadata to the
 * new end, and copies what is new there from one side to the other. Given on one node, for both.
 */
export const resize = defineStep<Resize>({
  id: 'drbd.resize',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource, fromBytes, toBytes }) => ({
    title: `let it grow from ${bytes(fromBytes)} to ${bytes(toBytes)}`,
    on: resource,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check,
  commands: (params) => [command(params)],
  explain,
  wait: {
    every: 1000,
    atMost: 60_000,
    progress: async (host, { minor }) => {
      const size = await deviceBytes(host, minor);
      return size === undefined ? undefined : { says: `it has ${bytes(size)}` };
    },
  },
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `${resource} stays as large as it is: what is on it may have grown into it`,
  }),
});

async function check(host: Reader, params: Resize): Promise<Verdict> {
  const { minor, fromBytes, toBytes } = params;
  const size = await deviceBytes(host, minor);
  if (size === undefined) return { kind: 'cannotTell', because: `there is no /dev/drbd${minor}` };
  if (size >= toBytes) return { kind: 'done' };
  if (size !== fromBytes) {
    const because = `/dev/drbd${minor} has ${size} bytes by now, not ${fromBytes} as reviewed`;
    return { kind: 'refused', because };
  }
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (isInSync(look.side)) return { kind: 'notYet' };
  const because = `both sides must be connected and UpToDate; ${sidesSeen(host.name, look.side)}`;
  return { kind: 'refused', because };
}

/** From the kernel's memory: a device that is Secondary cannot be opened. Sectors are of 512 bytes there. */
async function deviceBytes(host: Reader, minor: number): Promise<number | undefined> {
  const outcome = await host.run(reads(['cat', `/sys/block/drbd${minor}/size`]));
  if (outcome.kind !== 'exited' || !/^\d+\s*$/.test(outcome.stdout)) return undefined;
  return Number(outcome.stdout) * 512;
}

function command({ resource }: Resize): Command<'changes'> {
  return drbdadm('changes', 'resize', resource);
}

function explain(outcome: Outcome): string | undefined {
  return outcome.kind === 'exited' && /primary|Primary/.test(outcome.stderr) && outcome.code === 10
    ? 'DRBD wants one side Primary while it grows: make it Primary on the node that uses it'
    : undefined;
}
