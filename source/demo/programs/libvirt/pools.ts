import { libvirtOn, uuidFor, type SimulatedPool } from '../../fleet/libvirt.js';
import type { Machine, Mount } from '../../fleet/state.js';
import { printed, readArguments, type Call, type Ran } from '../program.js';
import { bare, labelled, refused, table } from './table.js';

const VALUED = new Set(['--name', '--type', '--target']);

/** `pool-…` of virsh, for pools of the type dir. */
export async function poolCommand(call: Call, verb: string, args: readonly string[]): Promise<Ran> {
  const { machine } = call;
  const { pools } = libvirtOn(machine);
  if (verb === 'list') return list(machine, args);
  if (verb === 'define-as') return defineAs(machine, args);
  if (verb === 'define') return define(machine, call.input);
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  const pool = pools.find((one) => one.name === name || one.uuid === name);
  if (!pool) {
    const why = `Storage pool not found: no storage pool with matching name '${name}'`;
    return refused(`failed to get pool '${name}'`, why);
  }
  const failedTo = (what: string, why: string) => refused(`Failed to ${what} pool ${name}`, why);
  switch (verb) {
    case 'info':
      return info(machine, pool);
    case 'dumpxml':
      return printed(`${poolXml(machine, pool)}\n`);
    case 'start':
      if (pool.active) {
        return failedTo(
          'start',
          `Requested operation is not valid: storage pool '${name}' is already active`,
        );
      }
      if ((await call.files?.isFolder(pool.path)) !== true) {
        return failedTo('start', `cannot open directory '${pool.path}': No such file or directory`);
      }
      pool.active = true;
      return printed(`Pool ${name} started\n\n`);
    case 'destroy':
      if (!pool.active) {
        return failedTo(
          'destroy',
          `Requested operation is not valid: storage pool '${name}' is not active`,
        );
      }
      pool.active = false;
      return printed(`Pool ${name} destroyed\n\n`);
    case 'undefine':
      if (pool.active) {
        return failedTo(
          'undefine',
          `Requested operation is not valid: storage pool '${name}' is still active`,
        );
      }
      pools.splice(pools.indexOf(pool), 1);
      return printed(`Pool ${name} has been undefined\n\n`);
    case 'autostart':
      pool.autostart = !args.includes('--disable');
      return printed(`Pool ${name} ${pool.autostart ? '' : 'un'}marked as autostarted\n\n`);
    default:
      return refused(`unknown command: 'pool-${verb}'`, 'see virsh help');
  }
}

function list(machine: Machine, args: readonly string[]): Ran {
  const { pools } = libvirtOn(machine);
  const shown = pools
    .filter(({ active }) => active || args.includes('--all'))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = shown.map(({ name, active, autostart }) => {
    return [name, active ? 'active' : 'inactive', autostart ? 'yes' : 'no'];
  });
  return bare(shown, args) ?? printed(table(['Name', 'State', 'Autostart'], rows));
}

function defineAs(machine: Machine, args: readonly string[]): Ran {
  const { values, words } = readArguments(args, VALUED);
  const name = values.get('--name') ?? words[0] ?? '';
  const { pools } = libvirtOn(machine);
  const there = pools.find((one) => one.name === name);
  if (there) {
    const why = `operation failed: pool '${name}' already exists with uuid ${there.uuid}`;
    return refused(`Failed to define pool ${name}`, why);
  }
  const path = values.get('--target') ?? '';
  const uuid = uuidFor(machine.name, 'pool', name);
  pools.push({ name, uuid, path, active: false, autostart: false });
  return printed(`Pool ${name} defined\n\n`);
}

function define(machine: Machine, xml: string): Ran {
  const of = (tag: string): string => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
  const [name, uuid, path] = [of('name'), of('uuid'), of('path')];
  const { pools } = libvirtOn(machine);
  if (!pools.some((one) => one.uuid === uuid)) {
    pools.push({ name, uuid, path, active: false, autostart: false });
  }
  return printed(`Pool ${name} defined from /dev/stdin\n\n`);
}

/** The file system in which a folder lies. */
function mountOf({ mounts }: Machine, path: string): Mount | undefined {
  return mounts
    .filter(({ target }) => path === target || path.startsWith(target === '/' ? '/' : `${target}/`))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
}

function sizes(machine: Machine, { path, active }: SimulatedPool) {
  const mount = active ? mountOf(machine, path) : undefined;
  const [capacity, allocation] = [mount?.size ?? 0, mount?.used ?? 0].map(Math.round);
  return { capacity: capacity ?? 0, allocation: allocation ?? 0 };
}

function info(machine: Machine, pool: SimulatedPool): Ran {
  const { capacity, allocation } = sizes(machine, pool);
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  const amounts = [
    ['Capacity', gib(capacity)],
    ['Allocation', gib(allocation)],
    ['Available', gib(capacity - allocation)],
  ] as const;
  return labelled([
    ['Name', pool.name],
    ['UUID', pool.uuid],
    ['State', pool.active ? 'running' : 'inactive'],
    ['Persistent', 'yes'],
    ['Autostart', pool.autostart ? 'yes' : 'no'],
    ...(pool.active ? amounts : []),
  ]);
}

function poolXml(machine: Machine, pool: SimulatedPool): string {
  const { capacity, allocation } = sizes(machine, pool);
  return `<pool type='dir'>
  <name>${pool.name}</name>
  <uuid>${pool.uuid}</uuid>
  <capacity unit='bytes'>${capacity}</capacity>
  <allocation unit='bytes'>${allocation}</allocation>
  <available unit='bytes'>${capacity - allocation}</available>
  <source>
  </source>
  <target>
    <path>${pool.path}</path>
    <permissions>
      <mode>0711</mode>
      <owner>0</owner>
      <group>0</group>
    </permissions>
  </target>
</pool>
`;
}
