import type { Fleet } from '../../state.js';
import { answer, later, publish } from './broker.js';
import { deleteTarget, machineCalled, makeTarget } from '../storage/iscsi.js';
import { gigabytes, type MapWish, type Message } from './messages.js';
import { attributeOf, type NasNode } from '../state.js';
import { drop, put, rowOf, type NasRow } from '../tables.js';
import { createVolume, datasetNamed, destroyDataset } from '../storage/zfs.js';

/** The moment in seconds since 1970, as Python tells it. */
export function secondsOf({ clock }: Fleet): number {
  return Math.round(clock.now / 10) / 100;
}

type Told<A extends Message['action']> = Extract<Message, { action: A }>;

/** A handler that fails says so to whoever asked; the words are the roll's. */
function fail(fleet: Fleet, queue: string | null, action: string, error: string): void {
  answer(fleet, queue, { action, status: 'error', error });
}

/** Takes the lock of an image; whoever is late hears that it is busy. */
function lock(fleet: Fleet, { database }: NasNode, zvol: string, queue: string): boolean {
  if (rowOf(database.zvol_calls, zvol)) return false;
  put(database.zvol_calls, { zvol, reply_to: queue, time: secondsOf(fleet) });
  return true;
}

export function release({ database }: NasNode, zvol: string): void {
  drop(database.zvol_calls, zvol);
}

/** Exports an image and has it mapped on a container. Whatever fails leaves what was done before it. */
export function mapZvol(fleet: Fleet, nas: NasNode, wish: MapWish, queue: string): void {
  const { zvols } = nas.database;
  const { zvol, pool, host } = wish;
  if (!lock(fleet, nas, zvol, queue)) {
    fail(fleet, queue, 'zvol_mapped', `ZVol ${zvol} is busy`);
    return;
  }
  const refuse = (error: string): void => {
    release(nas, zvol);
    fail(fleet, queue, 'zvol_mapped', error);
  };
  const volume = `${pool}/${zvol}`;
  if (!rowOf(zvols, zvol)) {
    if (!datasetNamed(nas, volume)) {
      const refused = createVolume(fleet, nas, volume, { size: gigabytes(wish.size) });
      if (refused !== undefined) {
        const argv = `['zfs', 'create', '-o', 'primarycache=metadata', '-o', 'volblocksize=128K', '-V', '${wish.size}gb', u'${volume}']`;
        refuse(`Error executing ${argv}: ${refused}`);
        return;
      }
      // A volume that nobody wrote on is read as zeros.
      const made = datasetNamed(nas, volume);
      if (made) made.content = { image: zvol, writes: 0 };
    }
    put(zvols, row(zvol, { zpool: pool }));
  }
  if (rowOf(zvols, zvol)?.remotehost != null) {
    refuse('Error when mapping zvol: already mapped');
    return;
  }
  const machine = machineCalled(fleet, host);
  if (!machine) {
    refuse(`Host ${host} is unknown`);
    return;
  }
  // tgt-setup-lun takes a moment, and has its own lock.
  later(fleet, nas, 400, () => {
    const made = makeTarget(nas, zvol, `/dev/${volume}`, machine.address);
    if ('refused' in made) {
      const argv = `['/opt/rocks/bin/tgt-setup-lun-lock', '-n', u'${zvol}', '-d', u'/dev/${volume}', '${machine.address}']`;
      refuse(`Error executing ${argv}: ${made.refused}`);
      return;
    }
    const { iqn } = made.target;
    const mapped = { zpool: pool, iscsi_target: iqn, remotehost: host };
    put(zvols, row(zvol, { ...mapped, remotepool: wish.remotePool, sync: Number(wish.sync) }));
    const { size, sync, remotePool } = wish;
    const told = {
      nas: nas.machine,
      portal: portalOf(fleet, nas),
      iqn,
      zvol,
      size,
      sync,
      remotePool,
    };
    publish(fleet, host, { action: 'attach', ...told }, () => {
      detach(fleet, nas, iqn, true);
      fail(fleet, queue, 'zvol_mapped', `Compute node ${host} is unavailable`);
      release(nas, zvol);
    });
  });
}

function row(zvol: string, known: Partial<NasRow>): NasRow {
  const none = { zpool: null, iscsi_target: null, remotehost: null, remotepool: null, sync: 0 };
  return { zvol, ...none, ...known };
}

/** The container answers that it has mapped an image, or why not. */
export function zvolMapped(fleet: Fleet, nas: NasNode, told: Told<'zvol_mapped'>): void {
  const { iqn } = told;
  const { zvols, zvol_calls: calls, sync_queue: jobs } = nas.database;
  const found = zvols.rows.find((one) => one.iscsi_target === iqn);
  const call = found && rowOf(calls, found.zvol);
  // Without both the daemon's handler dies of it, and nobody hears anything.
  if (!found || !call) return;
  if (told.bdev === undefined) {
    // The row stays as it is: mapped, with its target, and no device.
    release(nas, found.zvol);
    const error = `Error attaching iSCSI target to compute node: ${told.error ?? 'None'}`;
    fail(fleet, call.reply_to, 'zvol_mapped', error);
    return;
  }
  if (!found.sync) release(nas, found.zvol);
  else {
    put(jobs, {
      zvol: found.zvol,
      zpool: found.zpool ?? '',
      remotehost: told.from,
      remotepool: found.remotepool,
      is_sending: 1,
      is_delete_remote: 1,
      time: secondsOf(fleet),
    });
  }
  answer(fleet, call.reply_to, { action: 'zvol_mapped', bdev: told.bdev, status: 'success' });
}

/** Asks the container to let go of an image. A lock that is held is not told: the caller waits for ever. */
export function unmapZvol(fleet: Fleet, nas: NasNode, zvol: string, queue: string): void {
  const found = rowOf(nas.database.zvols, zvol);
  if (found?.remotehost == null) {
    release(nas, zvol);
    const says = found ? `ZVol ${zvol} is not mapped` : `ZVol ${zvol} not found in database`;
    fail(fleet, queue, 'zvol_unmapped', says);
    return;
  }
  if (!lock(fleet, nas, zvol, queue)) return;
  const { remotehost: host, iscsi_target: iqn } = found;
  publish(fleet, host, { action: 'detach', nas: nas.machine, zvol, iqn }, () => {
    // The lock stays: nothing in the roll takes it away again.
    fail(fleet, queue, 'zvol_unmapped', `Compute node ${host} is unavailable`);
  });
}

/** The container let go. What it wrote is fetched now, after the caller has heard of success. */
export function zvolUnmapped(fleet: Fleet, nas: NasNode, told: Told<'zvol_unmapped'>): void {
  const { zvol } = told;
  const { zvols, zvol_calls: calls, sync_queue: jobs } = nas.database;
  const found = rowOf(zvols, zvol);
  const call = rowOf(calls, zvol);
  if (!found || !call) return;
  const refuse = (error: string): void => {
    release(nas, zvol);
    fail(fleet, call.reply_to, 'zvol_unmapped', error);
  };
  if (told.error !== undefined) {
    refuse(`Error detaching iSCSI target from compute node: ${told.error}`);
    return;
  }
  const refused = detach(fleet, nas, found.iscsi_target, !found.sync);
  if (refused !== undefined) {
    refuse(`Error executing tgtadm: ${refused}`);
    return;
  }
  if (!found.sync) release(nas, zvol);
  else {
    const waiting = rowOf(jobs, zvol);
    if (waiting) waiting.is_delete_remote = 1;
    else {
      put(jobs, {
        zvol,
        zpool: found.zpool ?? '',
        remotehost: told.from,
        remotepool: found.remotepool,
        is_sending: 0,
        is_delete_remote: 1,
        time: secondsOf(fleet),
      });
    }
  }
  answer(fleet, call.reply_to, { action: 'zvol_unmapped', status: 'success' });
}

/** The container has the image to itself. Whether it said success or an error is not looked at. */
export function zvolSynced(fleet: Fleet, nas: NasNode, zvol: string): void {
  const found = rowOf(nas.database.zvols, zvol);
  // A target that somebody else has in use stays, and with it the lock.
  if (found && detach(fleet, nas, found.iscsi_target, false) === undefined) release(nas, zvol);
}

/** Destroys an image, with all of its snapshots. */
export function delZvol(
  fleet: Fleet,
  nas: NasNode,
  { pool, zvol }: { readonly pool: string; readonly zvol: string },
  queue: string,
): void {
  if (!lock(fleet, nas, zvol, queue)) {
    fail(fleet, queue, 'zvol_deleted', `ZVol ${zvol} is busy`);
    return;
  }
  const found = rowOf(nas.database.zvols, zvol);
  const refused = !found
    ? `ZVol ${zvol} not found in database`
    : found.remotehost !== null
      ? `Error deleting zvol ${zvol}: is mapped`
      : destroyDataset(fleet, nas, `${pool}/${zvol}`, true);
  release(nas, zvol);
  if (refused !== undefined) {
    const argv = `['zfs', 'destroy', u'${pool}/${zvol}', '-r']`;
    const isTool = found?.remotehost === null;
    fail(fleet, queue, 'zvol_deleted', isTool ? `Error executing ${argv}: ${refused}` : refused);
    return;
  }
  drop(nas.database.zvolattrs, zvol);
  drop(nas.database.zvols, zvol);
  answer(fleet, queue, { action: 'zvol_deleted', status: 'success' });
}

/** Takes a target away, and from the row; undefined: it was done. */
export function detach(
  fleet: Fleet,
  nas: NasNode,
  iqn: string | null,
  forgetHost: boolean,
): string | undefined {
  const target = nas.targets.find((one) => one.iqn === iqn);
  const refused = target && deleteTarget(fleet, nas, target.tid, false);
  if (refused !== undefined) return refused;
  for (const found of nas.database.zvols.rows) {
    if (iqn === null || found.iscsi_target !== iqn) continue;
    found.iscsi_target = null;
    if (forgetHost) Object.assign(found, { remotehost: null, remotepool: null });
  }
  return undefined;
}

/** How a NAS is reached for data: by its name in the network that is for it, where there is one. */
export function portalOf(fleet: Fleet, { machine }: NasNode): string {
  const network =
    fleet.rocks?.roll === 'current'
      ? attributeOf(fleet.rocks, machine, 'imgstorage-network')
      : undefined;
  return network === undefined ? machine : `${machine}.${network}`;
}
