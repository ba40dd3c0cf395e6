import type { Millis } from '../../../core/host.js';
import { emptyFleet } from '../first-state.js';
import { machine } from '../first-machines.js';
import type { Disk, Fleet, Machine } from '../state.js';
import { layOut, type Plan } from './layout.js';
import { makePool } from './storage/zfs.js';
import { setService } from './roll/services.js';
import type { ContainerNode, Daemon, NasNode, Rocks, StorageNode } from './state.js';
import { containerTables, nasTables, put } from './tables.js';

const GIB = 2 ** 30;
export const FRONTEND = 'frontend';
export const NASES = ['nas-0-0', 'nas-0-1'] as const;
export const CONTAINERS = ['vm-container-0-0', 'vm-container-0-1', 'vm-container-0-2'] as const;

/** The images as they are when nothing is wrong. The third is the one that things happen to. */
const PLANS: readonly Plan[] = [
  { guest: 'compute-0-0-0', on: 0, nas: 0, pool: 'tank', size: 36, used: 9, state: 'local' },
  { guest: 'compute-0-0-1', on: 0, nas: 1, pool: 'fast', size: 20, used: 4, state: 'local' },
  { guest: 'compute-0-1-0', on: 1, nas: 0, pool: 'tank', size: 36, used: 7, state: 'local' },
  { guest: 'compute-0-1-1', on: 1, nas: 0, pool: 'tank', size: 8, used: 3, state: 'unmapped' },
  { guest: 'compute-0-2-0', on: 2, nas: 1, pool: 'tank', size: 100, used: 61, state: 'direct' },
];

/** A Rocks cluster in which nothing is wrong, at this moment. */
export function rocksFleet(now: Millis): Fleet {
  return clusterOf(now, 'current');
}

/** As it was with the first release of the roll, on Rocks 6. */
export function firstRollFleet(now: Millis): Fleet {
  return clusterOf(now, 'first');
}

function clusterOf(now: Millis, roll: Rocks['roll']): Fleet {
  const machines = rocksMachines(now, roll);
  const rocks: Rocks = {
    roll,
    frontend: FRONTEND,
    nodes: [
      ...NASES.map((name) => nasNode(now, name)),
      ...CONTAINERS.map((name) => vmNode(now, name)),
    ],
    attributes: firstAttributes(),
    guests: [],
    transfers: [],
    waiting: new Map(),
  };
  const fleet = emptyFleet(now, machines, [], rocks);
  PLANS.forEach((plan, index) => layOut(fleet, plan, index));
  for (const name of NASES) setService(fleet, name, 'img-storage-nas', true);
  for (const name of CONTAINERS) setService(fleet, name, 'img-storage-vm', true);
  return fleet;
}

function rocksMachines(now: Millis, roll: Rocks['roll']): readonly Machine[] {
  const old = {
    kernel: '2.6.32-431.11.2.el6.x86_64',
    os: 'CentOS release 6.5 (Final) (simulated)',
  };
  const made = [
    machine(now, FRONTEND, 'rocks-frontend', 1, { disks: [bootDisk(1)] }),
    ...NASES.map((name, index) => {
      return machine(now, name, 'rocks-nas', 51 + index, { disks: disksOf(51 + index, 4) });
    }),
    ...CONTAINERS.map((name, index) => {
      return machine(now, name, 'rocks-container', 61 + index, { disks: disksOf(61 + index, 2) });
    }),
  ];
  return roll === 'first' ? made.map((one) => ({ ...one, ...old })) : made;
}

function firstAttributes(): Rocks['attributes'] {
  const yes = (...names: readonly string[]) => names.map((name) => [name, 'true'] as const);
  return new Map<string, Map<string, string>>([
    [
      '',
      new Map([
        ['imgstorage-user', 'img-storage'],
        ['imgstorage-network', 'local'],
      ]),
    ],
    ...NASES.map((name, index): [string, Map<string, string>] => [
      name,
      new Map([
        ...yes('img_storage_nas', 'zfs'),
        ['img_zpools', index === 0 ? 'tank' : 'tank,fast'] as const,
      ]),
    ]),
    ...CONTAINERS.map((name, index): [string, Map<string, string>] => [
      name,
      new Map([
        ...yes('img_storage_vm', 'kvm', 'zfs'),
        ['img_sync', index === 2 ? 'false' : 'true'] as const,
        ['vm_container_zpool', 'tank'] as const,
      ]),
    ]),
  ]);
}

const idle = (): Daemon => ({
  run: 0,
  busy: false,
  inbox: [],
  hear: () => undefined,
  loops: false,
});

function parts(machineName: string): Omit<StorageNode, 'role' | 'database' | 'pools'> {
  const none = { devices: [], targets: [], sessions: [], messages: [] };
  return { machine: machineName, ...none, records: new Map(), daemon: idle() };
}

const MAY = ['create', 'destroy', 'hold', 'mount', 'receive', 'send', 'snapshot'];

function nasNode(now: Millis, name: (typeof NASES)[number]): NasNode {
  const pools = [makePool('tank', 3600 * GIB, ['sdb', 'sdc'], now - 400 * 86_400_000)];
  if (name === 'nas-0-1') {
    pools.push(makePool('fast', 900 * GIB, ['sdd'], now - 90 * 86_400_000));
  }
  for (const pool of pools) pool.allowed.set('img-storage', new Set(MAY));
  const database = nasTables();
  const globals = { name, network: 'local', default_pool: 'None', img_sync_workers: '8' };
  for (const [attr, value] of Object.entries({ ...globals, frequency: '300' })) {
    put(database.globals, { attr, value });
  }
  return { role: 'nas', ...parts(name), pools, database };
}

function vmNode(now: Millis, name: string): ContainerNode {
  const pool = makePool('tank', 420 * GIB, ['sdb', 'sdc'], now - 300 * 86_400_000);
  pool.allowed.set('img-storage', new Set(MAY));
  return { role: 'container', ...parts(name), pools: [pool], database: containerTables() };
}

function disksOf(n: number, count: number): Disk[] {
  const letters = ['b', 'c', 'd', 'e'].slice(0, count);
  const signature = { type: 'zfs_member', uuid: `1106374512${n}42` };
  return [bootDisk(n), ...letters.map((letter) => disk(letter, n, 2000 * GIB, { signature }))];
}

function disk(letter: string, n: number, size: number, more: Partial<Disk>): Disk {
  const index = letter.charCodeAt(0) - 'a'.charCodeAt(0);
  return {
    name: `sd${letter}`,
    majMin: `8:${index * 16}`,
    size,
    type: 'disk',
    vendor: 'ATA',
    model: 'ST2000NM0033-9ZM',
    serial: `Z1X${n}${letter.toUpperCase()}4`,
    wwn: `0x5000c5006${n}0000${letter.charCodeAt(0).toString(16)}`,
    tran: 'sata',
    hctl: `${index}:0:0:0`,
    rotates: true,
    parts: [],
    ...more,
  };
}

function bootDisk(n: number): Disk {
  const size = 120 * GIB;
  const part: Disk = {
    name: 'sda1',
    majMin: '8:1',
    size: size - 2 ** 20,
    type: 'part',
    rotates: false,
    signature: { type: 'ext4', uuid: `7a2f0c31-9be4-4c55-8d10-0000000000${n}` },
    parts: [],
  };
  return disk('a', n, size, { model: 'INTEL SSDSC2BB12', rotates: false, parts: [part] });
}
