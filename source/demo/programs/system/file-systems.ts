import { formattableAt, type Formattable } from '../../fleet/formattable.js';
import { JUST_CREATED, upOn } from '../../fleet/drbd/side.js';
import { deviceAt } from '../../fleet/lvm.js';
import type { Fleet, Machine, Signature } from '../../fleet/state.js';
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
  const found = signaturesOn(fleet, machine, path, device.signature);
  if (found.length === 0) return printed('');
  const lines = found.map(
    ({ type, uuid, label = '' }) => `${offsetOf(type)},${uuid},${label},${type}\n`,
  );
  return printed(`# offset,uuid,label,type\n${lines.join('')}`);
}

/** Beneath DRBD stands what is on the device too: its metadata are at the end. */
function signaturesOn(
  fleet: Fleet,
  machine: Machine,
  path: string,
  first: Signature | undefined,
): readonly Signature[] {
  if (first?.type !== 'drbd') return first ? [first] : [];
  const own = deviceAt(machine, path);
  const beneath = upOn(fleet, machine.name).find(
    ({ self }) => own !== undefined && deviceAt(machine, self.settings.backing) === own,
  );
  // On new metadata nothing has been written yet.
  const above = beneath?.self.current === JUST_CREATED ? undefined : beneath?.resource.fileSystem;
  return above ? [above, first] : [first];
}

function offsetOf(type: string): string {
  return type === 'xfs' ? '0x0' : type === 'ocfs2' ? '0x2000' : '0x438';
}

/** `mkfs.ext4 [-F] [-U UUID] DEVICE`. */
export function mkfsExt4(call: Call): Ran {
  const { values, words } = readArguments(call.args, new Set(['-U', '-L', '-m', '-E', '-O', '-b']));
  const path = words[0] ?? '';
  const found = blank(call, path, 'mke2fs 1.47.0 (5-Feb-2023)\n');
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
  const found = blank(call, path, '');
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

/** The device of that path if a file system can be made on it, else the program's refusal. */
export function blank({ fleet, machine }: Call, path: string, banner: string): Formattable | Ran {
  const device = formattableAt(fleet, machine, path);
  if (!device) {
    return failed(1, `${banner}The file ${path} does not exist and no size was specified.\n`);
  }
  if (machine.mounts.some(({ source }) => source === path)) {
    return failed(1, `${banner}${path} is mounted; will not make a filesystem here!\n`);
  }
  if (device.taken === 'read-only') {
    return failed(1, `${banner}Could not open ${path}: Wrong medium type\n`);
  }
  return device.taken === undefined
    ? device
    : failed(
        1,
        `${banner}${path} is apparently in use by the system; will not make a filesystem here!\n`,
      );
}
