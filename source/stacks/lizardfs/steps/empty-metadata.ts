import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { showCommand } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf, listed } from '../../../core/text.js';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/);

const paramsSchema = z.strictObject({
  /** `/var/lib/mfs`. */
  folder: z.string().startsWith('/'),
  file: z.enum(['metadata.mfs', 'metadata.sfs']),
  user: name,
  group: name,
});

/** The parameters of `lizardfs.empty-metadata`. */
export type EmptyMetadata = z.infer<typeof paramsSchema>;

/**
 * $1 folder, $2 file, $3 owner. `ln` fails where the name is there, also if it came this instant: the
 * one thing that must never happen is that an empty file system takes the place of one.
 */
const MAKE = [
  'set -e',
  'f="$1/$2" t="$1/$2.holdfast-new.$$"',
  'trap \'rm -f "$t"\' EXIT',
  'cp "$f.empty" "$t"',
  'chown "$3" "$t"',
  'chmod 640 "$t"',
  'sync "$t" 2>/dev/null || sync',
  'ln "$t" "$f"',
].join('\n');

const LOOK = [
  '[ -d "$1" ] || { echo "no folder"; exit 0; }',
  '[ -f "$1/$2.empty" ] || echo "no example"',
  'for f in "$1"/metadata.* "$1"/changelog*; do case $f in *.empty|*.lock|*.holdfast-new.*) continue ;; esac; [ -f "$f" ] && echo "file $(stat -c "%n, %s bytes, %y" "$f")"; done',
  'if cmp -s "$1/$2" "$1/$2.empty"; then echo same; fi; true',
].join('\n');

/** Gives a new master the empty metadata of its package, and never over any that is there. */
export const emptyMetadata = defineStep<EmptyMetadata>({
  id: 'lizardfs.empty-metadata',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ folder, file }) => ({ title: 'make an empty file system', on: `${folder}/${file}` }),
  preview: (params) => ({ kind: 'commands', lines: [showCommand(make(params).argv)] }),
  check,
  commands: (params) => [make(params)],
  undo: ({ folder, file }) => ({
    kind: 'impossible',
    because: `${folder}/${file} stays: it may name files by then`,
  }),
});

async function check(host: Reader, { folder, file }: EmptyMetadata): Promise<Verdict> {
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', folder, file]));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const lines = linesOf(outcome.stdout);
  const files = lines.flatMap((line) => (line.startsWith('file ') ? [line.slice(5)] : []));
  if (lines.includes('same') && files.length === 1) return { kind: 'done' };
  if (files.length > 0) {
    return { kind: 'refused', because: `there is metadata in ${folder}: ${listed(files, 6)}` };
  }
  if (lines.includes('no folder')) return { kind: 'refused', because: `${folder} is not there` };
  return lines.includes('no example')
    ? { kind: 'refused', because: `${folder}/${file}.empty is not there: the package brings it` }
    : { kind: 'notYet' };
}

function make({ folder, file, user, group }: EmptyMetadata): Command<'changes'> {
  const argv = ['sh', '-c', MAKE, 'sh', folder, file, `${user}:${group}`];
  return { argv, effect: 'changes', deadline: 30_000 };
}
