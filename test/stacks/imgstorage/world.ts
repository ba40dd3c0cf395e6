/*
 * A small Rocks cluster as plain tables, from which a test takes something away or puts something in.
 * `printed.ts` writes them as the tools do.
 */

/** Seconds since 1970 at which all is read; the clock of the recordings. */
export const AT = Date.UTC(2026, 10, 20, 14, 2, 11) / 1000;

export interface NasState {
  rows: {
    zvol: string;
    zpool: string | null;
    target: string | null;
    host: string | null;
    pool: string | null;
    sync: number;
  }[];
  jobs: { zvol: string; host: string; sending: number; last: number; since: number }[];
  locks: { zvol: string; replyTo: string; since: number }[];
  targets: { tid: number; zvol: string; initiators: string[] }[];
  sets: SetState[];
}

export interface ContainerState {
  rows: { zvol: string; zpool: string; target: string; sync: number }[];
  merges: { zvol: string; sectors: number; started: number; since: number }[];
  sessions: { zvol: string; disk: string; state?: string }[];
  devices: {
    zvol: string;
    sectors: number;
    target: 'snapshot' | 'snapshot-merge' | 'linear';
    beneath: string[];
    status: string;
    open: number;
    attr?: string;
  }[];
  sets: SetState[];
}

export interface SetState {
  name: string;
  type: 'filesystem' | 'volume' | 'snapshot';
  used: number;
  refer: number;
  /** Of a volume: what it receives. */
  beneath?: number;
  size?: number;
  written?: number;
  guid?: number;
  created?: number;
}

export interface World {
  nas: Record<string, NasState>;
  containers: Record<string, ContainerState>;
  /** Virtual machines by name, with their NAS and container. */
  vms: { vm: string; nas: string | null; zpool: string | null; container: string }[];
  attributes: { host: string; name: string; value: string }[];
  /** Queues of RabbitMQ that are neither a daemon's. */
  callers: string[];
  /** Daemons that lost their connection. */
  deaf: string[];
  /** Exit codes of `service NAME status` that are not 0, by `HOST/NAME`. */
  services: Record<string, number>;
  /** What the roll's user may do, by `HOST/POOL`, where that is not all. */
  allowed: Record<string, string>;
  health: Record<string, string>;
}

export const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const SIZE = 35 * GIB;
export const SECTORS = SIZE / 512;
/** What ZFS keeps for a volume of this size in blocks of 128 KiB. */
const RESERVED = Math.round(SIZE * 1.0208);

const emptyNas = (): NasState => ({ rows: [], jobs: [], locks: [], targets: [], sets: [] });
const emptyContainer = (): ContainerState => ({
  rows: [],
  merges: [],
  sessions: [],
  devices: [],
  sets: [],
});

const volume = (name: string, refer: number, more: Partial<SetState> = {}): SetState => {
  return { name, type: 'volume', used: refer, refer, size: SIZE, ...more };
};

let guids = 0;

/** A snapshot of the roll, the same on both sides. */
function snapshot(of: string, refer: number, created: number, guid: number): SetState {
  const name = `${of}@IMG-STORAGE-0d9b1f2a-7d11-4f5e-9f6a-${String(guid).padStart(12, '0')}`;
  return { name, type: 'snapshot', used: 0, refer, written: refer, created, guid };
}

/** The parts of an image in each phase of its life, as the daemons make them. */
export const put = {
  unmapped(world: World, nas: string, zvol: string): void {
    const on = (world.nas[nas] ??= emptyNas());
    on.rows.push({ zvol, zpool: 'tank', target: null, host: null, pool: null, sync: 0 });
    on.sets.push(volume(`tank/${zvol}`, 3.6 * GIB));
  },
  direct(world: World, nas: string, zvol: string, host: string, disk = 'sdb'): void {
    target(world, nas, zvol, host, 0);
    const far = (world.containers[host] ??= emptyContainer());
    far.sessions.push({ zvol, disk });
    far.rows.push({ zvol, zpool: '', target: iqn(nas, zvol), sync: 0 });
  },
  sending(world: World, nas: string, zvol: string, host: string, disk = 'sdd'): void {
    beside(world, nas, zvol, host, disk);
    world.nas[nas]?.jobs.push({ zvol, host, sending: 1, last: 1, since: AT - 40 });
    const local = world.containers[host]?.sets.find(({ name }) => name === `tank2/${zvol}`);
    if (local) Object.assign(local, { used: RESERVED + 0.9 * GIB, beneath: 0.9 * GIB });
  },
  merging(world: World, nas: string, zvol: string, host: string, disk = 'sdc'): void {
    beside(world, nas, zvol, host, disk);
    const far = world.containers[host];
    const device = far?.devices.find((one) => one.zvol === zvol);
    if (!far || !device) return;
    const copied = far.sets.find(({ name }) => name === `tank2/${zvol}`);
    // What was sent is a snapshot, which is then on both; what is merged is written after it.
    if (copied) Object.assign(copied, { refer: 3.7 * GIB, used: RESERVED, written: 100 * MIB });
    guids += 1;
    world.nas[nas]?.sets.push(snapshot(`tank/${zvol}`, 3.6 * GIB, AT - 1990, guids));
    far.sets.push(snapshot(`tank2/${zvol}`, 3.6 * GIB, AT - 1990, guids));
    device.target = 'snapshot-merge';
    device.beneath = [dev(far, `tank2/${zvol}`), dev(far, `tank2/${zvol}-temp-write`)];
    device.status = `9099712/${SECTORS} 17760`;
    far.merges.push({ zvol, sectors: SECTORS, started: 1, since: AT - 1925 });
  },
  local(world: World, nas: string, zvol: string, host: string): void {
    const on = (world.nas[nas] ??= emptyNas());
    const far = (world.containers[host] ??= emptyContainer());
    on.rows.push({ zvol, zpool: 'tank', target: null, host, pool: 'tank2', sync: 1 });
    far.rows.push({ zvol, zpool: 'tank2', target: iqn(nas, zvol), sync: 1 });
    on.sets.push(volume(`tank/${zvol}`, 3.6 * GIB, { written: 0 }));
    far.sets.push(volume(`tank2/${zvol}`, 3.7 * GIB, { written: 212 * MIB }));
    both(on, far, zvol);
    far.devices.push({
      zvol,
      sectors: SECTORS,
      target: 'linear',
      beneath: [dev(far, `tank2/${zvol}`)],
      status: '',
      open: 1,
    });
  },
};

function target(world: World, nas: string, zvol: string, host: string, sync: number): NasState {
  const on = (world.nas[nas] ??= emptyNas());
  const pool = sync === 1 ? 'tank2' : null;
  on.rows.push({ zvol, zpool: 'tank', target: iqn(nas, zvol), host, pool, sync });
  on.targets.push({ tid: on.targets.length + 1, zvol, initiators: [host] });
  on.sets.push(volume(`tank/${zvol}`, 3.6 * GIB, { written: 0 }));
  return on;
}

/** The container reads over iSCSI and writes beside; its own volume is being filled. */
function beside(world: World, nas: string, zvol: string, host: string, disk: string): void {
  const on = target(world, nas, zvol, host, 1);
  on.locks.push({ zvol, replyTo: `amq.gen-${zvol}`, since: AT - 52 });
  const far = (world.containers[host] ??= emptyContainer());
  far.rows.push({ zvol, zpool: 'tank2', target: iqn(nas, zvol), sync: 1 });
  far.sessions.push({ zvol, disk });
  far.sets.push(
    volume(`tank2/${zvol}`, 12_288, { used: RESERVED }),
    volume(`tank2/${zvol}-temp-write`, 6.4 * MIB),
  );
  far.devices.push({
    zvol,
    sectors: SECTORS,
    target: 'snapshot',
    beneath: [dev(far, disk), dev(far, `tank2/${zvol}-temp-write`)],
    status: `13312/${SECTORS} 32`,
    open: 1,
  });
}

function both(on: NasState, far: ContainerState, zvol: string): void {
  for (const age of [900, 600, 300]) {
    guids += 1;
    on.sets.push(snapshot(`tank/${zvol}`, 3.6 * GIB, AT - age, guids));
    far.sets.push(snapshot(`tank2/${zvol}`, 3.6 * GIB, AT - age, guids));
  }
}

/** The numbers of a container's volumes and disks, in the order in which they came. */
export function dev(far: ContainerState, name: string): string {
  if (/^sd[a-z]$/.test(name)) return `8:${(name.charCodeAt(2) - 97) * 16}`;
  const volumes = far.sets.filter(({ type }) => type === 'volume').map((set) => set.name);
  return `230:${volumes.indexOf(name) * 16}`;
}

export function iqn(nas: string, zvol: string): string {
  return `iqn.2001-04.com.${nas}-${zvol}`;
}

/** A frontend, two NAS and three containers, with an image in each phase of its life. */
export function calm(): World {
  guids = 0;
  const world: World = {
    nas: { 'nas-0-0': emptyNas(), 'nas-0-1': emptyNas() },
    containers: {
      'compute-0-1': emptyContainer(),
      'compute-0-3': emptyContainer(),
      'vm-container-0-14': emptyContainer(),
    },
    vms: [
      { vm: 'vm-hpc-0', nas: 'nas-0-0', zpool: 'tank', container: 'compute-0-1' },
      { vm: 'vm-hpc-1', nas: 'nas-0-0', zpool: 'tank', container: 'compute-0-3' },
      { vm: 'vm-hpc-2', nas: 'nas-0-0', zpool: 'tank', container: 'compute-0-1' },
      { vm: 'vm-hpc-3', nas: 'nas-0-0', zpool: 'tank', container: 'compute-0-3' },
      { vm: 'compute-0-14-0', nas: 'nas-0-1', zpool: 'tank', container: 'vm-container-0-14' },
      { vm: 'compute-0-14-1', nas: null, zpool: null, container: 'vm-container-0-14' },
    ],
    attributes: [
      { host: 'nas-0-0', name: 'img_storage_nas', value: 'true' },
      { host: 'nas-0-0', name: 'img_zpools', value: 'tank' },
      { host: 'nas-0-1', name: 'img_storage_nas', value: 'true' },
      ...['compute-0-1', 'compute-0-3'].flatMap((host) => [
        { host, name: 'img_storage_vm', value: 'true' },
        { host, name: 'img_sync', value: 'true' },
        { host, name: 'vm_container_zpool', value: 'tank2' },
      ]),
      { host: 'vm-container-0-14', name: 'img_storage_vm', value: 'true' },
      { host: 'vm-container-0-14', name: 'img_sync', value: 'false' },
    ],
    ...{ callers: [], deaf: [], services: {}, allowed: {}, health: {} },
  };
  put.local(world, 'nas-0-0', 'vm-hpc-0-vol', 'compute-0-1');
  put.merging(world, 'nas-0-0', 'vm-hpc-1-vol', 'compute-0-3');
  put.unmapped(world, 'nas-0-0', 'vm-hpc-2-vol');
  put.sending(world, 'nas-0-0', 'vm-hpc-3-vol', 'compute-0-3');
  put.direct(world, 'nas-0-1', 'compute-0-14-0-vol', 'vm-container-0-14');
  return world;
}

/** The state of one host, which must be there. */
export function nasIn(world: World, name: string): NasState {
  const found = world.nas[name];
  if (!found) throw new Error(`no NAS ${name} in this world`);
  return found;
}

export function containerIn(world: World, name: string): ContainerState {
  const found = world.containers[name];
  if (!found) throw new Error(`no container ${name} in this world`);
  return found;
}

/** Takes out of a list what fits, in place. */
export function drop<T>(list: T[], fits: (one: T) => boolean): void {
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const one = list[at];
    if (one !== undefined && fits(one)) list.splice(at, 1);
  }
}
