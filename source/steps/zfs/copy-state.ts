import { z } from 'zod';
import { reads, type Reader } from '../../core/host.js';
import { quote, quoteAll } from '../../core/quote.js';
import { linesOf } from '../../core/text.js';
import { snapshotName, volumeName } from './names.js';

/** A host as another reaches it: `compute-0-1.ibnet`, an address. */
const reached = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'no name of a host');

/** What a copy between two hosts is made of; the parameters of all steps about it. */
export const copySchema = z.strictObject({
  /** Tells this copy from any other on the host. */
  id: z.uuid(),
  from: z.strictObject({ host: reached, volume: volumeName }),
  to: volumeName,
  snapshot: snapshotName,
  /** The newest snapshot that both have: only what came after it travels. Null: everything does. */
  since: snapshotName.nullable(),
  /** Who may log in to the other host without a password; null: root itself. */
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]*$/, 'no name of a user')
    .nullable(),
});

/** The parameters of the steps that copy a snapshot from another host. */
export type ZfsCopy = z.infer<typeof copySchema>;

/** `sbin` is on the path of a login only, and ssh makes none. */
const FAR_PATH = 'PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin';

/** How the host that is asked runs a command of zfs on the other one. */
export function far({ from, user }: ZfsCopy, words: readonly string[]): readonly string[] {
  const line = quoteAll(['env', FAR_PATH, 'zfs', ...words]);
  const ssh = ['ssh', '-n', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', from.host, line];
  return user === null ? ssh : ['su', user, '-c', ssh.map(quote).join(' ')];
}

/** The words of `zfs send`. */
export function sendWords({ from, snapshot, since }: ZfsCopy): readonly string[] {
  const source = `${from.volume}@${snapshot}`;
  return since === null ? ['send', source] : ['send', '-I', `${from.volume}@${since}`, source];
}

/** Where the receiving host keeps how far it is. */
export function stateFolder({ id }: Pick<ZfsCopy, 'id'>): string {
  return `/run/holdfast-zfs-${id}`;
}

/**
 * $1 the folder. `none`, `runs RECEIVED SIZE` in bytes (0: not known), `gone`, or `ended SENT RECEIVED`
 * with both exit codes and the last words of either after it. How much was received is what the kernel
 * counts for the receiver (proc(5), `rchar`).
 */
const LOOK = [
  'd=$1; [ -e "$d/pid" ] || { echo none; exit 0; }',
  // Whether it lives is asked first: one that ends between the two questions has said how it ended.
  // While a process turns into another program its command line is empty, so it is asked once more.
  'f=/proc/$(cat "$d/pid")/cmdline a=; for i in 1 2; do grep -q holdfast-zfs "$f" 2>/dev/null && a=1 && break; sleep 0.1; done',
  'if [ -e "$d/received" ]; then echo "ended $(cat "$d/sent" 2>/dev/null || echo 1) $(cat "$d/received")"; tail -q -n 1 "$d/errors"; exit 0; fi',
  '[ -n "$a" ] || { echo gone; exit 0; }',
  'r=$(sed -n "s/^rchar: //p" "/proc/$(cat "$d/receiver" 2>/dev/null)/io" 2>/dev/null)',
  'echo "runs ${r:-0} $(cat "$d/size" 2>/dev/null || echo 0)"',
].join('\n');

/** How a copy stands on the host that receives it. */
export type CopyNow =
  | { readonly state: 'none' | 'gone' }
  /** Bytes; null: not known. */
  | { readonly state: 'runs'; readonly received: number | null; readonly size: number | null }
  | { readonly state: 'ended'; readonly well: boolean; readonly last: string };

/** Looks how far a copy is; a text says why that cannot be told. */
export async function lookAtCopy(
  host: Reader,
  params: Pick<ZfsCopy, 'id'>,
): Promise<CopyNow | string> {
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', stateFolder(params)]));
  if (outcome.kind !== 'exited') return outcome.reason;
  const [head = '', ...said] = linesOf(outcome.stdout);
  const [state, a = '', b = ''] = head.split(' ');
  switch (state) {
    case 'none':
    case 'gone':
      return { state };
    case 'runs':
      return { state, received: amount(a), size: amount(b) };
    case 'ended':
      return { state, well: a === '0' && b === '0', last: said.at(-1)?.trim() ?? '' };
    default:
      return `how far the copy is cannot be seen: ${outcome.stderr.trim()}`;
  }
}

function amount(text: string): number | null {
  return /^[1-9]\d*$/.test(text) ? Number(text) : null;
}
