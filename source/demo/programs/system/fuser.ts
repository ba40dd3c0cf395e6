import { usersOf } from '../../fleet/openers.js';
import { holderOf } from '../../fleet/rocks/storage/devices.js';
import { nodeOf } from '../../fleet/rocks/state.js';
import type { Machine } from '../../fleet/state.js';
import { failed, readArguments, type Call, type Ran } from '../program.js';

/**
 * `fuser -vm TARGET`: who keeps a file system busy, in psmisc's words. It writes the process ids to
 * standard output and the rest to standard error; here all of it stands as a terminal shows both.
 */
export function fuser({ args, fleet, machine }: Call): Ran {
  const { words } = readArguments(args);
  const [target = ''] = words;
  const node = nodeOf(fleet, machine);
  if (node && target.startsWith('/dev/'))
    return ofDevice(machine, target, holderOf(fleet, node, target));
  const mount = machine.mounts.find((one) => one.target === target || one.source === target);
  if (!mount) return failed(1, `Specified filename ${target} does not exist.\n`);
  const head = `${' '.repeat(21)}USER        PID ACCESS COMMAND`;
  const guests = usersOf(fleet, machine.name, mount);
  const rows = guests.map((_, at) => {
    return `${' '.repeat(21)}root     ${String(812 + at * 37).padStart(6)} F.... qemu-system-x86`;
  });
  const first = `${`${mount.target}:`.padEnd(21)}root     kernel mount ${mount.target}`;
  const stderr = `${[head, first, ...rows].join('\n')}\n`;
  return { stdout: '', stderr, exit: 0 };
}

/** Nobody: exit 1, and not a word. */
function ofDevice({ vms }: Machine, target: string, holder: string | undefined): Ran {
  if (holder === undefined || !vms.some(({ name }) => name === holder)) return failed(1, '');
  const head = `${' '.repeat(21)}USER        PID ACCESS COMMAND`;
  const row = `${`${target}:`.padEnd(21)}qemu       2812 F.... qemu-kvm`;
  return { stdout: ' 2812', stderr: `${head}\n${row}\n`, exit: 0 };
}
