import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { overflowSays } from './logical-volume/snapshot.js';
import { lvmName, volumePath } from './logical-volume/volume.js';

/** The file systems whose copies can be mounted beside the original. */
export const copyTypes = ['ext4', 'ext3', 'ext2', 'xfs', 'ocfs2'] as const;

const paramsSchema = z.strictObject({
  vg: lvmName,
  /** A snapshot, which may be written on: its journal is replayed there. */
  name: lvmName,
  type: z.enum(copyTypes),
  /** A folder of its own, which goes away with the mount. */
  target: z.string().regex(/^\/run\/(?!.*\.\.)[\w.:+@-]+$/, 'it must lie in /run'),
});

/** The parameters of `file-system.mount-copy` and `file-system.unmount-copy`. */
export type MountCopy = z.infer<typeof paramsSchema>;

/**
 * Of two file systems with one UUID xfs mounts the second only when told to (xfs(5)). The journal is
 * replayed, on the snapshot alone: without that (ext4's `noload`, xfs' `norecovery`) what is in the
 * journal and not in its place yet would be missing.
 */
function optionsOf({ type }: MountCopy): string {
  return type === 'xfs' ? 'ro,nouuid,nosuid,nodev,noexec' : 'ro,nosuid,nodev,noexec';
}

/**
 * $1 the options, $2 the type, $3 the device, $4 the mount point, $5 the snapshot as LVM calls it. Of one
 * that is full mount knows only that it cannot read the superblock; the fifth letter of its attributes
 * tells (lvs(8); both seen with kernel 6.1).
 */
const MOUNT = [
  'mkdir -p -m 700 -- "$4" && mount -t "$2" -o "$1" -- "$3" "$4" && exit 0; c=$?',
  'rmdir -- "$4" 2>/dev/null',
  'case $(lvs --noheadings -o lv_attr -- "$5" 2>/dev/null | tr -d " ") in ????[IS]*) echo full;; esac',
  'exit "$c"',
].join('\n');

/** Tries for half a minute: a process that just ended may still let go of it. */
const UNMOUNT = [
  'n=0; while findmnt -n "$1" >/dev/null; do umount -- "$1" && continue;',
  'n=$((n+1)); [ "$n" -lt 15 ] || exit 1; sleep 2; done; [ ! -d "$1" ] || rmdir -- "$1"',
].join(' ');

/** Mounts a snapshot read-only, beside what it is a snapshot of. */
export const mountCopy = defineStep<MountCopy>({
  id: 'file-system.mount-copy',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ target }) => ({ title: 'mount it read-only', on: target }),
  preview: (params) => ({
    kind: 'commands',
    lines: [quoteAll(['mount', '-t', params.type, '-o', ...words(params)])],
  }),
  check: async (host, params) => {
    const now = await mountedFrom(host, params);
    return 'kind' in now ? now : { kind: now.source === undefined ? 'notYet' : 'done' };
  },
  commands: (params) => [mount(params)],
  explain: (outcome, { vg, name }) =>
    outcome.kind === 'exited' && /^full$/m.test(outcome.stdout)
      ? overflowSays(vg, name)
      : undefined,
  undo: (params) => ({
    kind: 'commands',
    says: `unmount ${params.target}`,
    commands: [unmount(params)],
  }),
});

/** Unmounts a snapshot, and takes its mount point away. */
export const unmountCopy = defineStep<MountCopy>({
  id: 'file-system.unmount-copy',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ target }) => ({ title: 'unmount the snapshot', on: target }),
  preview: ({ target }) => ({ kind: 'commands', lines: [`umount ${quoteAll([target])}`] }),
  check: async (host, params) => {
    const now = await mountedFrom(host, params);
    if ('kind' in now) return now;
    return { kind: now.source === undefined && !now.folder ? 'done' : 'notYet' };
  },
  commands: (params) => [unmount(params)],
  explain: (outcome, { target }) =>
    outcome.kind === 'exited' && outcome.stderr.includes('busy')
      ? `${target} is in use: \`fuser -vm ${target}\` shows by whom`
      : undefined,
  undo: () => ({ kind: 'nothing' }),
});

interface MountedNow {
  /** The device; undefined: nothing is mounted there. */
  readonly source: string | undefined;
  /** Whether the mount point is there. */
  readonly folder: boolean;
}

/** What is mounted there; it must be the snapshot, or nothing. */
async function mountedFrom(
  host: Reader,
  { vg, name, target }: MountCopy,
): Promise<MountedNow | Verdict> {
  const script = 'findmnt -n -o SOURCE "$1"; [ ! -d "$1" ] || echo folder';
  const outcome = await host.run(reads(['sh', '-c', script, 'sh', target], 20_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code === 127) return { kind: 'cannotTell', because: 'findmnt is not installed' };
  const lines = outcome.stdout.split('\n').filter((line) => line !== '');
  const folder = lines.at(-1) === 'folder';
  const source = folder ? lines.at(-2) : lines.at(-1);
  if (source === undefined || source === volumePath(vg, name)) return { source, folder };
  return { kind: 'refused', because: `something else is mounted at ${target}: ${source}` };
}

function words(params: MountCopy): readonly string[] {
  return [optionsOf(params), volumePath(params.vg, params.name), params.target];
}

function mount(params: MountCopy): Command<'changes'> {
  const { type, vg, name } = params;
  const [options = '', device = '', target = ''] = words(params);
  const argv = ['sh', '-c', MOUNT, 'sh', options, type, device, target, `${vg}/${name}`];
  return { argv, effect: 'changes', deadline: 120_000 };
}

function unmount({ target }: MountCopy): Command<'changes'> {
  return { argv: ['sh', '-c', UNMOUNT, 'sh', target], effect: 'changes', deadline: 120_000 };
}
