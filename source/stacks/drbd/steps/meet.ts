import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { compareGenerations } from '../generations.js';
import { parseGetGi, type Generations } from '../read/generations.js';
import { connectionOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const modprobe: Command<'changes'> = {
  argv: ['modprobe', 'drbd'],
  effect: 'changes',
  deadline: 30_000,
};

/** Loads the kernel module, without which the metadata on a disk cannot be read. */
export const loadModule = defineStep<SideParams>({
  id: 'drbd.load-module',
  params: sideSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: () => ({ title: 'load the kernel module', on: 'drbd' }),
  preview: () => ({ kind: 'commands', lines: [modprobe.argv.join(' ')] }),
  check: async (host) => {
    const outcome = await host.run(reads(['test', '-e', '/proc/drbd']));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    return { kind: outcome.code === 0 ? 'done' : 'notYet' };
  },
  commands: () => [modprobe],
  explain: () => 'there is no module drbd for the kernel that runs, or it does not load',
  undo: () => ({ kind: 'nothing' }),
});

const uuid = z.string().regex(/^[0-9A-F]{16}$/);

const compareSchema = sideSchema.extend({
  /** The data of the side that lives, volume by volume. */
  living: z
    .array(
      z.strictObject({
        volume: z.number().int().nonnegative(),
        current: uuid,
        bitmap: uuid,
        history: z.array(uuid),
      }),
    )
    .min(1),
});

/** The parameters of `drbd.compare-data`. */
export type CompareData = z.infer<typeof compareSchema>;

/** Metadata in which nobody has written yet: whatever the other side has is copied to them. */
const NEVER_USED = /^000000000000000[45]$/;

/**
 * Compares the data of a side that is down with those of the one that lives, before they meet: two
 * histories end in a split brain, or, where after-sb-* says so, in DRBD discarding one by itself.
 */
export const compareData = defineStep<CompareData>({
  id: 'drbd.compare-data',
  params: compareSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ resource }) => ({ title: 'see that both sides have one history', on: resource }),
  preview: (params) => ({
    kind: 'looks',
    lines: params.living.map(({ volume }) => `drbdadm get-gi ${nameOf(params, volume)}`),
  }),
  check,
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
});

function nameOf(params: CompareData, volume: number): string {
  const { peer, resource, living } = params;
  if (peer !== undefined) return `${connectionOf(params)}/${volume}`;
  return living.length > 1 ? `${resource}/${volume}` : resource;
}

async function check(host: Reader, params: CompareData): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  // They have met, and DRBD itself has compared them.
  if (look.ok) return { kind: 'done' };
  if (!look.isDown) return { kind: 'cannotTell', because: look.because };
  for (const { volume, ...rest } of params.living) {
    const name = nameOf(params, volume);
    const { argv } = drbdadm('reads', 'get-gi', name);
    const outcome = await host.run(reads([...argv], 20_000));
    const read = outcome.kind === 'exited' ? parseGetGi(outcome.stdout) : undefined;
    if (!read?.ok) {
      return { kind: 'cannotTell', because: `the data generation of ${name} cannot be read` };
    }
    const because = clash(name, read.value, rest);
    if (because !== undefined) return { kind: 'refused', because };
  }
  return { kind: 'done' };
}

function clash(
  name: string,
  own: Generations,
  living: Pick<Generations, 'current' | 'bitmap' | 'history'>,
): string | undefined {
  if (NEVER_USED.test(own.current)) return undefined;
  switch (compareGenerations(own, { ...own, ...living })) {
    case 'split':
      return `both sides of ${name} have data of their own: they would meet in a split brain`;
    case 'unrelated':
      return `the data of ${name} has nothing in common with that of the other side`;
    case 'same':
    case 'ahead':
    case 'behind':
      return undefined;
  }
}
