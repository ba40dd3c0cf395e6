import { upOn } from '../../fleet/drbd/side.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { blockTree, flat } from './devices.js';

/** `blockdev --getro|--getsize64|--getsz DEVICE`; a DRBD device that is Secondary cannot be opened. */
export function blockdev({ args, fleet, machine }: Call): Ran {
  const [flag, path = ''] = args;
  const device = flat(blockTree(fleet, machine)).find((one) => one.path === path);
  if (!device) return failed(1, `blockdev: cannot open ${path}: No such file or directory\n`);
  const isSecondary = upOn(fleet, machine.name).some(
    ({ resource, self }) => path === `/dev/drbd${resource.minor}` && self.role === 'Secondary',
  );
  if (isSecondary) return failed(1, `blockdev: cannot open ${path}: Wrong medium type\n`);
  switch (flag) {
    case '--getro':
      return printed('0\n');
    case '--getsize64':
      return printed(`${device.size}\n`);
    case '--getsz':
      return printed(`${device.size / 512}\n`);
    default:
      return failed(1, `blockdev: Unknown command: ${flag ?? ''}\n`);
  }
}
