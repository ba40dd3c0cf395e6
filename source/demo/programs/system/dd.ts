import { writableOf } from '../../fleet/lvm.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { readMemory } from '../rocks/storage/memory.js';

/** `dd if=DEVICE of=FILE`: reads from a disk of the machine; of what it read a file says only where from. */
export async function dd(call: Call): Promise<Ran> {
  const { args, machine, files } = call;
  const word = (key: string): string =>
    args.find((arg) => arg.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const to = word('of');
  const memory = readMemory(call, { path: word('if'), skip: Number(word('skip') || '0') });
  if (memory !== undefined && to === '') return printed(memory);
  if (to !== '/dev/null' && !to.startsWith('/run/')) {
    return failed(1, 'dd: only reading is simulated\n');
  }
  const from = word('if');
  const found = writableOf(machine).some(({ name }) => `/dev/${name}` === from);
  if (!found) return failed(1, `dd: failed to open '${from}': No such file or directory\n`);
  if (to !== '/dev/null') await files?.write(to, `beginning of ${from}\n`);
  return { stdout: '', stderr: '1+0 records in\n1+0 records out\n', exit: 0 };
}
