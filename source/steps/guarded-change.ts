import { z } from 'zod';
import type { Command } from '../core/host.js';
import { quote, quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { devicesNamed } from './named-devices.js';
import { shown, showsSchema } from './looks.js';

const argvSchema = z.array(z.string()).min(1);

const paramsSchema = z.strictObject({
  /** `open 9421 and 9422`. */
  title: z.string().min(1),
  on: z.string(),
  /** Run in this order; the first that fails ends it. No secrets: a plan is shown. */
  commands: z.array(z.strictObject({ argv: argvSchema, input: z.string().optional() })).min(1),
  shows: showsSchema,
  /** Takes it back, by undo or by the host itself: right whether or not the change took effect. */
  undo: z.strictObject({ says: z.string(), argv: argvSchema }),
  /** How long the console has to come back, in s. */
  seconds: z.number().int().min(10).max(600).default(60),
});

/** The parameters of `host.guarded-change`. */
export type GuardedChange = z.infer<typeof paramsSchema>;

/** A change that could cut the console off from the host: the host itself puts it back then. */
export const guardedChange = defineStep<GuardedChange>({
  id: 'host.guarded-change',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ commands, undo }) =>
    commands.flatMap(({ argv }) => devicesNamed(argv)).concat(devicesNamed(undo.argv)),
  tell: ({ title, on }) => ({ title, on }),
  preview: ({ commands }) => ({
    kind: 'commands',
    lines: commands.map(
      ({ argv, input }) => `${quoteAll(argv)}${input ? `\n${input.trimEnd()}` : ''}`,
    ),
  }),
  check: (host, { shows }) => shown(host, shows),
  commands: ({ commands }) =>
    commands.map(({ argv, input }): Command<'changes'> => {
      return { argv, effect: 'changes', deadline: 60_000, ...(input !== undefined && { input }) };
    }),
  guard: (params) => ({
    putBack: params.undo.argv,
    doAgain: doAgain(params),
    seconds: params.seconds,
  }),
  undo: ({ undo }) => ({
    kind: 'commands',
    says: undo.says,
    commands: [{ argv: undo.argv, effect: 'changes', deadline: 60_000 }],
  }),
});

/**
 * From what undo leaves, whether it took effect or not: so that nothing is there twice. A half that
 * undo could not take back is no reason to leave the console cut off.
 */
function doAgain({ commands, undo }: GuardedChange): readonly string[] {
  const lines = commands.map(({ argv, input }) => {
    const fed = input === undefined ? '' : `printf %s ${quote(input)} | `;
    return `${fed}${quoteAll(argv)} || exit`;
  });
  return ['sh', '-c', [`${quoteAll(undo.argv)} || true`, ...lines].join('\n')];
}
