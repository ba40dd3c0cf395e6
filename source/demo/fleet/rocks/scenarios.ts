import { kill } from '../machines.js';
import type { Scenario } from '../scenario.js';
import { machineNamed, type Fleet } from '../state.js';
import { rocksFleet, firstRollFleet } from './first.js';
import {
  askToMap,
  askToUnmap,
  breakOff,
  burst,
  device,
  fillPool,
  FRESH,
  HERE,
  LOCAL,
  NAS,
  restart,
  runGuest,
  zvol,
} from './happenings.js';
import { discover, login } from './storage/iscsi.js';
import { cowOf, createDevice, deviceNamed, removeDevice, suspendDevice } from './storage/mapper.js';
import { nodeBooted } from './roll/services.js';
import { nodeOf } from './nodes.js';
import type { StorageNode } from './state.js';
import { rowOf } from './tables.js';
import { createVolume, datasetNamed, destroyDataset } from './storage/zfs.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const MINUTE = 60_000;
/** What can be wrong with the storage maps of a Rocks cluster, and a day without it. */
export const rocksScenarios: readonly Scenario[] = [
  {
    id: 'maps',
    title: 'storage maps of Rocks',
    says: 'A Rocks cluster of a frontend, two NAS and three containers; nothing is wrong.',
    fleet: rocksFleet,
    begin: () => undefined,
  },
  {
    id: 'maps-first-roll',
    title: 'storage maps, first release',
    says: 'The same on Rocks 6 with the first release of the roll; an image is being copied to its container.',
    fleet: firstRollFleet,
    begin: (fleet) => {
      map(fleet);
      fleet.advance(2 * MINUTE);
    },
  },
  story('maps-locked', 'a lock held by a dead call', {
    says: `An unmap of ${LOCAL} waited for its guest and was broken off; the lock is still held.`,
    begin: (fleet) => {
      seldom(fleet);
      fleet.advance(25 * MINUTE);
      const queue = askToUnmap(fleet, LOCAL);
      fleet.advance(MINUTE);
      breakOff(fleet, queue);
      runGuest(fleet, LOCAL, false);
      fleet.advance(18 * MINUTE);
    },
  }),
  story('maps-in-use', 'a target in use by another host', {
    says: `vm-container-0-2 is logged in to the target of ${FRESH}, so it could not be taken away.`,
    begin: (fleet) => {
      map(fleet);
      logInByHand(fleet, 'vm-container-0-2');
      fleet.advance(24 * MINUTE);
    },
  }),
  story('maps-container-gone', 'a container is gone for good', {
    says: `${HERE} died with ${LOCAL} on it; an unmap failed and left its lock.`,
    begin: (fleet) => {
      fleet.advance(4 * MINUTE);
      kill(fleet, HERE);
      fleet.advance(9 * MINUTE);
      askToUnmap(fleet, LOCAL);
      fleet.advance(16 * MINUTE);
    },
  }),
  story('maps-nas-restarted', 'a NAS was restarted in mid-sync', {
    says: `The daemon of ${NAS} was restarted while it sent ${FRESH}; nobody sends it now.`,
    begin: (fleet) => {
      map(fleet);
      fleet.advance(30_000);
      restart(fleet, NAS, 'img-storage-nas');
      fleet.advance(5 * MINUTE);
    },
  }),
  story('maps-stalled', 'a merge is stalled', {
    says: `The merge of ${FRESH} was suspended by hand and forgotten; its guest waits.`,
    begin: (fleet) => {
      map(fleet);
      burst(fleet, GIB);
      fleet.advance(2 * MINUTE);
      const node = nodeOf(fleet, HERE);
      // The rest is a tenth of it.
      while (node && unmerged(node) > 13_000) fleet.advance(1000);
      if (node) suspendDevice(node, device(FRESH));
      fleet.advance(31 * MINUTE);
    },
  }),
  story('maps-invalid', 'a snapshot is invalid', {
    says: `The pool of ${HERE} had no room for what ${FRESH} wrote beside its image: the snapshot is invalid.`,
    begin: (fleet) => {
      map(fleet);
      fillPool(fleet);
      fleet.advance(20_000);
      burst(fleet, 64 * MIB);
      fleet.advance(17 * MINUTE);
    },
  }),
  story('maps-overflow', 'a snapshot has overflown', {
    says: `The copy of ${FRESH} was refused and never tried again; what it wrote beside has no room.`,
    begin: (fleet) => {
      const pool = nodeOf(fleet, HERE)?.pools[0];
      pool?.allowed.get('img-storage')?.delete('receive');
      map(fleet);
      withSmallMemory(fleet);
      fleet.advance(2 * MINUTE);
      burst(fleet, 100 * MIB);
      pool?.allowed.get('img-storage')?.add('receive');
      fleet.advance(20 * MINUTE);
    },
  }),
  story('maps-stale-row', 'a stale row after half a clean-up', {
    says: `Device and volume of ${LOCAL} were destroyed by hand on ${HERE}; the rows say that it is mapped.`,
    begin: (fleet) => {
      fleet.advance(7 * MINUTE);
      runGuest(fleet, LOCAL, false);
      const node = nodeOf(fleet, HERE);
      if (node) {
        removeDevice(fleet, node, device(LOCAL));
        destroyDataset(fleet, node, `tank/${zvol(LOCAL)}`, true);
      }
      fleet.advance(12 * MINUTE);
    },
  }),
  story('maps-temp-write', 'a -temp-write volume was left behind', {
    says: `A volume of an earlier mapping of ${FRESH} is still on ${HERE}, so that a new one failed half way.`,
    begin: (fleet) => {
      const node = nodeOf(fleet, HERE);
      const left = `tank/${zvol(FRESH)}-temp-write`;
      if (node) createVolume(fleet, node, left, { size: 8 * GIB, sparse: true });
      const volume = node && datasetNamed(node, left);
      const known = { image: zvol(FRESH), chunks: 0, writes: 1, base: 1 };
      if (volume) volume.cow = { ...known, state: 'valid' };
      fleet.advance(MINUTE);
      map(fleet, false);
      fleet.advance(6 * MINUTE);
    },
  }),
  story('maps-mismatch', 'a row without a device, a device without a row', {
    says: `${HERE} was rebooted and has no device for ${LOCAL}; the row of compute-0-0-1 was cleared while its guest runs.`,
    begin: (fleet) => {
      seldom(fleet);
      fleet.advance(8 * MINUTE);
      reboot(fleet, HERE);
      const other = nodeOf(fleet, 'nas-0-1');
      const row = other?.role === 'nas' && rowOf(other.database.zvols, zvol('compute-0-0-1'));
      // As imgstorageadmin does it on a NAS.
      if (row) Object.assign(row, { iscsi_target: null, remotehost: null, zpool: null });
      fleet.advance(5 * MINUTE);
    },
  }),
];

function story(id: string, title: string, rest: Pick<Scenario, 'says' | 'begin'>): Scenario {
  return { id, title, fleet: rocksFleet, ...rest };
}

/** Maps the image that is not mapped yet, and starts its guest. */
function map(fleet: Fleet, starts = true): void {
  askToMap(fleet);
  fleet.advance(8000);
  if (starts) runGuest(fleet, FRESH, true);
}

/** Somebody looks into an image from elsewhere, for which the target was opened to all. */
function logInByHand(fleet: Fleet, host: string): void {
  const target = nodeOf(fleet, NAS)?.targets.find(({ iqn }) => iqn.endsWith(zvol(FRESH)));
  const node = nodeOf(fleet, host);
  const machine = machineNamed(fleet, host);
  if (!target || !node || !machine) return;
  target.allowed.push('ALL');
  discover(fleet, node, NAS);
  const session = login(fleet, node, target.iqn);
  if ('exit' in session) return;
  const options = 'ro,relatime';
  const sizes = { size: 7.7 * GIB, used: 3 * GIB };
  const known = { target: '/mnt/look', type: 'ext4', options, ...sizes };
  machine.mounts.push({ source: `/dev/${session.disk}`, ...known });
}

/**
 * The device is made again with a small memory, to save room, and with a table that tells an overflow,
 * as somebody does who knows device mapper.
 */
function withSmallMemory(fleet: Fleet): void {
  const node = nodeOf(fleet, HERE);
  const table = node?.devices.find(({ name }) => name === device(FRESH))?.table;
  if (!node || !table || table.target === 'linear') return;
  const memory = `tank/${zvol(FRESH)}-temp-write`;
  runGuest(fleet, FRESH, false);
  removeDevice(fleet, node, device(FRESH));
  destroyDataset(fleet, node, memory, false);
  createVolume(fleet, node, memory, { size: 96 * MIB, sparse: true });
  createDevice(fleet, node, device(FRESH), { ...table, persistent: 'PO' });
  runGuest(fleet, FRESH, true);
}

/** Chunks that are still beside the image. */
function unmerged(node: StorageNode): number {
  const found = deviceNamed(node, device(FRESH));
  return (found && cowOf(node, found)?.chunks) ?? 0;
}

/** The copies of the image to its NAS are an hour apart: `rocks set host zvolattr … frequency 3600`. */
function seldom(fleet: Fleet): void {
  const nas = nodeOf(fleet, NAS);
  const row = nas?.role === 'nas' && rowOf(nas.database.zvolattrs, zvol(LOCAL));
  const nextsync = Math.floor(fleet.clock.now / 1000) + 3600;
  if (row) Object.assign(row, { frequency: 3600, nextsync });
}

function reboot(fleet: Fleet, host: string): void {
  const machine = machineNamed(fleet, host);
  if (!machine) return;
  machine.bootedAt = fleet.clock.now;
  nodeBooted(fleet, machine);
  restart(fleet, host, 'img-storage-vm');
}
