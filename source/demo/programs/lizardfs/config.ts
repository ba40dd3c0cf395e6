import { softwareOf } from '../../fleet/software.js';
import type { Call } from '../program.js';

/** A setting of a config file: the last line that sets it; undefined: none does. */
export async function setting(
  { files, machine }: Call,
  file: string,
  key: string,
): Promise<string | undefined> {
  const text = (await files?.read(`${softwareOf(machine).config}/${file}`)) ?? '';
  const values = text.split('\n').flatMap((line) => {
    const [, found, value] = /^\s*([A-Z_]+)\s*=(.*)$/.exec(line) ?? [];
    return found === key ? [(value ?? '').trim()] : [];
  });
  return values.at(-1);
}

/** The address that a name has on the machine: /etc/hosts decides. Unknown: undefined. */
export async function addressOf(
  { files, fleet, machine }: Call,
  name: string,
): Promise<string | undefined> {
  if (name === '127.0.0.1' || name === 'localhost') return machine.address;
  if (/^\d+(?:\.\d+){3}$/.test(name)) return name;
  const rows = ((await files?.read('/etc/hosts')) ?? '').split('\n').map((row) => row.split(/\s+/));
  const [address] = rows.find(([, ...names]) => names.includes(name)) ?? [];
  if (address !== undefined) return address;
  // A machine without a shell has no files: its names are those of the fleet.
  const known = name === 'mfsmaster' && !files ? 'xs-1' : name;
  return fleet.machines.find((one) => one.name === known)?.address;
}
