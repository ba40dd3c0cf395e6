import { volumesOf } from '../../fleet/lvm.js';
import { sideFiles, snapshotOf } from '../../fleet/side-files.js';
import type { Machine } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';
import { blockTree, flat, type BlockDevice } from './devices.js';

type Scalar = string | number | boolean | null;
/** A column's value; what a device has several of is a list of one here. */
type Value = Scalar | { readonly list: string | null };

const COLUMNS: Readonly<
  Record<string, (device: BlockDevice, machine: Machine, inBytes: boolean) => Value>
> = {
  NAME: ({ name }) => name,
  KNAME: ({ kname }) => kname,
  PKNAME: ({ parent }) => parent ?? null,
  PATH: ({ path }) => path,
  'MAJ:MIN': ({ majMin }) => majMin,
  SIZE: ({ size }, _, inBytes) => (inBytes ? size : short(size)),
  RO: () => false,
  RM: () => false,
  TYPE: ({ type }) => type,
  FSTYPE: ({ signature }) => signature?.type ?? null,
  LABEL: ({ signature }) => signature?.label ?? null,
  UUID: ({ signature }) => (signature?.uuid === '' ? null : (signature?.uuid ?? null)),
  MOUNTPOINT: ({ mountpoint }) => mountpoint ?? null,
  MOUNTPOINTS: ({ mountpoint }) => ({ list: mountpoint ?? null }),
  VENDOR: ({ vendor }) => vendor ?? null,
  MODEL: ({ model }) => model ?? null,
  SERIAL: ({ serial }) => serial ?? null,
  WWN: ({ wwn }) => wwn ?? null,
  TRAN: ({ tran }) => tran ?? null,
  HCTL: ({ hctl }) => hctl ?? null,
  ROTA: ({ rotates }) => rotates,
  STATE: ({ hctl }) => (hctl === undefined ? null : 'running'),
  FSVER: ({ signature }) => (signature?.type.startsWith('ext') ? '1.0' : null),
  PARTLABEL: () => null,
  PARTUUID: () => null,
  PTTYPE: ({ type, children }) =>
    type === 'disk' && children.some((c) => c.type === 'part') ? 'gpt' : null,
  FSSIZE: (device, machine) => mounted(device, machine)?.size ?? null,
  FSUSED: (device, machine) => mounted(device, machine)?.used ?? null,
  FSAVAIL: (device, machine) => {
    const found = mounted(device, machine);
    return found ? found.size - found.used : null;
  },
};

function mounted({ path }: BlockDevice, machine: Machine) {
  return machine.mounts.find(({ source }) => source === path);
}

/** Simulates lsblk of util-linux 2.38: a tree, a list or JSON of the columns that are wanted. */
export function lsblk({ args, fleet, machine }: Call): Ran {
  const { flags, values, words } = readArguments(args, new Set(['-o', '--output']));
  const letters = [...flags].filter((flag) => !flag.startsWith('--')).join('');
  const has = (letter: string, long: string) => letters.includes(letter) || flags.has(long);
  const wanted = values.get('-o') ?? values.get('--output') ?? DEFAULT;
  const names = has('O', '--output-all') ? Object.keys(COLUMNS) : wanted.toUpperCase().split(',');
  const strange = names.find((name) => !COLUMNS[name]);
  if (strange !== undefined) return failed(1, `lsblk: unknown column: ${strange.toLowerCase()}\n`);
  const tree = blockTree(fleet, machine);
  const [asked] = words;
  const found = asked === undefined ? tree : flat(tree).filter(({ path }) => path === asked);
  if (asked !== undefined && found.length === 0) {
    return failed(32, `lsblk: ${asked}: not a block device\n`);
  }
  const inBytes = has('b', '--bytes');
  const shown = has('d', '--nodeps') ? found.map((one) => ({ ...one, children: [] })) : found;
  if (has('P', '--pairs')) return printed(asPairs(flat(shown), names, machine, inBytes));
  if (has('J', '--json')) return printed(json(shown, names, machine, inBytes));
  const rows = has('r', '--raw') ? flat(shown).map((one) => ({ ...one, children: [] })) : shown;
  return printed(
    text(rows, names, machine, {
      inBytes,
      head: !has('n', '--noheadings'),
      plain: has('r', '--raw'),
    }),
  );
}

const DEFAULT = 'NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS';

function cell(name: string, device: BlockDevice, machine: Machine, inBytes: boolean): Value {
  return COLUMNS[name]?.(device, machine, inBytes) ?? null;
}

/** `KEY="value"`, a device a line. */
function asPairs(
  devices: readonly BlockDevice[],
  names: readonly string[],
  machine: Machine,
  inBytes: boolean,
): string {
  const lines = devices.map((device) =>
    names
      .map((name) => {
        const value = cell(name, device, machine, inBytes);
        const scalar = value !== null && typeof value === 'object' ? value.list : value;
        const shown = typeof scalar === 'boolean' ? Number(scalar) : (scalar ?? '');
        return `${name}="${shown}"`;
      })
      .join(' '),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** lsblk's own JSON: three blanks an indent, and neighbours joined by `},{`. */
function json(
  devices: readonly BlockDevice[],
  names: readonly string[],
  machine: Machine,
  inBytes: boolean,
): string {
  const list = (level: readonly BlockDevice[], indent: number): string => {
    const pad = ' '.repeat(indent);
    const objects = level.map((device) => {
      const fields = names.map((name) => {
        const value = cell(name, device, machine, inBytes);
        const shown =
          value !== null && typeof value === 'object'
            ? `[\n${pad}       ${JSON.stringify(value.list)}\n${pad}   ]`
            : JSON.stringify(value);
        return `${pad}   ${JSON.stringify(name.toLowerCase())}: ${shown}`;
      });
      if (device.children.length > 0) {
        fields.push(`${pad}   "children": [\n${list(device.children, indent + 6)}\n${pad}   ]`);
      }
      return `{\n${fields.join(',\n')}\n${pad}}`;
    });
    return `${pad}${objects.join(',')}`;
  };
  return `{\n   "blockdevices": [\n${list(devices, 6)}\n   ]\n}\n`;
}

function text(
  devices: readonly BlockDevice[],
  names: readonly string[],
  machine: Machine,
  { inBytes, head, plain }: Readonly<Record<'inBytes' | 'head' | 'plain', boolean>>,
): string {
  const rows: string[][] = head ? [[...names]] : [];
  const visit = (device: BlockDevice, lead: string, branch: string) => {
    rows.push(
      names.map((name) => {
        const value = cell(name, device, machine, inBytes);
        if (name === 'NAME') return `${plain ? '' : lead + branch}${device.name}`;
        if (typeof value === 'boolean') return value ? '1' : '0';
        const scalar = value !== null && typeof value === 'object' ? value.list : value;
        return String(scalar ?? '');
      }),
    );
    const inner = branch === '' ? '' : branch.startsWith('├') ? '│ ' : '  ';
    device.children.forEach((child, index) => {
      visit(child, lead + inner, index === device.children.length - 1 ? '└─' : '├─');
    });
  };
  for (const device of devices) visit(device, '', '');
  const widths = names.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const right = new Set(['SIZE', 'RM', 'RO', 'ROTA', 'FSSIZE', 'FSUSED', 'FSAVAIL']);
  return rows
    .map((row) => {
      const cells = row.map((value, column) => {
        const width = widths[column] ?? 0;
        return right.has(names[column] ?? '') ? value.padStart(width) : value.padEnd(width);
      });
      return `${cells.join(' ').trimEnd()}\n`;
    })
    .join('');
}

/** `232.9G`, `20G`: a digit after the point unless it is none. */
function short(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1).replace(/\.0$/, '')}${units[unit] ?? ''}`;
}

/** Simulates blkid: what it finds on one device or on all; nothing found is exit 2. */
export function blkid(call: Call): Ran | Promise<Ran> {
  const { args, fleet, machine } = call;
  if (args.includes('-n')) return contents(call);
  const wanted = args.filter((arg) => arg.startsWith('/dev/'));
  const devices = flat(blockTree(fleet, machine)).filter(
    ({ path, signature }) => signature && (wanted.length === 0 || wanted.includes(path)),
  );
  if (args.includes('export')) {
    const pairs = devices.map(({ path, signature }) => {
      const uuid = signature?.uuid ? `UUID=${signature.uuid}\n` : '';
      return `DEVNAME=${path}\n${uuid}TYPE=${signature?.type ?? ''}\nUSAGE=filesystem\n`;
    });
    return devices.length > 0 ? printed(pairs.join('\n')) : failed(2, '');
  }
  const lines = devices.map(({ path, signature }) => {
    const uuid = signature?.uuid ? ` UUID="${signature.uuid}"` : '';
    const label = signature?.label ? ` LABEL="${signature.label}"` : '';
    const block = signature?.type.startsWith('ext') ? ' BLOCK_SIZE="4096"' : '';
    return `${path}:${label}${uuid}${block} TYPE="${signature?.type ?? ''}"\n`;
  });
  return lines.length > 0 ? printed(lines.join('')) : failed(2, '');
}

/** `blkid -p -n TYPES -o value -s TYPE FILE`: the file system in what dd read from a volume. */
async function contents({ args, fleet, machine, files: read }: Call): Promise<Ran> {
  const device = /^beginning of (\S+)/.exec((await read?.read(args.at(-1) ?? '')) ?? '')?.[1];
  const volume = volumesOf(machine).find((one) => `/dev/${one.device.name}` === device);
  const files = volume && (snapshotOf(volume)?.files ?? sideFiles(fleet, machine, volume));
  return files && files.length > 0 ? printed('ext4\n') : failed(2, '');
}
