import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { DATABASE } from '../roll.js';
import { imageName, SQL_SCRIPT } from './row.js';

const paramsSchema = z.strictObject({
  daemon: z.enum(['img-storage-nas', 'img-storage-vm']),
  /** The process that is to go; null: none runs. */
  pid: z.number().int().positive().nullable(),
  /** The image that is mended: copies of others must not be under way. */
  zvol: imageName,
});

/** The parameters of `imgstorage.restart-daemon`. */
export type RestartDaemon = z.infer<typeof paramsSchema>;

/**
 * Starts a daemon of the roll anew. The one of a NAS forgets all copies as it starts (`DELETE FROM
 * sync_queue`, imgstoragenas.py `run`), and the images that they were for hang then: it is refused while
 * there is one of another image.
 */
export const restartDaemon = defineStep<RestartDaemon>({
  id: 'imgstorage.restart-daemon',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ daemon, pid }) => ({
    title: pid === null ? 'start the daemon' : 'restart the daemon',
    on: daemon,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(restart(params).argv)] }),
  check,
  commands: (params) => [restart(params)],
  wait: {
    every: 1000,
    atMost: 60_000,
    progress: () => Promise.resolve({ says: 'waiting for it to write its process id' }),
  },
  undo: () => ({ kind: 'nothing' }),
});

function restart({ daemon }: RestartDaemon): Command<'changes'> {
  return { argv: ['service', daemon, 'restart'], effect: 'changes', deadline: 120_000 };
}

/** $1 the daemon: its process by its own file, where that one lives, else as its script tells it. */
export const PID_SCRIPT = [
  'p=$(cat "/var/run/$1.pid" 2>/dev/null) && [ -d "/proc/$p" ] && { echo "$p"; exit; }',
  'service "$1" status 2>/dev/null | sed -n "s/.*(pid *\\([0-9][0-9]*\\).*/\\1/p; s/.*Main PID: \\([0-9][0-9]*\\) .*/\\1/p" | head -n 1',
].join('\n');

async function check(host: Reader, { daemon, pid, zvol }: RestartDaemon): Promise<Verdict> {
  const [now, others] = await Promise.all([
    host.run(reads(['sh', '-c', PID_SCRIPT, 'sh', daemon])),
    daemon === 'img-storage-nas' ? otherCopies(host, zvol) : '',
  ]);
  if (now.kind !== 'exited') return { kind: 'cannotTell', because: now.reason };
  const own = now.stdout.trim();
  if (/^\d+$/.test(own) && Number(own) !== pid) return { kind: 'done' };
  if (others === '') return { kind: 'notYet' };
  return { kind: 'refused', because: others };
}

/** Why the daemon of a NAS must not be restarted now; empty: it may. */
async function otherCopies(host: Reader, zvol: string): Promise<string> {
  const sql = `SELECT zvol FROM sync_queue WHERE zvol <> '${zvol}' ORDER BY zvol;\n`;
  const outcome = await host.run(reads(['sh', '-c', SQL_SCRIPT, 'sh', DATABASE, sql], 20_000));
  if (outcome.kind !== 'exited') return outcome.reason;
  if (outcome.code !== 0) return `its database does not answer: ${outcome.stderr.trim()}`;
  const names = linesOf(outcome.stdout).filter((line) => line !== '');
  return names.length === 0
    ? ''
    : `${names[0] ?? ''}${names.length > 1 ? ` and ${names.length - 1} more` : ''} is being copied, and a restart would break that off for good: wait until it ends`;
}
