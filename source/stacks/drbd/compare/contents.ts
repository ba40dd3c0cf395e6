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
 * $1 the backing device, $2 the minor. The backing device holds DRBD's signature at its end besides:
 * asked for anything, blkid finds two and says none.
 */
const LOOK =
  'cat "/sys/class/block/drbd$2/size"; blkid -p -n ext2,ext3,ext4,xfs,ocfs2,btrfs,LVM2_member,crypto_LUKS -o value -s TYPE -- "$1"; echo "ended $?"';

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
