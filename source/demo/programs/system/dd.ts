import { readMemory } from '../rocks/storage/memory.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** `dd if=DEVICE of=/dev/null`: reads from a disk of the machine, and does nothing else. */
export function dd(call: Call): Ran {
  const { args, machine } = call;
  const word = (key: string): string =>
    args.find((arg) => arg.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const memory = readMemory(call, { path: word('if'), skip: Number(word('skip') || '0') });
  if (memory !== undefined && word('of') === '') return printed(memory);
  if (word('of') !== '/dev/null') return failed(1, 'dd: only reading is simulated\n');
  const from = word('if');
  const found = machine.disks.some(({ name }) => `/dev/${name}` === from);
  if (!found) return failed(1, `dd: failed to open '${from}': No such file or directory\n`);
  return { stdout: '', stderr: '1+0 records in\n1+0 records out\n', exit: 0 };
}
