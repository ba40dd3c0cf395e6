import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { showCommand } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf, listed } from '../../../core/text.js';
import { ADMIN_TOOLS } from '../tools/admin.js';
import { mastersAmong } from '../tools/who-is-master.js';
import { asking, firstMaster } from './server-place.js';

const paramsSchema = z.strictObject({
  /** `/var/lib/mfs`. */
  folder: z.string().startsWith('/'),
  /** The new folder in it. */
  into: z.string().regex(/^[A-Za-z0-9._-]+$/),
  /** Where no master may answer; left out: one does, elsewhere, and is meant to. */
  unless: z.strictObject(asking).optional(),
  /** Where no master may answer when it is put back. */
  back: z.strictObject({ admin: z.enum(ADMIN_TOOLS), rivals: z.array(z.ipv4()).min(1) }),
});

/** The parameters of `lizardfs.set-aside`. */
export type SetAside = z.infer<typeof paramsSchema>;

/**
 * What a master starts from: the metadata first, so that one that is killed underway leaves nothing that
 * a master could begin with. The package's empty file is among it: where nothing else is, `mfsmaster -a`
 * begins a new file system with it, without a word (seen with 3.0.117).
 */
const FILES =
  'for f in "$d"/metadata.mfs "$d"/metadata.mfs.* "$d"/metadata.crc "$d"/changelog.*; do [ -f "$f" ] || continue;';

const LOOK = [
  'd=$1; pgrep -x mfsmaster >/dev/null && echo runs',
  `${FILES} echo "file \${f##*/}"; done; true`,
].join('\n');

const MOVE = ['set -e', 'd=$1', 'mkdir -p "$d/$2"', `${FILES} mv -- "$f" "$d/$2/"; done`].join(
  '\n',
);

/** $1 and $2 as above, $3… a look that prints the masters that answer. */
const BACK = [
  'd=$1 n=$1/$2; shift 2',
  'm=$("$@") || exit 1',
  '[ -z "$m" ] || { echo "it stays: a master answers at $m"; exit 0; }',
  'for f in "$n"/*; do [ -f "$f" ] || continue; mv -n -- "$f" "$d/"; done; rmdir "$n" 2>/dev/null; true',
].join('\n');

/**
 * Keeps a MooseFS host from being a master, as its config cannot (there is no personality): without
 * metadata the program does not start, also with `-a` (mfsmaster(8), and seen with 3.0.117).
 */
export const setAside = defineStep<SetAside>({
  id: 'lizardfs.set-aside',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ folder, into }) => ({
    title: 'fence it: set its metadata aside, so that no master starts from it',
    on: `${folder}/${into}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [showCommand(move(params).argv)] }),
  check,
  commands: (params) => [move(params)],
  undo: ({ folder, into, back: { admin, rivals } }) => ({
    kind: 'commands',
    says: `put it back into ${folder}, unless a master answers by then`,
    commands: [sh(BACK, [folder, into, ...mastersAmong(admin, rivals)])],
    leavesTraces: true,
  }),
});

async function check(host: Reader, { folder, unless }: SetAside): Promise<Verdict> {
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', folder]));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const lines = linesOf(outcome.stdout);
  const files = lines.flatMap((line) => (line.startsWith('file ') ? [line.slice(5)] : []));
  if (files.length === 0) return { kind: 'done' };
  const refused = (because: string): Verdict => ({ kind: 'refused', because });
  if (lines.includes('runs')) {
    return refused(`mfsmaster runs and writes to ${listed(files)}: something started it again`);
  }
  const master = unless && (await firstMaster(host, unless.admin, unless.rivals));
  return master === undefined ? { kind: 'notYet' } : refused(`a master answers at ${master}`);
}

function move({ folder, into }: SetAside): Command<'changes'> {
  return sh(MOVE, [folder, into]);
}

function sh(script: string, words: readonly string[]): Command<'changes'> {
  return { argv: ['sh', '-c', script, 'sh', ...words], effect: 'changes', deadline: 60_000 };
}
