import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';

const paramsSchema = z.strictObject({
  /** The mount point; fstab still says of it what undo mounts again. */
  target: z.string().startsWith('/'),
  /** What findmnt says is mounted there: its source. */
  source: z.string().min(1),
});

/** The parameters of `file-system.unmount`. */
export type Unmount = z.infer<typeof paramsSchema>;

/** Unmounts a file system that nobody uses any more; one that is in use stays, and is told. */
export const unmount = defineStep<Unmount>({
  id: 'file-system.unmount',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ target }) => [{ kind: 'mount-point', path: target }],
  tell: ({ target }) => ({ title: 'unmount', on: target }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check,
  commands: (params) => [command(params)],
  explain: (outcome, { target }) =>
    outcome.kind === 'exited' && outcome.stderr.includes('busy')
      ? `${target} is in use: \`fuser -vm ${target}\` shows by whom`
      : undefined,
  undo: ({ target }) => ({
    kind: 'commands',
    says: `mount ${target} again`,
    commands: [{ argv: ['mount', '--', target], effect: 'changes', deadline: 120_000 }],
  }),
});

async function check(host: Reader, { target, source }: Unmount): Promise<Verdict> {
  const argv = ['findmnt', '-n', '-o', 'SOURCE', '--mountpoint', target];
  const outcome = await host.run(reads(argv));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  // findmnt ends with 1 and no word where nothing is mounted.
  if (outcome.code !== 0) return { kind: 'done' };
  const found = outcome.stdout.trim();
  if (found === source) return { kind: 'notYet' };
  return { kind: 'refused', because: `something else is mounted at ${target}: ${found}` };
}

function command({ target }: Unmount): Command<'changes'> {
  return { argv: ['umount', '--', target], effect: 'changes', deadline: 120_000 };
}
