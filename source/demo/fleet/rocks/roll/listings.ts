import type { Fleet } from '../../state.js';
import { answer } from './broker.js';
import { servedBy } from '../storage/devices.js';
import { cowOf, filling } from '../storage/mapper.js';
import type { ContainerNode, NasNode } from '../state.js';
import { rowOf, type Value } from '../tables.js';

/** A row of `rocks list host storagemap`, before it is put into words. */
export type ListedImage = Readonly<Record<string, Value>>;

/** What a NAS tells of its images: nothing but its tables. */
export function listImages(fleet: Fleet, { database }: NasNode, queue: string): void {
  const body = database.zvols.rows.map((row): ListedImage => {
    const job = rowOf(database.sync_queue, row.zvol);
    return {
      ...row,
      is_sending: job?.is_sending ?? null,
      is_delete_remote: job?.is_delete_remote ?? null,
      time: job?.time ?? null,
      nextsync: rowOf(database.zvolattrs, row.zvol)?.nextsync ?? null,
      locked: rowOf(database.zvol_calls, row.zvol)?.zvol ?? null,
    };
  });
  answer(fleet, queue, { action: 'zvol_list', status: 'success', body });
}

/** What holds for all images of a NAS. */
export function listGlobals(fleet: Fleet, { database }: NasNode, queue: string): void {
  const body = database.globals.rows.map((row) => ({ ...row }));
  answer(fleet, queue, { action: 'get_attrs', status: 'success', body });
}

/**
 * What a container tells of its devices. Two things that it does not expect end the handler with
 * Python's own words: a snapshot without numbers, and a merge in its table without a device.
 */
export function listDevices(fleet: Fleet, node: ContainerNode, queue: string): void {
  const fail = (error: string): void => answer(fleet, queue, { status: 'error', error });
  const body: Record<string, Value>[] = [];
  const rest = new Set(node.sessions);
  for (const device of node.devices) {
    const { table, name } = device;
    const [, volume] = /([\w-]*)-snap/.exec(name) ?? [];
    if (volume === undefined) continue;
    const cow = cowOf(node, device);
    if (cow && cow.state !== 'valid') {
      fail('list index out of range');
      return;
    }
    const total = cow && table.target !== 'linear' ? totalOf(node, table.cow) : 0;
    const { allocated, metadata } = filling(cow ?? { chunks: 0 });
    const session = node.sessions.find(({ iqn }) => iqn.endsWith(volume));
    if (session) rest.delete(session);
    body.push({
      volume,
      sync: 'sync',
      target: session?.iqn ?? null,
      device: name,
      status: table.target,
      size: Math.floor((table.sectors * 512) / 2 ** 30),
      bdev: session?.disk ?? null,
      started: null,
      synced: cow ? `${allocated}/${total} ${metadata}` : null,
      time: null,
    });
  }
  for (const { zvol, started, time } of node.database.sync_queue.rows) {
    const known = body.find(({ volume }) => volume === zvol);
    if (!known) {
      fail(zvol);
      return;
    }
    Object.assign(known, { started, time });
  }
  [...rest]
    .filter((session) => servedBy(fleet, session))
    .toSorted((a, b) => (a.iqn < b.iqn ? -1 : 1))
    .forEach(({ iqn, disk }, index) => {
      const isSync = node.database.zvols.rows.some((row) => row.iscsi_target === iqn && row.sync);
      const sync = isSync ? 'sync' : 'iscsi';
      body.push({ volume: `volume${index}`, sync, target: iqn, device: disk });
    });
  answer(fleet, queue, { action: 'dev_list', status: 'success', body });
}

function totalOf(node: ContainerNode, path: string): number {
  const name = path.replace('/dev/zvol/', '');
  const volume = node.pools.flatMap(({ datasets }) => datasets).find((one) => one.name === name);
  return (volume?.size ?? 0) / 512;
}
