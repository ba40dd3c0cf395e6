import { reads, type Command } from '../core/host.js';
import { linesOf } from '../core/text.js';
import { lsblkPairs } from './block-lines.js';

/** File systems whose size can be asked while they are mounted. */
export const GROWING = ['ext4', 'xfs'] as const;

/** A file system that grows while it is mounted. */
export type Growing = (typeof GROWING)[number];

/** Whether it is one of them. */
export function isGrowing(type: string): type is Growing {
  return GROWING.some((one) => one === type);
}

/** A device, what is mounted at a path, and how much of the device the file system takes. */
export interface FileSystemSize {
  /** Of the device; undefined: there is none of that name. */
  readonly device?: { readonly bytes: number; readonly number: string };
  /** What is mounted at the path itself. */
  readonly mounted?: {
    readonly number: string;
    readonly type: string;
    readonly uuid: string;
    readonly readOnly: boolean;
  };
  /** From its own superblock; undefined: the program that reads it is not there or failed. */
  readonly bytes?: number;
  /** So much of a device may be left over by a file system that takes all that it can. */
  readonly slack: number;
  /** ext4 met errors: the kernel refuses to grow it (ext4_resize_begin). */
  readonly hasErrors: boolean;
}

const SCRIPT = [
  'd=$(readlink -f -- "$1")',
  'lsblk -bdnP -o SIZE,MAJ:MIN "$d" 2>/dev/null | sed "s/^/device /"',
  'findmnt -n -P -o TARGET,FSTYPE,UUID,MAJ:MIN,OPTIONS "$2" 2>/dev/null | sed "s/^/mount /"',
  'case $3 in',
  '  ext4) dumpe2fs -h "$d" 2>/dev/null | sed "s/^/ext4 /";;',
  '  xfs) xfs_info "$2" 2>/dev/null | sed "s/^/xfs /";;',
  'esac; true',
].join('\n');

/**
 * Asks how large a device and the file system on it are. `df` does not tell it: what the file
 * system needs for itself is left out there. dumpe2fs reads the superblock through the kernel's
 * cache, where that of a mounted ext4 is.
 *
 * @param device any path of the device
 * @param target where it is mounted
 */
export function fileSystemSizeCommand(
  device: string,
  target: string,
  type: Growing,
): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT, 'sh', device, target, type], 20_000);
}

/** Reads what the script printed; what it does not know is left out. */
export function parseFileSystemSize(text: string, target: string): FileSystemSize {
  const lines = linesOf(text);
  const of = (word: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const device = of('device').map(lsblkPairs).at(0);
  const mounted = of('mount')
    .map(lsblkPairs)
    .filter((pairs) => pairs.get('TARGET') === target)
    .at(-1);
  return {
    ...(device && {
      device: { bytes: Number(device.get('SIZE')), number: device.get('MAJ:MIN')?.trim() ?? '' },
    }),
    ...(mounted && {
      mounted: {
        number: mounted.get('MAJ:MIN')?.trim() ?? '',
        type: mounted.get('FSTYPE') ?? '',
        uuid: mounted.get('UUID') ?? '',
        readOnly: (mounted.get('OPTIONS') ?? '').split(',').includes('ro'),
      },
    }),
    ...(of('ext4').length > 0 ? ext4Size(of('ext4')) : xfsSize(of('xfs'))),
  };
}

type Own = Pick<FileSystemSize, 'bytes' | 'slack' | 'hasErrors'>;

/**
 * `Block count: 65536` and so on, as dumpe2fs prints them. resize2fs gives up a last group that is
 * too small for its own inode table (e2fsprogs, resize/resize2fs.c), which takes a sixteenth of a
 * group at the most with mke2fs's own ratios; an eighth is allowed for.
 */
function ext4Size(lines: readonly string[]): Own {
  const said = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1).trim()] as const;
    }),
  );
  const number = (key: string): number => Number(said.get(key) ?? Number.NaN);
  const block = number('Block size');
  const bytes = number('Block count') * block;
  return {
    ...(Number.isFinite(bytes) && { bytes }),
    slack: Math.ceil((number('Blocks per group') * block) / 8) || 0,
    hasErrors: (said.get('Filesystem state') ?? '').includes('errors'),
  };
}

/**
 * `data     =   bsize=4096   blocks=131072, imaxpct=25` (xfs_info(8)). The kernel gives up a last
 * allocation group of fewer than 64 blocks (XFS_MIN_AG_BLOCKS).
 */
function xfsSize(lines: readonly string[]): Own {
  const data = lines.map((line) => /^data\s*=\s*bsize=(\d+)\s+blocks=(\d+)/.exec(line));
  const [, block, blocks] = data.find((one) => one !== null) ?? [];
  if (block === undefined || blocks === undefined) return { slack: 0, hasErrors: false };
  return { bytes: Number(block) * Number(blocks), slack: 64 * Number(block), hasErrors: false };
}

/** How many bytes of the device the file system could still take; 0: it takes all that it can. */
export function roomToGrow({ device, bytes, slack }: FileSystemSize): number {
  if (!device || bytes === undefined) return 0;
  const left = device.bytes - bytes;
  return left > slack ? left : 0;
}
