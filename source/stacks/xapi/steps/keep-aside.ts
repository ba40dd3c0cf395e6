import { z } from 'zod';
import { reads, type Command } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { locationSchema } from './params.js';

const paramsSchema = z.strictObject({
  /** The mount point, while it shows the host's own disk. */
  folder: locationSchema,
  /** A new folder on the same disk, beside the mount point. */
  keepAt: locationSchema,
});

/** The parameters of `xapi.keep-aside`. */
export type KeepAside = z.infer<typeof paramsSchema>;

/** Hidden files too; a pattern that matches nothing stays as it is and is passed over. */
const EACH = 'for f in "$1"/* "$1"/.[!.]*; do [ -e "$f" ] || continue;';

/** Ends with 0 where the path is a mount point: what lies there then is no longer the bare folder's. */
const MOUNTED = (path: string): string =>
  `awk -v p=${path} '$5 == p { found = 1 } END { exit !found }' /proc/self/mountinfo`;

/**
 * Moves all that lies in the bare mount point out of the way of the mount, which FUSE 2 refuses over
 * a folder that is not empty. Nothing is deleted, and never is anything moved that is mounted there.
 */
export const keepAside = defineStep<KeepAside>({
  id: 'xapi.keep-aside',
  params: paramsSchema,
  effect: () => 'changes',
  // Files are moved on the disk where they lie; what belongs on the mount point is what is touched.
  touches: ({ folder }) => [{ kind: 'mount-point', path: folder }],
  tell: ({ folder, keepAt }) => ({
    title: 'keep what was written meanwhile',
    on: `${folder} → ${keepAt}`,
  }),
  preview: ({ folder, keepAt }) => ({
    kind: 'commands',
    lines: move(folder, keepAt).map(({ argv }) => quoteAll(argv)),
  }),
  check: async (host, { folder }) => {
    const script = `if ${MOUNTED('"$1"')}; then exit 0; fi; ${EACH} echo "$f"; break; done; true`;
    const outcome = await host.run(reads(['sh', '-c', script, 'sh', folder]));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    return { kind: outcome.stdout.trim() === '' ? 'done' : 'notYet' };
  },
  commands: ({ folder, keepAt }) => move(folder, keepAt),
  undo: ({ folder, keepAt }) => ({
    kind: 'commands',
    says: `put what is in ${keepAt} back`,
    commands: move(keepAt, folder),
  }),
});

function move(from: string, to: string): readonly Command<'changes'>[] {
  const bare = ['"$1"', '"$2"'].map(
    (path) => `if ${MOUNTED(path)}; then echo ${path} is mounted >&2; exit 1; fi;`,
  );
  const each = `${bare.join(' ')} ${EACH} mv -- "$f" "$2"/ || exit 1; done`;
  return [
    { argv: ['mkdir', '-p', '--', to], effect: 'changes', deadline: 10_000 },
    { argv: ['sh', '-c', each, 'sh', from, to], effect: 'changes', deadline: 600_000 },
  ];
}
