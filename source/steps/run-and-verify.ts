import { z } from 'zod';
import type { Command } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { devicesNamed } from './named-devices.js';
import { shown, showsSchema } from './looks.js';

const paramsSchema = z.strictObject({
  /** `make the volume group`. */
  title: z.string().min(1),
  on: z.string(),
  argv: z.array(z.string()).min(1),
  effect: z.enum(['changes', 'destroys']),
  /** What is lost for good by it. */
  loses: z.string().optional(),
  shows: showsSchema,
  undo: z.strictObject({ says: z.string(), argv: z.array(z.string()).min(1) }).optional(),
});

/** The parameters of `command.run`. */
export type RunAndVerify = z.infer<typeof paramsSchema>;

/** Runs one command and believes only what a look at the host says afterwards. */
export const runAndVerify = defineStep<RunAndVerify>({
  id: 'command.run',
  params: paramsSchema,
  effect: ({ effect }) => effect,
  touches: ({ argv, undo }) => devicesNamed(argv, undo?.argv),
  tell: ({ title, on, loses }) => ({ title, on, ...(loses !== undefined && { loses }) }),
  preview: ({ argv }) => ({ kind: 'commands', lines: [quoteAll(argv)] }),
  check: (host, { shows }) => shown(host, shows),
  commands: ({ argv, effect }) => [run(argv, effect)],
  undo: ({ undo }) =>
    undo
      ? {
          kind: 'commands',
          says: undo.says,
          commands: [run(undo.argv, 'changes')],
          leavesTraces: true,
        }
      : { kind: 'nothing' },
});

function run(argv: readonly string[], effect: 'changes' | 'destroys'): Command {
  return { argv, effect, deadline: 300_000 };
}
