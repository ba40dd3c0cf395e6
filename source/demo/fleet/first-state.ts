import type { Millis } from '../../core/host.js';
import { cephPasses } from './ceph.js';
import { Clock } from './clock.js';
import { firstDrbd } from './drbd/first.js';
import { drbdPasses } from './drbd/passing.js';
import { resyncPasses } from './drbd/resync.js';
import { verifyPasses } from './drbd/verify.js';
import { bareKvmMachines, bareMachines } from './bare-machines.js';
import { firstMachines, nineMachines } from './first-machines.js';
import { CHUNK_ID } from './first-mounts.js';
import { ninePasses } from './nine/changes.js';
import { lizardfsPasses } from './lizardfs.js';
import type { MetadataServer } from './metadata-state.js';
import { rocksPasses } from './rocks/passing.js';
import type { Rocks } from './rocks/state.js';
import { barePool, firstPool } from './xapi.js';
import type { Ceph } from './ceph-state.js';
import type { ChunkGroup, Chunkserver, LizardFs } from './lizardfs-state.js';
import { load } from './modules.js';
import { firstCluster, setCluster } from './ocfs2.js';
import type { Fleet, Machine } from './state.js';
import type { Path, San } from './san-state.js';

const GIB = 1024 ** 3;

/** A fleet in which nothing is wrong, at this moment. */
export function calmFleet(now: Millis): Fleet {
  const machines = firstMachines(now);
  for (const machine of machines.filter(({ kind }) => kind === 'kvm')) {
    for (const module of ['drbd', 'ocfs2']) load(machine, module);
    setCluster(machine, firstCluster(machines));
  }
  return fleetWith(now, {
    machines,
    drbd: firstDrbd(),
    lizardfs: firstLizardFs(),
    ceph: firstCeph(now),
    san: firstSan(),
    pools: [firstPool(['xs-1', 'xs-2'])],
  });
}

/** Hosts on which nothing is installed yet. */
export function bareFleet(now: Millis): Fleet {
  return emptyFleet(now, bareMachines(now), [barePool(['xs-1', 'xs-2'])]);
}

/** Hosts of virtual machines with room in a volume group, and nothing in it. */
export function bareKvmFleet(now: Millis, count = 2): Fleet {
  return emptyFleet(now, bareKvmMachines(now, count));
}

/** Three hosts of virtual machines with DRBD 9. */
export function nineFleet(now: Millis): Fleet {
  return emptyFleet(now, nineMachines(now));
}

/** Machines with nothing on them but what the kinds bring. */
export function emptyFleet(
  now: Millis,
  machines: readonly Machine[],
  pools: Fleet['pools'] = [],
  rocks?: Rocks,
): Fleet {
  return fleetWith(now, {
    machines,
    ...(rocks && { rocks }),
    drbd: { linkCut: false, resources: [] },
    lizardfs: {
      ...firstLizardFs(),
      metadataServers: [],
      chunkservers: [],
      groups: [],
      mounts: [],
      metadataVersion: 1,
    },
    ceph: { ...firstCeph(now), monitors: [], managers: [], osds: [], objects: 0 },
    san: { ...firstSan(), machine: '', portals: [], sessions: [], maps: [], paths: [] },
    pools,
  });
}

function fleetWith(
  now: Millis,
  parts: Pick<Fleet, 'machines' | 'drbd' | 'lizardfs' | 'ceph' | 'san' | 'pools' | 'rocks'>,
): Fleet {
  const clock = new Clock(now);
  const fleet: Fleet = {
    clock,
    ...parts,
    onReach: new Set(),
    seed: 0x1f65a735be02a6e1n,
    advance: (ms) => clock.advance(ms),
  };
  clock.whilePassing((ms) => {
    drbdPasses(fleet, ms);
    resyncPasses(fleet, ms);
    verifyPasses(fleet, ms);
    ninePasses(fleet, ms);
    lizardfsPasses(fleet, ms);
    cephPasses(fleet, ms);
    rocksPasses(fleet, ms);
  });
  return fleet;
}

/** The address of the master, xs-1. */
const MASTER = '10.20.0.11';

function metadataServer(
  machine: string,
  personality: MetadataServer['personality'],
): MetadataServer {
  const whole = { running: true, behind: 0, empty: false, locked: false };
  return { machine, personality, ...whole, follows: MASTER };
}

function firstLizardFs(): LizardFs {
  const chunkservers = ['xs-1', 'xs-2', 'lfs-3'].map((machine): Chunkserver => {
    const n = machine.at(-1) ?? '';
    const disk = (letter: string, index: number) => ({
      id: `${machine}:${index}`,
      path: `/mnt/${CHUNK_ID}_1537${n}${letter}/`,
      total: 245_107_195_904,
      damaged: false,
      lastError: 0,
    });
    return {
      machine,
      label: '_',
      running: true,
      connected: true,
      master: MASTER,
      disks: [disk('b', 0), disk('c', 1)],
    };
  });
  const disks = (server: number) => chunkservers[server]?.disks.map(({ id }) => id) ?? [];
  const spread = (goal: string, count: number, servers: readonly number[]): ChunkGroup[] => {
    const ways = servers.reduce<string[][]>(
      (sets, server) => sets.flatMap((set) => disks(server).map((id) => [...set, id])),
      [[]],
    );
    return ways.map((holders, index) => {
      const share = Math.floor(count / ways.length) + (index < count % ways.length ? 1 : 0);
      return { goal, wanted: servers.length, holders, count: share };
    });
  };
  return {
    version: '3.12.0',
    metadataServers: [metadataServer('xs-1', 'master'), metadataServer('xs-2', 'shadow')],
    chunkservers,
    groups: [
      ...spread('2', 1344, [0, 1]),
      ...spread('2', 1344, [1, 2]),
      ...spread('2', 1343, [0, 2]),
      ...spread('3', 812, [0, 1, 2]),
    ],
    pace: 4,
    chunkSize: 50 * 1024 * 1024,
    mounts: ['xs-1', 'xs-2'].map((machine) => ({
      machine,
      target: '/mnt/lizardfs',
      master: MASTER,
    })),
    metadataVersion: 1_204_233,
    owed: 0,
  };
}

function firstCeph(now: Millis): Ceph {
  const names = ['ceph-1', 'ceph-2', 'ceph-3'];
  const daemon = (name: string) => ({ name, machine: name, running: true });
  return {
    fsid: 'a3e8cdde-7d20-47a5-bb00-b17995f6ea8a',
    monitors: names.map(daemon),
    managers: names.slice(0, 2).map(daemon),
    osds: names.map((machine, id) => ({
      id,
      machine,
      running: true,
      up: true,
      in: true,
      since: now - 12 * 86_400_000 + 95_000,
      missing: 0,
    })),
    objects: 31_744,
    objectSize: 4 * 1024 * 1024,
    osdSize: 200 * GIB,
    reads: 1_884_160,
    writes: 23_068_672,
    epoch: 148,
    election: 18,
    electedAt: now - 12 * 86_400_000 + 30_000,
    managerSince: now - 12 * 86_400_000 + 42_000,
    recovered: 0,
    electorate: '0,1,2',
  };
}

function firstSan(): San {
  const portals = ['10.30.0.51', '10.30.1.51'];
  const sessions = ['iface0', 'iface1'].flatMap((iface, nth) =>
    portals.map((portal, index) => ({
      sid: nth * 2 + index + 1,
      portal,
      iface,
      ip: `10.30.${index}.4${nth + 1}`,
      host: nth * 2 + index + 6,
      connected: true,
    })),
  );
  const maps = [
    {
      alias: 'data',
      wwid: '360014050a1b2c3d4e5f60718293a4b01',
      dm: 'dm-0',
      size: 500 * GIB,
      lun: 1,
      faults: 0,
    },
    {
      alias: 'backup',
      wwid: '360014050a1b2c3d4e5f60718293a4b02',
      dm: 'dm-1',
      size: 1024 * GIB,
      lun: 2,
      faults: 0,
    },
  ];
  const paths = maps.flatMap(({ alias, lun }, nth) =>
    sessions.map(({ sid, host }, index): Path => {
      const disk = 1 + nth * sessions.length + index;
      return {
        dev: `sd${String.fromCharCode('a'.charCodeAt(0) + disk)}`,
        majMin: `8:${disk * 16}`,
        hctl: `${host}:0:0:${lun}`,
        session: sid,
        map: alias,
        pulled: false,
        usable: true,
      };
    }),
  );
  return {
    machine: 'san-1',
    target: 'iqn.2003-01.example.storage:san-b',
    initiator: 'iqn.1993-08.org.debian:01:san-1',
    portals: portals.map((address) => ({ address, up: true })),
    sessions,
    maps,
    paths,
  };
}
