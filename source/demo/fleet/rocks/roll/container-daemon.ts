import type { Fleet } from '../../state.js';
import { later, publish, work } from './broker.js';
import { holderOf } from '../storage/devices.js';
import { discover, login, logout } from '../storage/iscsi.js';
import { createDevice, removeDevice } from '../storage/mapper.js';
import { gigabytes, type Message } from './messages.js';
import type { ContainerNode } from '../state.js';
import { put, rowOf } from '../tables.js';
import { createVolume, destroyDataset } from '../storage/zfs.js';

type Told<A extends Message['action']> = Extract<Message, { action: A }>;

/** The table's size of an image: sectors of the gigabytes that were asked for. */
function sectorsOf(size: string): number {
  return gigabytes(size) / 512;
}

/** Logs in to an image's target, and where it is to be copied puts a snapshot over it. */
export function mapOnContainer(fleet: Fleet, node: ContainerNode, told: Told<'attach'>): void {
  const { nas, iqn, zvol } = told;
  const answer = (rest: { readonly bdev?: string; readonly error?: string }): void => {
    publish(fleet, nas, { action: 'zvol_mapped', from: node.machine, iqn, ...rest });
  };
  const disk = connect(fleet, node, told.portal, iqn);
  if (disk.refused !== undefined) {
    answer({ error: disk.refused });
    return;
  }
  const pool = told.remotePool;
  const known = { zpool: pool, nas: told.portal, iscsi_target: iqn, sync: Number(told.sync) };
  put(node.database.zvols, { zvol, ...known });
  const bdev = `/dev/${disk.name}`;
  if (!told.sync) {
    later(fleet, node, 600, () => answer({ bdev }));
    return;
  }
  // Whatever lies there by that name is destroyed, newer or not; that it may fail is not looked at.
  const local = `${pool ?? ''}/${zvol}`;
  destroyDataset(fleet, node, local, true);
  const size = gigabytes(told.size);
  const refused =
    createVolume(fleet, node, local, { size }) ??
    createVolume(fleet, node, `${local}-temp-write`, { size, sparse: true });
  if (refused !== undefined) {
    answer({ error: `Error executing zfs: ${refused}` });
    return;
  }
  // The kernel is given two seconds to make the nodes of the volumes.
  later(fleet, node, 2600, () => {
    const failure = createDevice(fleet, node, `${zvol}-snap`, {
      target: 'snapshot',
      sectors: sectorsOf(told.size),
      origin: bdev,
      cow: `/dev/zvol/${local}-temp-write`,
      persistent: 'P',
    });
    if (failure === undefined) answer({ bdev: `/dev/mapper/${zvol}-snap` });
    else answer({ error: `Error executing dmsetup: ${failure}` });
  });
}

type Connected =
  { readonly name: string; readonly refused?: undefined } | { readonly refused: string };

function connect(fleet: Fleet, node: ContainerNode, portal: string, iqn: string): Connected {
  const shown = discover(fleet, node, portal);
  if ('exit' in shown) return { refused: `Error executing iscsiadm: ${shown.says}` };
  if (!shown.some((line) => line.includes(iqn))) {
    return { refused: `Could not find iSCSI target ${iqn} on compute node ${portal}` };
  }
  const session = login(fleet, node, iqn);
  if ('exit' in session) return { refused: `Error executing iscsiadm: ${session.says}` };
  return { name: session.disk };
}

/**
 * Lets go of an image. While somebody has its device open the handler waits, and with it all that the
 * daemon does.
 */
export function unmapOnContainer(
  fleet: Fleet,
  node: ContainerNode,
  told: Told<'detach'>,
): 'blocks' | undefined {
  const { zvol, iqn, nas } = told;
  const answer = (error?: string): void => {
    const outcome = error === undefined ? {} : { error };
    publish(fleet, nas, { action: 'zvol_unmapped', from: node.machine, zvol, ...outcome });
  };
  const row = rowOf(node.database.zvols, zvol);
  if (!row || row.sync === 0) {
    const session = node.sessions.find((one) => one.iqn === iqn);
    if (session && iqn !== null) logout(node, iqn);
    answer();
    return undefined;
  }
  const name = `${zvol}-snap`;
  if (holderOf(fleet, node, `/dev/mapper/${name}`) !== undefined) {
    waitUntilClosed(fleet, node, told);
    return 'blocks';
  }
  const refused = removeDevice(fleet, node, name);
  answer(refused && `Error executing dmsetup: ${refused}`);
  return undefined;
}

function waitUntilClosed(fleet: Fleet, node: ContainerNode, told: Told<'detach'>): void {
  later(fleet, node, 500, () => {
    if (holderOf(fleet, node, `/dev/mapper/${told.zvol}-snap`) !== undefined) {
      waitUntilClosed(fleet, node, told);
      return;
    }
    node.daemon.busy = false;
    node.daemon.inbox.unshift(told);
    work(fleet, node);
  });
}
