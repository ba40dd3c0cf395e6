import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { mountedAt } from './mounted-at.js';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/);

const paramsSchema = z.strictObject({
  path: z.string().startsWith('/'),
  /** Octal. */
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/)
    .default('755'),
  /** The mount point that must be one: else the folder would be made beneath it, out of sight. */
  within: z.string().startsWith('/').optional(),
});

/** The parameters of `file.make-folder`. */
export type MakeFolder = z.infer<typeof paramsSchema>;

/** Makes a folder, with those above it. */
export const makeFolder = defineStep<MakeFolder>({
  id: 'file.make-folder',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ path }) => ({ title: 'make the folder', on: path }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mkdir(params).argv)] }),
  check: async (host, { path, within }) => {
    const bare = within === undefined ? undefined : await notMounted(host, within);
    if (bare) return bare;
    const found = await look(host, [
      'sh',
      '-c',
      'if [ -d "$1" ]; then echo folder; elif [ -e "$1" ]; then echo other; fi',
      'sh',
      path,
    ]);
    if (found === undefined) return { kind: 'cannotTell', because: `${path} cannot be looked at` };
    if (found === 'other') return { kind: 'refused', because: `${path} is there and is no folder` };
    return { kind: found === 'folder' ? 'done' : 'notYet' };
  },
  commands: (params) => [mkdir(params)],
  undo: ({ path }) => ({
    kind: 'commands',
    says: `take ${path} away if it is empty`,
    commands: [{ argv: ['rmdir', '--', path], effect: 'changes', deadline: 10_000 }],
  }),
});

const ownerSchema = z.strictObject({
  path: z.string().startsWith('/'),
  user: name,
  group: name,
  /** The file system that must be mounted at the path: else the bare mount point would be changed. */
  mounted: z.boolean(),
});

/** The parameters of `file.own`. */
export type Own = z.infer<typeof ownerSchema>;

/** Gives a folder to a user; of a mount point only once the file system is mounted there. */
export const own = defineStep<Own>({
  id: 'file.own',
  params: ownerSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ path, user, group }) => ({ title: `owner ${user}:${group}`, on: path }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(chown(params).argv)] }),
  check: checkOwner,
  commands: (params) => [chown(params)],
  undo: () => ({ kind: 'nothing' }),
});

async function checkOwner(host: Reader, { path, user, group, mounted }: Own): Promise<Verdict> {
  const bare = mounted ? await notMounted(host, path) : undefined;
  if (bare) return bare;
  const found = await look(host, ['stat', '-c', '%U:%G', '--', path]);
  if (found === undefined) return { kind: 'cannotTell', because: `${path} cannot be looked at` };
  return { kind: found === `${user}:${group}` ? 'done' : 'notYet' };
}

/** Why nothing may be done at a path that must be a mount point; undefined: it is one. */
async function notMounted(host: Reader, path: string): Promise<Verdict | undefined> {
  const found = await mountedAt(host, path);
  if (found.kind === 'not known') return { kind: 'cannotTell', because: found.because };
  return found.kind === 'nothing'
    ? { kind: 'refused', because: `nothing is mounted at ${path}` }
    : undefined;
}

async function look(host: Reader, argv: readonly string[]): Promise<string | undefined> {
  const outcome = await host.run(reads(argv));
  return outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout.trim() : undefined;
}

function mkdir({ path, mode }: MakeFolder): Command<'changes'> {
  return { argv: ['mkdir', '-p', '-m', mode, '--', path], effect: 'changes', deadline: 10_000 };
}

function chown({ path, user, group }: Own): Command<'changes'> {
  return { argv: ['chown', `${user}:${group}`, '--', path], effect: 'changes', deadline: 10_000 };
}
