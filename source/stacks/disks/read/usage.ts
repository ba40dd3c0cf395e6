import { reads, type Command } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** How full a file system is, as statfs(2) says. */
export interface Use {
  readonly sizeBytes: number;
  /** What is taken; free space that only root may take is not. */
  readonly usedBytes: number;
  /** What everybody may still take. */
  readonly availableBytes: number;
  /** 0 for file systems that make inodes as they need them. */
  readonly inodes: number;
  readonly inodesFree: number;
}

/** Errors that ext4 met and wrote down in its superblock; they stay until a file system check. */
export interface Ext4Errors {
  readonly count: number;
  /** In seconds since 1970; null: not known. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

/** Of the file systems of a host. */
export interface Usage {
  /** By `major:minor` as mountinfo has it. */
  readonly uses: ReadonlyMap<string, Use>;
  /** By kernel name. */
  readonly errors: ReadonlyMap<string, Ext4Errors>;
}

const LOCAL = 'ext2|ext3|ext4|xfs|btrfs|jfs|reiserfs|f2fs|bcachefs|vfat|exfat|ntfs3';
const SHARED = 'ocfs2|gfs2';

/**
 * `df` is not asked: it looks at everything that is mounted, and one dead NFS or FUSE mount holds it
 * up for good, `-l` or not (old ones stat each mount before they leave it out). Only file systems on
 * devices are looked at here, each once, by `stat -f`, which asks statfs(2): theirs is answered from
 * memory, so no drive wakes. A cluster file system's waits for a lock of the cluster, so those are
 * asked by a command of their own: if it hangs, it holds up nothing but itself.
 */
function useScript(types: string): string {
  return [
    'seen=" "',
    'while read -r _ _ n _ p rest; do',
    '  set -f; set -- ${rest#* - }; t=$1',
    `  case $t in ${types}) ;; *) continue;; esac`,
    // Blanks in a mount point stand as octal; printf(1) undoes them.
    '  case $seen in *" $n "*) continue;; esac; seen="$seen$n "',
    '  u=$(stat -f -c "%S %b %f %a %c %d" "$(printf %b "$p")" 2>/dev/null) && echo "use $n $u"',
    'done </proc/self/mountinfo',
    'true',
  ].join('\n');
}

const ERRORS =
  'for d in /sys/fs/ext4/*/errors_count; do [ -e "$d" ] || continue; d=${d%/*}; echo "ext4 ${d##*/} $(cat "$d/errors_count" "$d/first_error_time" "$d/last_error_time" 2>/dev/null | tr "\\n" " ")"; done';

/** Asks how full the local file systems are, and whether ext4 met errors. */
export function localUseCommand(): Command<'reads'> {
  return reads(['sh', '-c', `${ERRORS}\n${useScript(LOCAL)}`], 8000);
}

/** Asks how full the cluster file systems are. */
export function sharedUseCommand(): Command<'reads'> {
  return reads(['sh', '-c', useScript(SHARED)], 8000);
}

/** Reads what either printed. */
export function parseUsage(text: string): Parsed<Usage> {
  const uses = new Map<string, Use>();
  const errors = new Map<string, Ext4Errors>();
  const unread = linesOf(text).filter((line) => {
    const [kind, key = '', ...words] = line.trim().split(/\s+/);
    const numbers = words.map(Number);
    if (!numbers.every(Number.isFinite)) return true;
    if (kind === 'ext4' && numbers.length > 0) {
      const [count = 0, first = 0, last = 0] = numbers;
      errors.set(key, { count, firstAt: first || null, lastAt: last || null });
      return false;
    }
    if (kind !== 'use' || numbers.length !== 6) return line.trim() !== '';
    const [block = 0, blocks = 0, free = 0, available = 0, inodes = 0, inodesFree = 0] = numbers;
    uses.set(key, {
      sizeBytes: blocks * block,
      usedBytes: (blocks - free) * block,
      availableBytes: available * block,
      inodes,
      inodesFree,
    });
    return false;
  });
  return parsed({ uses, errors }, unread);
}

/** The share that `df` prints: of what everybody may take, what is taken. */
export function usedShare({ usedBytes, availableBytes }: Use): number {
  const all = usedBytes + availableBytes;
  return all > 0 ? usedBytes / all : 0;
}

/** The share of inodes that are taken; 0 where there is no limit. */
export function inodeShare({ inodes, inodesFree }: Use): number {
  return inodes > 0 ? (inodes - inodesFree) / inodes : 0;
}
