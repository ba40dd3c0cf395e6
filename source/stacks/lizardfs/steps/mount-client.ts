import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { mountedAt } from '../../../steps/mounted-at.js';
import { mountsCommand, parseLocalMounts, printed } from '../tools/on-host.js';

const paramsSchema = z.strictObject({
  /** The mount point; what is mounted there and how stands in fstab or in the unit. */
  target: z.string().startsWith('/'),
  /** The master as fstab names it: `mfsmaster`. */
  master: z.string().min(1),
  /** The unit of systemd that mounts it; left out: fstab's line does. */
  unit: z
    .string()
    .regex(/^[A-Za-z0-9:_.\\-]+\.mount$/)
    .optional(),
});

/** The parameters of `lizardfs.mount`. */
export type MountClient = z.infer<typeof paramsSchema>;

/** A client that was told to go does so when it comes to it. */
const UNMOUNT = [
  'n=0; until umount -- "$1"; do',
  'n=$((n+1)); [ "$n" -lt 10 ] || exit 1; sleep 2; done',
].join(' ');

/**
 * Mounts the file system by its line in fstab or by its unit. The client's program is not repeatable: a second one
 * at the same place fails, so what is mounted is asked of the kernel first. Nothing beneath the mount
 * point is touched: with a dead master that would hang.
 */
export const mountClient = defineStep<MountClient>({
  id: 'lizardfs.mount',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ target, master }) => ({ title: `mount the file system of ${master}`, on: target }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mountCommand(params).argv)] }),
  check,
  commands: (params) => [mountCommand(params)],
  explain,
  undo: ({ target, unit }) => ({
    kind: 'commands',
    says: `unmount ${target}`,
    commands: [
      unit === undefined
        ? { argv: ['sh', '-c', UNMOUNT, 'sh', target], effect: 'changes', deadline: 60_000 }
        : { argv: ['systemctl', 'stop', unit], effect: 'changes', deadline: 120_000 },
    ],
  }),
});

async function check(host: Reader, { target, master }: MountClient): Promise<Verdict> {
  const point = target.replace(/(?<=.)\/+$/, '');
  const [ours, any] = await Promise.all([host.run(mountsCommand), mountedAt(host, point)]);
  if (ours.kind !== 'exited') return { kind: 'cannotTell', because: ours.reason };
  const found = parseLocalMounts(printed(ours)).value.findLast(
    ({ mountPoint }) => mountPoint === point,
  );
  if (found?.master.host === master) return { kind: 'done' };
  if (found) {
    const because = `${target} is mounted from ${found.master.host}, not from ${master}`;
    return { kind: 'refused', because };
  }
  if (any.kind === 'not known') return { kind: 'cannotTell', because: any.because };
  if (any.kind === 'mounted') {
    return { kind: 'refused', because: `another file system is mounted at ${target}` };
  }
  return emptiness(host, point);
}

/** What lies in a folder would be hidden by the mount, and the client refuses it. */
async function emptiness(host: Reader, point: string): Promise<Verdict> {
  const outcome = await host.run(
    reads(['sh', '-c', 'ls -A "$1" 2>/dev/null | head -n 3', 'sh', point]),
  );
  const names = linesOf(printed(outcome));
  if (names.length === 0) return { kind: 'notYet' };
  return { kind: 'refused', because: `${point} is not empty: it holds ${names.join(', ')}` };
}

function mountCommand({ target, unit }: MountClient): Command<'changes'> {
  const argv = unit === undefined ? ['mount', '--', target] : ['systemctl', 'start', unit];
  return { argv, effect: 'changes', deadline: 100_000 };
}

/** The client's words (its source, and MooseFS 3 when tried). */
function explain(outcome: Outcome, { target, master, unit }: MountClient): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const said = `${outcome.stderr}\n${outcome.stdout}`;
  if (said.includes('is not empty'))
    return `${target} is not empty; the client mounts on empty folders alone`;
  if (/bad mount point|mount point does not exist/.test(said))
    return `there is no folder ${target}`;
  if (/can't resolve (?:master )?host/i.test(said)) {
    return `the name ${master} is not known on this host: see /etc/hosts`;
  }
  if (/register error.*[Pp]ermission denied/.test(said)) {
    return 'the master does not export this to the host: see its exports file (range, path, alldirs for a folder beneath)';
  }
  if (/register error.*(?:No such|ENOENT)/i.test(said))
    return 'there is no such folder in the file system';
  if (/can't connect to (?:mfs|sfs)master|Connection refused|Connection timed out/i.test(said)) {
    return `no master answers at ${master}: is it running, and is port 9421 open?`;
  }
  if (unit !== undefined && said.includes(`Job for ${unit} failed`)) {
    return `systemd could not mount it: \`journalctl -u ${unit} -n 20\` says why`;
  }
  return undefined;
}
