import { z } from 'zod';
import { reads, type Command } from '../../../core/host.js';
import { defineStep } from '../../../core/step.js';
import { dumpScript } from '../probes/database.js';
import { DATABASE } from '../roll.js';

const paramsSchema = z.strictObject({
  /** `20261121-190211`. */
  stamp: z.string().regex(/^\d{8}-\d{6}$/),
});

/** The parameters of `imgstorage.keep-database`. */
export type KeepDatabase = z.infer<typeof paramsSchema>;

function fileOf({ stamp }: KeepDatabase): string {
  return `${DATABASE}.holdfast-${stamp}.sql`;
}

/** $1 the file. A dump without its end is none, and is not kept. */
const KEEP = [
  'umask 077; f=$1; [ -e "$f" ] && exit 0',
  '( ',
  dumpScript,
  ') >"$f.new" && grep -qx "COMMIT;" "$f.new" && mv "$f.new" "$f" || { rm -f "$f.new"; echo "the dump has no end" >&2; exit 1; }',
].join('\n');

/** Keeps the whole of the roll's database beside it, as SQL, before any of its rows is changed. */
export const keepDatabase = defineStep<KeepDatabase>({
  id: 'imgstorage.keep-database',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: (params) => ({ title: 'keep a copy of the roll’s database', on: fileOf(params) }),
  preview: (params) => ({
    kind: 'commands',
    lines: [`sqlite3 -readonly ${DATABASE} .dump >${fileOf(params)}`],
  }),
  check: async (host, params) => {
    const outcome = await host.run(reads(['test', '-s', fileOf(params)]));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    return { kind: outcome.code === 0 ? 'done' : 'notYet' };
  },
  commands: (params) => [keep(params)],
  undo: () => ({ kind: 'nothing' }),
});

function keep(params: KeepDatabase): Command<'changes'> {
  return { argv: ['sh', '-c', KEEP, 'sh', fileOf(params)], effect: 'changes', deadline: 30_000 };
}
