import type { Fleet, Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

type Entry = readonly (readonly [
  name: string,
  access: 'RO' | 'RW' | 'SRO' | 'MRO',
  value: string,
])[];

const SR = 'e8c4a1b2-6f0d-4d53-9c11-000000000001';

function uuid(kind: string, machine: Machine): string {
  return `${kind}-52aa-4f0e-8d3c-${machine.address.split('.').at(-1)?.padStart(12, '0') ?? ''}`;
}

const LISTS: ReadonlyMap<string, (hosts: readonly Machine[]) => readonly Entry[]> = new Map(
  Object.entries({
    'host-list': (hosts: readonly Machine[]): readonly Entry[] =>
      hosts.map((host) => [
        ['uuid', 'RO', uuid('b0a11c5e', host)],
        ['name-label', 'RW', host.name],
        ['name-description', 'RW', 'Simulated host'],
      ]),
    'pool-list': (hosts: readonly Machine[]): readonly Entry[] => {
      const [master] = hosts;
      if (!master) return [];
      return [
        [
          ['uuid', 'RO', uuid('9d2f7a34', master)],
          ['name-label', 'RW', 'main'],
          ['name-description', 'RW', ''],
          ['master', 'RO', uuid('b0a11c5e', master)],
          ['default-SR', 'RW', SR],
        ],
      ];
    },
    'sr-list': (): readonly Entry[] => [
      [
        ['uuid', 'RO', SR],
        ['name-label', 'RW', 'LizardFS'],
        ['name-description', 'RW', ''],
        ['host', 'RO', '<shared>'],
        ['type', 'RO', 'file'],
        ['content-type', 'RO', 'user'],
      ],
    ],
    'pbd-list': (hosts: readonly Machine[]): readonly Entry[] =>
      hosts.map((host) => [
        ['uuid', 'RO', uuid('4c7be019', host)],
        ['host-uuid', 'RO', uuid('b0a11c5e', host)],
        ['sr-uuid', 'RO', SR],
        ['device-config', 'MRO', 'location: /mnt/lizardfs/sr'],
        ['currently-attached', 'RO', 'true'],
      ]),
    'vm-list': (): readonly Entry[] => [],
  }),
);

/** Simulates the listing commands of xe: any member of the pool answers for all. */
export function xe({ args, fleet }: Call): Ran {
  const [command = '', ...rest] = args;
  const list = LISTS.get(command);
  if (!list) return failed(1, `Unknown command: ${command}\n`);
  const options = new Map(rest.filter((arg) => arg.includes('=')).map((arg) => split(arg)));
  const params = options.get('params')?.split(',');
  const filters = [...options].filter(([key]) => key !== 'params');
  const records = list(poolOf(fleet)).filter((record) =>
    filters.every(([key, value]) => record.some(([name, , has]) => name === key && has === value)),
  );
  const all = params === undefined || params.includes('all');
  const shown = records.map((record) => record.filter(([name]) => all || params.includes(name)));
  if (rest.includes('--minimal')) {
    return printed(`${shown.map(([first]) => first?.[2] ?? '').join(',')}\n`);
  }
  return printed(shown.map(printRecord).join(''));
}

function poolOf(fleet: Fleet): readonly Machine[] {
  return fleet.machines.filter(({ kind }) => kind === 'xenserver');
}

function split(arg: string): [string, string] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

/** The first key to the left, the others to the right; two empty lines end a record. */
function printRecord(record: Entry): string {
  const keys = record.map(([name, access]) => `${name} (${access.padStart(3)})`);
  const width = 4 + Math.max(...keys.map((key) => key.length));
  const lines = record.map(([, , value], index) => {
    const key = keys[index] ?? '';
    return `${index === 0 ? key.padEnd(width) : key.padStart(width)}: ${value}\n`;
  });
  return `${lines.join('')}\n\n`;
}
