import { AT, calm, containerIn, drop, nasIn, put, SECTORS, type World } from './world.js';

/** A situation, and what it shows. */
export interface Situation {
  readonly says: string;
  readonly world: World;
  /** Hosts that are not among the watched. */
  readonly without?: readonly string[];
}

function changed(says: string, change: (world: World) => void): Situation {
  const world = calm();
  change(world);
  return { says, world };
}

/** The situations of the recordings: all is well, and each way in which it is not. */
export const situationsMade: Readonly<Record<string, Situation>> = {
  calm: { says: 'an image in each phase of its life', world: calm() },
  'lock-of-a-dead-call': changed('a call died and left its lock on an image', (world) => {
    nasIn(world, 'nas-0-0').locks.push({
      zvol: 'vm-hpc-2-vol',
      replyTo: 'amq.gen-Esp2W6XQojClmQ7APoHAvQ',
      since: AT - 5400,
    });
  }),
  'target-in-use-elsewhere': changed('another host is logged in at a target', (world) => {
    const target = nasIn(world, 'nas-0-1').targets[0];
    target?.initiators.push('compute-0-1');
  }),
  'container-gone': {
    ...changed('a container was given away with an image mapped to it', (world) => {
      put.direct(world, 'nas-0-1', 'build-vol', 'vm-container-0-9');
      drop(nasIn(world, 'nas-0-1').targets, ({ zvol }) => zvol === 'build-vol');
      nasIn(world, 'nas-0-1').targets.push({ tid: 2, zvol: 'build-vol', initiators: [] });
    }),
    without: ['vm-container-0-9'],
  },
  'nas-restarted-in-mid-sync': changed('img-storage-nas was restarted while it sent', (world) => {
    drop(nasIn(world, 'nas-0-0').jobs, ({ zvol }) => zvol === 'vm-hpc-3-vol');
    // Of a copy that is broken off ZFS leaves nothing.
    const local = containerIn(world, 'compute-0-3').sets.find(
      ({ name }) => name === 'tank2/vm-hpc-3-vol',
    );
    if (local) local.beneath = 0;
  }),
  'snapshot-invalid': changed('the memory of a snapshot ran full while it was merged', (world) => {
    const device = containerIn(world, 'compute-0-3').devices.find(
      ({ zvol }) => zvol === 'vm-hpc-1-vol',
    );
    if (device) device.status = 'Invalid';
  }),
  'half-cleaned': changed('a clean-up was left half way: a row without its pool', (world) => {
    const row = nasIn(world, 'nas-0-0').rows.find(({ zvol }) => zvol === 'vm-hpc-1-vol');
    if (row) Object.assign(row, { zpool: null, target: null, host: null });
    drop(nasIn(world, 'nas-0-0').targets, ({ zvol }) => zvol === 'vm-hpc-1-vol');
    drop(nasIn(world, 'nas-0-0').locks, ({ zvol }) => zvol === 'vm-hpc-1-vol');
  }),
  'temp-write-left': changed('of an image that was unmapped its temp-write was left', (world) => {
    containerIn(world, 'compute-0-1').sets.push({
      ...{ name: 'tank2/vm-hpc-2-vol-temp-write', type: 'volume', used: 7340032, refer: 7340032 },
    });
  }),
  'not-returned': changed('the last copy to the NAS failed', (world) => {
    drop(containerIn(world, 'compute-0-1').devices, ({ zvol }) => zvol === 'vm-hpc-0-vol');
    nasIn(world, 'nas-0-0').locks.push({
      zvol: 'vm-hpc-0-vol',
      replyTo: 'amq.gen-gone',
      since: AT - 900,
    });
  }),
  'unmap-waits': changed('a guest still has the device open that is to be unmapped', (world) => {
    nasIn(world, 'nas-0-0').locks.push({
      zvol: 'vm-hpc-0-vol',
      replyTo: 'amq.gen-waits',
      since: AT - 60,
    });
    world.callers.push('amq.gen-waits');
  }),
  'snapshot-filling': changed('what is written beside has nearly no room left', (world) => {
    const device = containerIn(world, 'compute-0-3').devices.find(
      ({ zvol }) => zvol === 'vm-hpc-3-vol',
    );
    if (device) device.status = `${Math.round(SECTORS * 0.96)}/${SECTORS} 32`;
  }),
  suspended: changed('a device is suspended, and its guest waits', (world) => {
    const device = containerIn(world, 'compute-0-3').devices.find(
      ({ zvol }) => zvol === 'vm-hpc-1-vol',
    );
    if (device) device.attr = 'LIsw';
  }),
  'daemons-down': changed('daemons that died, are deaf, or may not copy', (world) => {
    world.services['nas-0-1/img-storage-nas'] = 1;
    world.services['nas-0-1/tgtd'] = 3;
    world.deaf.push('nas-0-1', 'compute-0-1');
    world.allowed['compute-0-3/tank2'] = 'create,mount,receive';
    world.health['nas-0-0/tank'] = 'DEGRADED';
  }),
};

/** Recorded on machines with real volumes of ZFS (test/real/storage-map-zfs.test.ts). */
export const CAPTURED: readonly string[] = [
  'zfs-written-beside',
  'zfs-not-returned',
  'zfs-receiving',
  'zfs-suspended',
];
