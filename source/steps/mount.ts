import { z } from 'zod';
import type { Command, Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { mountedAt } from './mounted-at.js';

const paramsSchema = z.strictObject({
  /** The mount point; what is mounted there and how stands in fstab. */
  target: z.string().startsWith('/'),
  /** UUID of the file system that must be there. */
  uuid: z.string().min(1),
  /**
   * Whether undo leaves it mounted once it holds files: a plan whose undo takes away what the file
   * system lies on.
   */
  keepsFiles: z.boolean().optional(),
});

/** What is there of mkfs itself is no file of anybody's. */
const EMPTY =
  '[ -z "$(find "$1" -xdev -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit)" ] || { echo "$1 holds files by now, which an undo does not lose" >&2; exit 1; }';

/** Tries for half a minute: a daemon that was told to let go of it does so when it comes to it. */
const UNMOUNT = [
  'n=0; until umount -- "$1"; do',
  'n=$((n+1)); [ "$n" -lt 15 ] || exit 1; sleep 2; done',
].join(' ');

/** The parameters of `file-system.mount`. */
export type Mount = z.infer<typeof paramsSchema>;

/** Mounts what fstab says of a mount point, and believes only what is then mounted there. */
export const mount = defineStep<Mount>({
  id: 'file-system.mount',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ target }) => [{ kind: 'mount-point', path: target }],
  tell: ({ target }) => ({ title: 'mount', on: target }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mountCommand(params).argv)] }),
  check,
  commands: (params) => [mountCommand(params)],
  undo: ({ target, keepsFiles }) => {
    const script = keepsFiles === true ? `${EMPTY}; ${UNMOUNT}` : UNMOUNT;
    const argv = ['sh', '-c', script, 'sh', target];
    return {
      kind: 'commands',
      says: `unmount ${target}${keepsFiles === true ? ', unless it holds files by then' : ''}`,
      commands: [{ argv, effect: 'changes', deadline: 90_000 }],
    };
  },
});

async function check(host: Reader, { target, uuid }: Mount): Promise<Verdict> {
  const found = await mountedAt(host, target);
  if (found.kind === 'not known') return { kind: 'cannotTell', because: found.because };
  if (found.kind === 'nothing') return { kind: 'notYet' };
  if (found.uuid === uuid) return { kind: 'done' };
  return {
    kind: 'refused',
    because: `another file system is mounted at ${target} (UUID ${found.uuid || 'none'})`,
  };
}

function mountCommand({ target }: Mount): Command<'changes'> {
  return { argv: ['mount', '--', target], effect: 'changes', deadline: 120_000 };
}
