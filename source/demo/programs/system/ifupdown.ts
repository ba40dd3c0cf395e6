import { nicNamed } from '../../fleet/nics.js';
import { failed, joined, printed, readArguments, type Call, type Ran } from '../program.js';

const INTERFACES = '/etc/network/interfaces';
const VALUED = new Set(['-i', '--interfaces']);

/** `ifquery [-i FILE] NAME|--list`: the options of a stanza, or what is up at boot. */
export async function ifquery({ args, files }: Call): Promise<Ran> {
  const { flags, values, words } = readArguments(args, VALUED);
  const [name = ''] = words;
  const file = values.get('-i') ?? values.get('--interfaces') ?? INTERFACES;
  const text = await files?.read(file);
  if (text === undefined) return failed(1, `ifquery: couldn't read interfaces file "${file}"\n`);
  const known = stanzas(text);
  if ([...known.values()].flat().some(([, value]) => value === '')) {
    return failed(
      1,
      `ifquery: option with empty value\nifquery: couldn't read interfaces file "${file}"\n`,
    );
  }
  if (flags.has('--list') || flags.has('-l')) return printed(`${autoOf(text).join('\n')}\n`);
  const options = known.get(name);
  if (!options) return failed(1, `ifquery: unknown interface ${name}\n`);
  return printed(options.map(([key, value]) => `${key}: ${value}\n`).join(''));
}

/** `ifup -a|NAME…`: up, with the address that the file gives. */
export async function ifup({ args, machine, files }: Call): Promise<Ran> {
  const { flags, words } = readArguments(args, VALUED);
  const text = (await files?.read(INTERFACES)) ?? '';
  const known = stanzas(text);
  return joined(
    (flags.has('-a') ? autoOf(text) : words).map((name) => {
      if (name === 'lo') return printed('');
      const options = known.get(name);
      if (!options) return failed(1, `ifup: unknown interface ${name}\n`);
      const nic = nicNamed(machine, name);
      if (!nic)
        return failed(1, `Cannot find device "${name}"\nifup: failed to bring up ${name}\n`);
      const address = options.find(([key]) => key === 'address')?.[1];
      nic.up = true;
      if (address !== undefined && !nic.addresses.includes(address)) nic.addresses.push(address);
      return printed('');
    }),
  );
}

function autoOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^auto +(.*)$/.exec(line)?.[1]?.split(/ +/) ?? []);
}

type Options = readonly (readonly [string, string])[];

function stanzas(text: string): ReadonlyMap<string, Options> {
  const found = new Map<string, (readonly [string, string])[]>();
  let now: (readonly [string, string])[] | undefined;
  for (const line of text.split('\n')) {
    const [key = '', ...values] = line.trim().split(/\s+/);
    if (key === '' || key.startsWith('#')) continue;
    if (key === 'iface') {
      now = [];
      found.set(values[0] ?? '', now);
    } else if (/^(?:auto|allow-.*|source|source-directory|mapping)$/.test(key)) now = undefined;
    else now?.push([key, values.join(' ')]);
  }
  return found;
}
