import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';

/** How goals are set and asked on a host: `["lizardfs", "setgoal"]`, `["mfssetgoal"]`. */
export const goalToolSchema = z.strictObject({
  set: z.array(z.string().min(1)).min(1),
  get: z.array(z.string().min(1)).min(1),
});

/** How goals are set and asked on a host. */
export type GoalTool = z.infer<typeof goalToolSchema>;

const paramsSchema = z.strictObject({
  tool: goalToolSchema,
  /** As the tool prints it: the goal's name. */
  goal: z.string().regex(/^[A-Za-z0-9_]{1,32}$/),
  path: z.string().startsWith('/'),
  /** What it was, where it was there. */
  before: z.string().optional(),
});

/** The parameters of `lizardfs.set-goal`. */
export type SetGoal = z.infer<typeof paramsSchema>;

/** Sets the goal of a folder: what is made in it from then on has it too. */
export const setGoal = defineStep<SetGoal>({
  id: 'lizardfs.set-goal',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ goal, path }) => ({ title: `goal ${goal}`, on: path }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params, params.goal).argv)] }),
  check,
  commands: (params) => [command(params, params.goal)],
  explain: (outcome) => {
    const said = outcome.kind === 'exited' ? `${outcome.stdout}${outcome.stderr}` : '';
    return /not (?:LizardFS|SaunaFS|MFS) object/.test(said)
      ? 'the folder is not in the file system: is it mounted there?'
      : undefined;
  },
  undo: (params) =>
    params.before === undefined
      ? {
          kind: 'impossible',
          because: `the goal that ${params.path} had before is not known`,
        }
      : {
          kind: 'commands',
          says: `goal ${params.before} again`,
          commands: [command(params, params.before)],
        },
});

async function check(host: Reader, { tool, goal, path }: SetGoal): Promise<Verdict> {
  const outcome = await host.run(reads([...tool.get, path], 15_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const now = goalOf(outcome.stdout, path);
  if (outcome.code === 0 && now !== undefined) return { kind: now === goal ? 'done' : 'notYet' };
  const said = linesOf(outcome.stderr || outcome.stdout).at(-1) ?? `exit code ${outcome.code}`;
  return { kind: 'cannotTell', because: `its goal cannot be asked: ${said}` };
}

/** Of `PATH: GOAL`, as getgoal prints it; MooseFS's mfsgetsclass sets names of classes in quotes. */
export function goalOf(stdout: string, path: string): string | undefined {
  const line = linesOf(stdout).find((one) => one.startsWith(`${path}: `));
  return line
    ?.slice(path.length + 2)
    .trim()
    .replace(/^'(.*)'$/, '$1');
}

function command({ tool, path }: SetGoal, goal: string): Command<'changes'> {
  return { argv: [...tool.set, goal, path], effect: 'changes', deadline: 60_000 };
}
