import { machineNamed } from '../../fleet/state.js';
import type { Guest } from '../../fleet/rocks/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import {
  aborted,
  addStorageMap,
  listStorageDevices,
  listStorageMap,
  mapForStart,
  removeStorageImage,
  removeStorageMap,
  unmapAfterStop,
  type RocksCall,
} from './storage-calls.js';
import { rocksTable, type Line } from './table.js';

const COMMANDS: Readonly<Record<string, (call: RocksCall) => Ran | Promise<Ran>>> = {
  'add host storagemap': addStorageMap,
  'remove host storagemap': removeStorageMap,
  'remove host storageimg': removeStorageImage,
  'list host storagemap': listStorageMap,
  'list host storagedev': listStorageDevices,
  'list host vm nas': listVmNas,
  'list host vm': listVms,
  'list host attr': listAttributes,
  'list host': listHosts,
  'set host attr': setAttribute,
  'add host attr': setAttribute,
  'remove host attr': removeAttribute,
  'set host vm nas': setVmNas,
  'start host vm': startVm,
  'stop host vm': stopVm,
};

/** Simulates rocks: the commands of the img-storage roll, and those that it builds on. */
export function rocks(call: Call): Ran | Promise<Ran> {
  const { fleet, args } = call;
  if (!fleet.rocks) return failed(127, 'rocks: command not found\n');
  const known = Object.keys(COMMANDS).toSorted((a, b) => b.length - a.length);
  const name = known.find((one) => `${args.join(' ')} `.startsWith(`${one} `));
  const run = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || !run) {
    return failed(255, '', `error - invalid rocks command "${args[0] ?? ''}"\n`);
  }
  const rest = args.slice(name.split(' ').length);
  const isParam = (arg: string): boolean => /^[\w+-]+=/.test(arg);
  const params = rest.filter(isParam).map((arg): [string, string] => {
    const at = arg.indexOf('=');
    return [arg.slice(0, at), arg.slice(at + 1)];
  });
  const words = rest.filter((arg) => !isParam(arg));
  return run({ ...call, rocks: fleet.rocks, words, params: new Map(params) });
}

/** Those of its words, or all. */
function guestsIn({ rocks: { guests }, words }: RocksCall): readonly Guest[] | string {
  const strange = words.find((word) => !guests.some(({ name }) => name === word));
  if (strange !== undefined) return `cannot resolve host "${strange}"`;
  return words.length === 0 ? guests : guests.filter(({ name }) => words.includes(name));
}

function listVmNas(call: RocksCall): Ran {
  const guests = guestsIn(call);
  if (typeof guests === 'string') return aborted(guests);
  const lines = guests.map(({ name, nas, pool }): Line => {
    return { owner: name, cells: [nas ?? null, pool ?? null] };
  });
  return printed(rocksTable(['vm-host', 'nas', 'zpool'], lines));
}

function listVms(call: RocksCall): Ran {
  const guests = guestsIn(call);
  if (typeof guests === 'string') return aborted(guests);
  const withStatus = call.params.has('status');
  const lines = guests.map(({ name, container }, index): Line => {
    const vm = machineNamed(call.fleet, container)?.vms.find((one) => one.name === name);
    const mac = `7a:77:6e:80:00:${(index + 4).toString(16).padStart(2, '0')}`;
    const status = vm?.running === true ? 'active' : 'nostate';
    const cells = [String(index), '2048', '2', mac, container, ...(withStatus ? [status] : [])];
    return { owner: name, cells };
  });
  const headings = ['vm-host', 'slice', 'mem', 'cpus', 'mac', 'host'];
  return printed(rocksTable([...headings, ...(withStatus ? ['status'] : [])], lines));
}

function listHosts({ fleet, words }: RocksCall): Ran {
  const membership = (kind: string): string => {
    return { 'rocks-frontend': 'Frontend', 'rocks-nas': 'NAS' }[kind] ?? 'VM Container';
  };
  const lines = fleet.machines
    .filter(({ name }) => words.length === 0 || words.includes(name))
    .map(({ name, kind }): Line => {
      return { owner: name, cells: [membership(kind), '8', '0', '0', 'os', 'install'] };
    });
  const headings = ['host', 'membership', 'cpus', 'rack', 'rank', 'runaction', 'installaction'];
  return printed(rocksTable(headings, lines));
}

/** Every host with those of the whole cluster (`G`) and its own (`H`). */
function listAttributes({ fleet, rocks: { attributes }, words }: RocksCall): Ran {
  const shared = [...(attributes.get('') ?? [])];
  const lines = fleet.machines
    .filter(({ name }) => words.length === 0 || words.includes(name))
    .flatMap(({ name }) => [
      ...shared.map(([key, value]): Line => ({ owner: name, cells: [key, value, 'G'] })),
      ...[...(attributes.get(name) ?? [])].map(([key, value]): Line => {
        return { owner: name, cells: [key, value, 'H'] };
      }),
    ]);
  return printed(rocksTable(['host', 'attr', 'value', 'source'], lines));
}

function setAttribute({ fleet, rocks: { attributes }, words, params }: RocksCall): Ran {
  const [host = '', name = params.get('attr'), value = params.get('value')] = words;
  if (!machineNamed(fleet, host)) return aborted(`cannot resolve host "${host}"`);
  if (name === undefined) return aborted('missing attribute name');
  if (value === undefined) return aborted('missing value of attribute');
  const own = attributes.get(host) ?? new Map<string, string>();
  attributes.set(host, own.set(name, value));
  return printed('');
}

function removeAttribute({ fleet, rocks: { attributes }, words, params }: RocksCall): Ran {
  const [host = '', name = params.get('attr')] = words;
  if (!machineNamed(fleet, host)) return aborted(`cannot resolve host "${host}"`);
  if (name === undefined) return aborted('missing attribute name');
  attributes.get(host)?.delete(name);
  return printed('');
}

/** Without a pool one of the NAS's is taken by chance; the list is parted at commas. */
function setVmNas(call: RocksCall): Ran {
  const {
    fleet,
    rocks: { attributes },
    params,
  } = call;
  const guests = guestsIn(call);
  if (typeof guests === 'string') return aborted(guests);
  const nas = params.get('nas') ?? '';
  if (nas.toLowerCase() === 'none') {
    for (const guest of guests) Object.assign(guest, { nas: undefined, pool: undefined });
    return printed('');
  }
  if (!machineNamed(fleet, nas)) return aborted(`nas ${nas} must be a valid rocks host`);
  const pools = attributes.get(nas)?.get('img_zpools')?.split(',') ?? [];
  const pool =
    params.get('zpool') ?? pools[Math.floor(fleet.clock.now / 1000) % (pools.length || 1)];
  if (pool === undefined) {
    return aborted('you need to specify a zpool parameter or set the img_zpools attribute');
  }
  for (const guest of guests) Object.assign(guest, { nas, pool });
  return printed('');
}

async function startVm(call: RocksCall): Promise<Ran> {
  const guests = guestsIn(call);
  if (typeof guests === 'string') return aborted(guests);
  let stdout = '';
  for (const guest of guests) {
    const mapped = await mapForStart(call, guest);
    if ('exit' in mapped) return { ...mapped, stdout: stdout + mapped.stdout };
    stdout += mapped.says;
    const machine = machineNamed(call.fleet, guest.container);
    const at = machine?.vms.findIndex(({ name }) => name === guest.name) ?? -1;
    const vm = { name: guest.name, running: true, disk: mapped.device };
    if (at >= 0) machine?.vms.splice(at, 1, vm);
    else machine?.vms.push(vm);
  }
  return printed(stdout);
}

async function stopVm(call: RocksCall): Promise<Ran> {
  const guests = guestsIn(call);
  if (typeof guests === 'string') return aborted(guests);
  for (const guest of guests) {
    const machine = machineNamed(call.fleet, guest.container);
    const vm = machine?.vms.find(({ name }) => name === guest.name);
    if (vm && machine?.reach === 'up') vm.running = false;
    const ran = await unmapAfterStop(call, guest);
    if (ran.exit !== 0) return ran;
  }
  return printed('');
}
