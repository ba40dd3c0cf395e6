import { reads, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { copyTypes } from '../../../steps/mount-copy.js';
import type { SideVolume } from '../split-brain/side.js';

/** What a volume carries, as far as it can be compared. */
export interface Contents {
  /** The file system, as blkid calls it; undefined: none that it knows. */
  readonly type: string | undefined;
  /** Of the data alone, without DRBD's own; undefined: not known. */
  readonly sizeBytes: number | undefined;
}

/** A type of file system whose snapshot can be mounted. */
export type CopyType = (typeof copyTypes)[number];

/** The type, where a snapshot of it can be mounted beside the original. */
export function copyType({ type }: Contents): CopyType | undefined {
  return copyTypes.find((known) => known === type);
}

/**
 * $1 the backing device, $2 the minor. Its beginning is read past the cache and looked into aside: DRBD
 * writes past the cache of the backing device, which then still shows what was there years ago. Of the
 * whole device blkid finds DRBD's own signature first. It knows no OCFS2 on less than 14 MB, so what was
 * read is made longer, by a hole (all seen with kernel 6.1 and util-linux 2.38).
 */
const LOOK = [
  'cat "/sys/class/block/drbd$2/size"',
  't=/run/holdfast-probe.$2; umask 077',
  'dd if="$1" of="$t" bs=65536 count=32 iflag=direct 2>/dev/null',
  'dd if=/dev/null of="$t" bs=1048576 seek=16 2>/dev/null',
  'blkid -p -n ext2,ext3,ext4,xfs,ocfs2,btrfs,LVM2_member,crypto_LUKS -o value -s TYPE -- "$t"; c=$?',
  'rm -f "$t"; echo "ended $c"',
].join('\n');

/** Looks what a volume of a side carries. Never rejects. */
export async function lookAtContents(host: Reader, volume: SideVolume): Promise<Contents> {
  const { backing, minor } = volume;
  if (!backing?.startsWith('/dev/')) return { type: undefined, sizeBytes: undefined };
  const argv = ['sh', '-c', LOOK, 'sh', backing, String(minor)];
  const outcome = await host.run(reads(argv, 20_000));
  return parseContents(outcome.kind === 'exited' ? outcome.stdout : '');
}

/** Reads what the look printed: sectors of 512 bytes, the type, how blkid ended. */
export function parseContents(stdout: string): Contents {
  const lines = linesOf(stdout);
  const sectors = /^\d+$/.test(lines[0] ?? '') ? Number(lines[0]) : 0;
  const type = lines.slice(sectors > 0 ? 1 : 0).find((line) => /^[A-Za-z]\w+$/.test(line));
  return { type, sizeBytes: sectors > 0 ? sectors * 512 : undefined };
}
