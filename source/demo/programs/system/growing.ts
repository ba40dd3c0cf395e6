import { formattableAt, type Formattable } from '../../fleet/formattable.js';
import { growMounted } from '../../fleet/mounts.js';
import type { Mount } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const BLOCK = 4096;
const E2FS = '1.47.0 (5-Feb-2023)';

/** `dumpe2fs -h DEVICE`: the superblock, as far as sizes go. */
export function dumpe2fs(call: Call): Ran {
  const found = mountedFrom(call, call.args.at(-1) ?? '');
  if (!found) return failed(1, `dumpe2fs ${E2FS}\ndumpe2fs: Bad magic number in super-block\n`);
  const { mount, disk, bytes } = found;
  const lines = [
    'Filesystem volume name:   <none>',
    `Last mounted on:          ${mount.target}`,
    `Filesystem UUID:          ${disk.signature?.uuid ?? ''}`,
    'Filesystem state:         clean',
    `Block count:              ${Math.floor(bytes / BLOCK)}`,
    `Block size:               ${BLOCK}`,
    'Blocks per group:         32768',
  ];
  return {
    stdout: lines.map((line) => `${line}\n`).join(''),
    stderr: `dumpe2fs ${E2FS}\n`,
    exit: 0,
  };
}

/** `resize2fs DEVICE`: a mounted ext4 takes all of its device. */
export function resize2fs(call: Call): Ran {
  const path = call.args.at(-1) ?? '';
  const found = mountedFrom(call, path);
  const banner = `resize2fs ${E2FS}\n`;
  if (!found) return failed(1, `${banner}resize2fs: Bad magic number in super-block\n`);
  const { mount, disk, bytes } = found;
  const blocks = Math.floor(disk.size / BLOCK);
  if (Math.floor(bytes / BLOCK) === blocks) {
    return failed(
      0,
      `${banner}The filesystem is already ${blocks} (4k) blocks long.  Nothing to do!\n\n`,
    );
  }
  growMounted(call.fleet, call.machine, mount, disk);
  return {
    stdout: `Filesystem at ${path} is mounted on ${mount.target}; on-line resizing required\nold_desc_blocks = 15, new_desc_blocks = 30\nThe filesystem on ${path} is now ${blocks} (4k) blocks long.\n\n`,
    stderr: banner,
    exit: 0,
  };
}

/** `xfs_info MOUNTPOINT`. */
export function xfsInfo(call: Call): Ran {
  const path = call.args.at(-1) ?? '';
  const found = xfsAt(call, path);
  return found ? printed(geometry(found)) : failed(1, `xfs_info: ${path}: Not an XFS filesystem\n`);
}

/** `xfs_growfs [-d] MOUNTPOINT`. */
export function xfsGrowfs(call: Call): Ran {
  const path = call.args.at(-1) ?? '';
  const found = xfsAt(call, path);
  if (!found) return failed(1, `xfs_growfs: ${path} is not a mounted XFS filesystem\n`);
  const before = geometry(found);
  const old = Math.floor(found.bytes / BLOCK);
  const blocks = Math.floor(found.disk.size / BLOCK);
  if (blocks === old) return printed(`${before}data size unchanged, skipping\n`);
  growMounted(call.fleet, call.machine, found.mount, found.disk);
  return printed(`${before}data blocks changed from ${old} to ${blocks}\n`);
}

/** A mounted file system, its disk, and how much of it the superblock takes. */
interface Found {
  readonly mount: Mount;
  readonly disk: Formattable;
  readonly bytes: number;
}

function mountedFrom({ fleet, machine }: Call, path: string): Found | undefined {
  const disk = formattableAt(fleet, machine, path);
  const mount = machine.mounts.find(({ source }) => source === path);
  return disk && mount && { disk, mount, bytes: disk.signature?.bytes ?? disk.size };
}

function xfsAt(call: Call, target: string): Found | undefined {
  const mount = call.machine.mounts.find((one) => one.target === target && one.type === 'xfs');
  return mount && mountedFrom(call, mount.source);
}

function geometry({ mount: { source }, bytes }: Found): string {
  const blocks = Math.floor(bytes / BLOCK);
  return [
    `meta-data=${source.padEnd(22)} isize=512    agcount=4, agsize=${Math.ceil(blocks / 4)} blks`,
    '         =                       sectsz=512   attr=2, projid32bit=1',
    `data     =                       bsize=${BLOCK}   blocks=${blocks}, imaxpct=25`,
    'naming   =version 2              bsize=4096   ascii-ci=0, ftype=1',
    '',
  ].join('\n');
}
