import { reads, type Reader } from '../../../core/host.js';
import type { Steps } from '../../../core/plan-steps.js';
import { linesOf } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Side } from '../split-brain/side.js';
import type { CopyAside } from './copy-aside.js';
import { copyType } from './contents.js';
import { entryOn, type Difference } from './differences.js';
import type { FileEntry } from './listing.js';
import type { FileComparison, VolumeCompared } from './look.js';
import { snapshotMount } from './place.js';
import { snapshotsOf } from './room.js';

/** A local file system of a host, as df tells it. */
export interface Room {
  readonly source: string;
  readonly freeBytes: number;
  readonly at: string;
  /** `/var/lib` lies on it, where such things are looked for. */
  readonly isUsual: boolean;
}

/** The files of a victim that can be copied aside, or why they cannot. */
export type Aside =
  | {
      readonly ok: true;
      /** Of one or more volumes. */
      readonly copies: readonly AsideVolume[];
      readonly files: number;
      readonly bytes: number;
      /** The folder that all lie beneath. */
      readonly target: string;
      readonly freeBytes: number;
    }
  | { readonly ok: false; readonly because: string };

/** One volume's files, and how they are read. */
export interface AsideVolume {
  readonly volume: number;
  readonly params: CopyAside;
}

/** So many files are named by their numbers; older ones of more are chosen by time. */
const MOST_NAMED = 4000;
/** Beside the files: folders, and what the host itself goes on writing. */
const MARGIN = 64 * 2 ** 20;

const FREE = 'df -P -k -l -x tmpfs -x devtmpfs -x overlay; echo default; df -P -k -l -- /var/lib';

/** Looks for room on a host's own file systems; the one of `/var/lib` comes first. Never rejects. */
export async function lookAtRoom(host: Reader): Promise<readonly Room[]> {
  const outcome = await host.run(reads(['sh', '-c', FREE], 20_000));
  return outcome.kind === 'exited' ? parseRoom(outcome.stdout) : [];
}

/** Reads `df -P -k` (POSIX): source, blocks, used, free, share, mount point. */
export function parseRoom(stdout: string): readonly Room[] {
  const [all = '', first = ''] = stdout.split(/^default$/m);
  const rooms = (text: string, isUsual: boolean): readonly Room[] =>
    linesOf(text).flatMap((line) => {
      const [, source = '', free, at = ''] =
        /^(\S+) +\d+ +\d+ +(\d+) +\d+% (\/.*)$/.exec(line) ?? [];
      return free === undefined ? [] : [{ source, freeBytes: Number(free) * 1024, at, isUsual }];
    });
  const preferred = rooms(first, true);
  const others = rooms(all, false)
    .filter(({ at }) => !preferred.some((one) => one.at === at))
    .sort((a, b) => b.freeBytes - a.freeBytes);
  return [...preferred, ...others];
}

/** What is needed to know which files are copied, and where to. */
export interface AsideInput {
  readonly resource: string;
  readonly victim: Side;
  /** Which of the compared sides gives way. */
  readonly index: 0 | 1;
  readonly volumes: readonly VolumeCompared[];
  readonly rooms: readonly Room[];
  readonly id: string;
  /** Of the folder's name: `20261121-140211`. */
  readonly stamp: string;
}

/** The files that only the victim has, or has otherwise, as they can be copied aside. */
export function asideOf(input: AsideInput): Aside {
  const { resource, victim, index, volumes, id, rooms } = input;
  const chosen = volumes.flatMap(({ volume, comparison, contents }) => {
    if (comparison.kind !== 'files' || copyType(contents[index]) === undefined) return [];
    const entries = ownFiles(comparison.differences, index);
    return entries.length === 0 ? [] : [{ volume, comparison, entries }];
  });
  if (chosen.some(({ comparison }) => comparison.left > 0)) {
    return {
      ok: false,
      because: 'too many files differ to be chosen one by one: keep a copy of the whole volume',
    };
  }
  const size = chosen.reduce((sum, { entries }) => sum + sizeOf(entries), 0);
  const needed = size * 1.02 + MARGIN;
  // What lies on DRBD may be overwritten by the other side as well.
  const fit = rooms.filter(({ source, at }) => {
    return !source.startsWith('/dev/drbd') && /^[\w./:+@-]+$/.test(at);
  });
  const room = fit.find(({ freeBytes }) => freeBytes >= needed);
  if (!room) {
    const most = fit.reduce((best, { freeBytes }) => Math.max(best, freeBytes), 0);
    return {
      ok: false,
      because: `${bytes(needed)} are needed for the files of ${victim.host}, and no file system of its own has more than ${bytes(most)} free`,
    };
  }
  const full = snapshotsOf(victim, id).find((snapshot) => !snapshot.ok);
  if (full) return { ok: false, because: full.because };
  const target = folderOn(room, `${resource}-${input.stamp}`);
  const copies = chosen.map(({ volume, comparison, entries }): AsideVolume => {
    const beneath = volumes.length > 1 ? `${target}/volume-${volume}` : target;
    const picked = pick(entries, comparison.newest[index]);
    return { volume, params: { resource, volume, id, target: beneath, ...picked } };
  });
  const files = chosen.reduce((sum, { entries }) => sum + entries.length, 0);
  return { ok: true, copies, files, bytes: size, target, freeBytes: room.freeBytes };
}

/** What a side has that the other has not so; folders come with what is in them. */
export function ownFiles(differences: readonly Difference[], side: 0 | 1): readonly FileEntry[] {
  return differences.flatMap((difference) => {
    const entry = entryOn(difference, side);
    return entry && entry.type !== 'd' ? [entry] : [];
  });
}

function sizeOf(entries: readonly FileEntry[]): number {
  return entries.reduce((sum, { type, size }) => sum + (type === 'f' ? size : 0), 0);
}

/**
 * By their numbers, and all that was changed after the newest that was listed. Of very many files the
 * newer ones are chosen by their time as well, since what has a newer time was changed on this side.
 */
function pick(
  entries: readonly FileEntry[],
  newest: number,
): Pick<CopyAside, 'inodes' | 'since' | 'files'> {
  const oldest = entries.toSorted((a, b) => Number(a.changed) - Number(b.changed));
  const next = oldest[MOST_NAMED];
  const since = Math.floor(Math.min(newest, next ? Number(next.changed) : newest));
  const inodes = [...new Set(oldest.slice(0, MOST_NAMED).map(({ inode }) => inode))];
  return { inodes, since, files: entries.length };
}

function folderOn({ at, isUsual }: Room, name: string): string {
  if (isUsual) return `/var/lib/holdfast/aside/${name}`;
  return `${at === '/' ? '' : at}/holdfast-aside/${name}`;
}

/**
 * Copies them from a snapshot that is taken when nothing can write any more: what was written since
 * the comparison is in it.
 */
export function asideSteps(
  steps: Steps,
  { victim, volumes, index }: Pick<AsideInput, 'victim' | 'volumes' | 'index'>,
  aside: Extract<Aside, { readonly ok: true }>,
): void {
  const { host } = victim;
  for (const { volume, params } of aside.copies) {
    const at = victim.volumes.findIndex((one) => one.volume === volume);
    const snapshot = snapshotsOf(victim, params.id)[at];
    const contents = volumes.find((one) => one.volume === volume)?.contents[index];
    const type = contents && copyType(contents);
    if (!snapshot?.ok || !type) continue;
    const { vg, name } = snapshot.own;
    const mount = { vg, name, type, target: snapshotMount(params) };
    const copy = { ...params, inodes: [...params.inodes] };
    steps.add(host, 'lvm.snapshot', snapshot.take);
    if (type === 'ocfs2') steps.add(host, 'drbd.own-ocfs2-copy', snapshot.own);
    steps.add(host, 'file-system.mount-copy', mount);
    steps.add(host, 'drbd.copy-aside', copy);
    steps.add(host, 'drbd.wait-copied-aside', copy);
    steps.add(host, 'file-system.unmount-copy', mount);
    steps.add(host, 'lvm.remove-snapshot', snapshot.own);
  }
}

/** Whether a comparison has files of this side that can be copied at all. */
export function hasOwnFiles(volumes: readonly VolumeCompared[], side: 0 | 1): boolean {
  return volumes.some(({ comparison }) => {
    const found: FileComparison | undefined = comparison.kind === 'files' ? comparison : undefined;
    return found !== undefined && ownFiles(found.differences, side).length > 0;
  });
}
