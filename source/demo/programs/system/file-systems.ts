import { writableOf } from '../../fleet/lvm.js';
import type { Disk, Machine } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';
import { blockTree, flat } from './devices.js';

/** `wipefs -n -p DEVICE`: what stands on it, a line each; a blank device: no line. */
export function wipefs({ args, fleet, machine }: Call): Ran {
  if (!args.includes('-n')) return failed(1, 'wipefs: only -n is simulated\n');
  const path = args.find((arg) => arg.startsWith('/')) ?? '';
  const device = flat(blockTree(fleet, machine)).find((one) => one.path === path);
  if (!device) {
    return failed(
      1,
      `wipefs: error: ${path}: probing initialization failed: No such file or directory\n`,
    );
  }
  const { signature } = device;
  if (!signature) return printed('');
  const offset = signature.type === 'xfs' ? '0x0' : '0x438';
  const { uuid, label = '', type } = signature;
  return printed(`# offset,uuid,label,type\n${offset},${uuid},${label},${type}\n`);
}

/** `mkfs.ext4 [-F] [-U UUID] DEVICE`. */
export function mkfsExt4(call: Call): Ran {
  const { values, words } = readArguments(call.args, new Set(['-U', '-L', '-m', '-E', '-O', '-b']));
  const path = words[0] ?? '';
  const found = blank(call.machine, path, 'mke2fs 1.47.0 (5-Feb-2023)\n');
  if ('exit' in found) return found;
  const uuid = values.get('-U') ?? '';
  found.signature = { type: 'ext4', uuid };
  const blocks = Math.floor(found.size / 4096);
  return {
    stdout: `Creating filesystem with ${blocks} 4k blocks and ${Math.floor(blocks / 4)} inodes\nFilesystem UUID: ${uuid}\n\nAllocating group tables: done\nWriting inode tables: done\nCreating journal (262144 blocks): done\nWriting superblocks and filesystem accounting information: done\n\n`,
    stderr: 'mke2fs 1.47.0 (5-Feb-2023)\n',
    exit: 0,
  };
}

/** `mkfs.xfs [-f] [-m uuid=UUID] DEVICE`; without -f what holds a signature stays. */
export function mkfsXfs(call: Call): Ran {
  const { flags, values, words } = readArguments(call.args, new Set(['-m', '-L', '-i', '-d']));
  const path = words[0] ?? '';
  const found = blank(call.machine, path, '');
  if ('exit' in found) return found;
  if (found.signature && !flags.has('-f')) {
    return failed(
      1,
      `mkfs.xfs: ${path} appears to contain an existing filesystem (${found.signature.type}).\nmkfs.xfs: Use the -f option to force overwrite.\n`,
    );
  }
  found.signature = { type: 'xfs', uuid: /uuid=([^,]+)/.exec(values.get('-m') ?? '')?.[1] ?? '' };
  return printed(`meta-data=${path} isize=512 agcount=4\n`);
}

/** The disk of that path if a file system can be made on it, else the program's refusal. */
function blank(machine: Machine, path: string, banner: string): Disk | Ran {
  const disk = writableOf(machine).find(({ name }) => `/dev/${name}` === path);
  if (!disk) {
    return failed(1, `${banner}The file ${path} does not exist and no size was specified.\n`);
  }
  if (machine.mounts.some(({ source }) => source === path)) {
    return failed(1, `${banner}${path} is mounted; will not make a filesystem here!\n`);
  }
  if (disk.parts.length > 0 || /^(?:drbd|LVM2_member)$/.test(disk.signature?.type ?? '')) {
    return failed(
      1,
      `${banner}${path} is apparently in use by the system; will not make a filesystem here!\n`,
    );
  }
  return disk;
}
