import { writableOf } from '../../fleet/lvm.js';
import { failed, type Call, type Ran } from '../program.js';

/** `dd if=DEVICE of=FILE`: reads from a disk of the machine; of what it read a file says only where from. */
export async function dd({ args, machine, files }: Call): Promise<Ran> {
  const word = (key: string): string =>
    args.find((arg) => arg.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const to = word('of');
  if (to !== '/dev/null' && !to.startsWith('/run/')) {
    return failed(1, 'dd: only reading is simulated\n');
  }
  const from = word('if');
  const found = writableOf(machine).some(({ name }) => `/dev/${name}` === from);
  if (!found) return failed(1, `dd: failed to open '${from}': No such file or directory\n`);
  if (to !== '/dev/null') await files?.write(to, `beginning of ${from}\n`);
  return { stdout: '', stderr: '1+0 records in\n1+0 records out\n', exit: 0 };
}
