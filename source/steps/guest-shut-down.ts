import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';

const paramsSchema = z.strictObject({
  /** As libvirt calls it. */
  guest: z.string().regex(/^[A-Za-z0-9_][\w.+-]*$/, 'no plain name of a guest'),
});

/** The parameters of `guest.shut-down`. */
export type ShutDown = z.infer<typeof paramsSchema>;

/**
 * Asks a guest of libvirt to shut itself down, and waits until it has. One that does not listen (no ACPI,
 * no agent, somebody's question on its screen) is left running: power is never cut here.
 */
export const shutDownGuest = defineStep<ShutDown>({
  id: 'guest.shut-down',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ guest }) => ({ title: 'shut the guest down', on: guest }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command('shutdown', params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const state = await stateOf(host, params);
    if (state === undefined) {
      return { kind: 'cannotTell', because: `libvirt does not say how ${params.guest} is` };
    }
    return { kind: state === 'shut off' ? 'done' : 'notYet' };
  },
  commands: (params) => [command('shutdown', params)],
  wait: {
    every: 2000,
    atMost: 300_000,
    progress: async (host, params) => {
      const state = await stateOf(host, params);
      return state === undefined ? undefined : { says: `${params.guest} is ${state}` };
    },
    tooLate: ({ guest }) =>
      `${guest} did not shut down: shut it down from within, then \`resume\`. Its power is not cut.`,
  },
  undo: (params) => ({
    kind: 'commands',
    says: `start ${params.guest} again`,
    commands: [command('start', params)],
  }),
});

function command(verb: 'shutdown' | 'start', { guest }: ShutDown): Command<'changes'> {
  return { argv: ['virsh', verb, guest], effect: 'changes', deadline: 60_000 };
}

async function stateOf(host: Reader, { guest }: ShutDown): Promise<string | undefined> {
  const outcome = await host.run(reads(['virsh', 'domstate', guest], 30_000));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return outcome.stdout.trim();
}
