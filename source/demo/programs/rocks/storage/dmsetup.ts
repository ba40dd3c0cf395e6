import { beneath, deviceAt, holderOf } from '../../../fleet/rocks/storage/devices.js';
import {
  CHUNK,
  cowOf,
  createDevice,
  deviceNamed,
  filling,
  reloadDevice,
  removeDevice,
  resumeDevice,
  suspendDevice,
} from '../../../fleet/rocks/storage/mapper.js';
import { nodeOf, type MapperDevice, type MapperTable } from '../../../fleet/rocks/state.js';
import { numberOf } from '../../../fleet/rocks/storage/numbers.js';
import { failed, printed, readArguments, type Call, type Ran } from '../../program.js';
import { ended, type NodeCall } from './zfs.js';

const VALUED = new Set(['--table', '--separator', '-o', '--target', '-c']);

/** Simulates dmsetup: create, reload, suspend, resume, remove, status, table, info, ls, message. */
export function dmsetup(call: Call): Ran {
  const node = nodeOf(call.fleet, call.machine);
  if (!node) return printed('No devices found\n');
  const [verb = '', ...rest] = call.args;
  const columns = verb === 'info' && rest.some((arg) => /^-[cC]$/.test(arg));
  const args = rest.filter((arg) => !/^-[cC]$/.test(arg));
  const { flags, values, words } = readArguments(args, VALUED);
  const [name = ''] = words;
  const bare = name.replace(/^\/dev\/mapper\//, '');
  const given = { ...call, node };
  switch (verb) {
    case 'create':
    case 'reload':
    case 'load': {
      const table = tableFrom(values.get('--table') ?? call.input);
      if (!table)
        return failed(1, 'device-mapper: reload ioctl failed: Invalid argument\nCommand failed\n');
      return ended(
        verb === 'create'
          ? createDevice(call.fleet, node, bare, table)
          : reloadDevice(node, bare, table),
      );
    }
    case 'suspend':
      return ended(suspendDevice(node, bare));
    case 'resume':
      return ended(resumeDevice(call.fleet, node, bare));
    case 'clear':
      return clear(given, bare);
    case 'remove':
      return ended(removeDevice(call.fleet, node, bare));
    case 'status':
      return shown(given, words, (device) => statusOf(given, device));
    case 'table':
      return flags.has('--inactive')
        ? shown(given, words, ({ inactive }) => (inactive ? tableOf(given, inactive) : ''))
        : shown(given, words, ({ table }) => tableOf(given, table));
    case 'info':
      return columns ? infoColumns(given, words, values) : info(given, words);
    case 'ls':
      return printed(
        node.devices.map((one) => `${one.name}\t(253:${one.minor})\n`).join('') ||
          'No devices found\n',
      );
    default:
      return failed(1, `Unknown command\n`);
  }
}

/** `0 75497472 snapshot /dev/sdc /dev/zvol/tank/vol1-temp-write P 16`. */
function tableFrom(text: string): MapperTable | undefined {
  const [start, length = '', target, first = '', second = '', how] = text.trim().split(/\s+/);
  const sectors = Number(length);
  if (start !== '0' || !(sectors > 0)) return undefined;
  if (target === 'linear') return { target, sectors, device: first };
  if (target !== 'snapshot' && target !== 'snapshot-merge') return undefined;
  if (how !== 'P' && how !== 'PO') return undefined;
  return { target, sectors, origin: first, cow: second, persistent: how };
}

function clear({ node }: NodeCall, name: string): Ran {
  const device = deviceNamed(node, name);
  if (!device) return failed(1, 'Device does not exist.\nCommand failed\n');
  device.inactive = undefined;
  return printed('');
}

/** A line a device; with a device's name that is left out. */
function shown(
  { node }: NodeCall,
  words: readonly string[],
  tell: (device: MapperDevice) => string,
): Ran {
  const [name] = words;
  if (name !== undefined) {
    const device = deviceNamed(node, name);
    if (!device) return failed(1, 'Device does not exist.\nCommand failed\n');
    const text = tell(device);
    return printed(text === '' ? '' : `${text}\n`);
  }
  if (node.devices.length === 0) return printed('No devices found\n');
  return printed(node.devices.map((one) => `${one.name}: ${tell(one)}\n`).join(''));
}

function statusOf({ node }: NodeCall, device: MapperDevice): string {
  const { table } = device;
  const head = `0 ${table.sectors} ${table.target}`;
  if (table.target === 'linear') return `${head} `;
  const cow = cowOf(node, device);
  if (!cow || cow.state === 'invalid') return `${head} Invalid`;
  if (cow.state === 'overflow') return `${head} Overflow`;
  const memory = deviceAt(node, table.cow);
  const total = memory?.kind === 'volume' ? memory.volume.size / 512 : 0;
  const { allocated, metadata } = filling(cow);
  return `${head} ${allocated}/${total} ${metadata}`;
}

function tableOf({ node, machine }: NodeCall, table: MapperTable): string {
  const [first = '', second = ''] = beneath(table).map((path) => numberOf(node, machine, path));
  const head = `0 ${table.sectors} ${table.target} ${first}`;
  return table.target === 'linear' ? `${head} 0` : `${head} ${second} ${table.persistent} ${CHUNK}`;
}

/** How often a device is open: the kernel counts the devices on it and whoever holds it. */
function opens({ fleet, node }: NodeCall, { name }: MapperDevice): number {
  return holderOf(fleet, node, `/dev/mapper/${name}`) === undefined ? 0 : 1;
}

function infoColumns(
  call: NodeCall,
  words: readonly string[],
  values: ReadonlyMap<string, string>,
): Ran {
  const { node, args } = call;
  const [name] = words;
  const chosen = node.devices.filter(
    (one) => name === undefined || one === deviceNamed(node, name),
  );
  if (name !== undefined && chosen.length === 0) {
    return failed(1, 'Device does not exist.\nCommand failed\n');
  }
  if (chosen.length === 0) return printed('No devices found\n');
  const fields = (values.get('-o') ?? 'name,major,minor,attr,open,segments,events,uuid').split(',');
  const separator = values.get('--separator') ?? ':';
  const rows = chosen.map((device) => {
    const known: Readonly<Record<string, string>> = {
      name: device.name,
      major: '253',
      minor: String(device.minor),
      attr: `L${device.inactive ? 'I' : '-'}${device.suspended ? 's' : '-'}w`,
      open: String(opens(call, device)),
      segments: '1',
      events: '0',
      uuid: '',
      suspended: device.suspended ? 'Suspended' : 'Active',
      tables_loaded: device.inactive ? 'Both' : 'Live',
    };
    return fields.map((field) => known[field.toLowerCase()] ?? '').join(separator);
  });
  const head = args.includes('--noheadings') ? [] : [fields.join(separator)];
  return printed([...head, ...rows].map((line) => `${line}\n`).join(''));
}

function info(call: NodeCall, words: readonly string[]): Ran {
  const { node } = call;
  const [name] = words;
  const chosen = node.devices.filter(
    (one) => name === undefined || one === deviceNamed(node, name),
  );
  if (name !== undefined && chosen.length === 0) {
    return failed(1, 'Device does not exist.\nCommand failed\n');
  }
  if (chosen.length === 0) return printed('No devices found\n');
  const blocks = chosen.map((device) =>
    [
      `Name:              ${device.name}`,
      `State:             ${device.suspended ? 'SUSPENDED' : 'ACTIVE'}`,
      'Read Ahead:        256',
      `Tables present:    LIVE${device.inactive ? ' & INACTIVE' : ''}`,
      `Open count:        ${opens(call, device)}`,
      'Event number:      0',
      `Major, minor:      253, ${device.minor}`,
      'Number of targets: 1',
      '',
    ].join('\n'),
  );
  return printed(`${blocks.join('\n')}\n`);
}
