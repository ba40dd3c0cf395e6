import type { Fleet } from '../../state.js';
import { later, publish } from './broker.js';
import { servedBy } from '../storage/devices.js';
import { logout } from '../storage/iscsi.js';
import {
  cowOf,
  deviceNamed,
  filling,
  reloadDevice,
  resumeDevice,
  suspendDevice,
} from '../storage/mapper.js';
import type { Exported } from './messages.js';
import { secondsOf } from './nas-daemon.js';
import { type ContainerNode, type MapperTable } from '../state.js';
import { drop, put, rowOf, type ContainerJob } from '../tables.js';
import { destroyDataset } from '../storage/zfs.js';

/** How often the queue of merges is looked at, ms. */
const CHECK = 10_000;

/** The daemon begins; merges that the kernel goes on with are found in its table. */
export function startContainer(fleet: Fleet, node: ContainerNode): void {
  node.daemon.loops = true;
  loop(fleet, node);
}

/** The copy of an image has arrived: its merge is put into the queue. */
export function syncOnContainer(
  fleet: Fleet,
  node: ContainerNode,
  { zvol, iqn, nas }: Exported,
): void {
  const session = node.sessions.find((one) => one.iqn === iqn);
  const served = session && servedBy(fleet, session);
  if (!session || !served) {
    publish(fleet, nas, { action: 'zvol_synced', zvol });
    return;
  }
  put(node.database.sync_queue, {
    zvol,
    iscsi_target: iqn,
    devsize: served.size / 512,
    reply_to: nas,
    correlation_id: `${zvol}-${fleet.clock.now}`,
    started: 0,
    time: secondsOf(fleet),
  });
}

/** One look at the oldest merge of the queue. What is not foreseen ends the loop for good. */
function loop(fleet: Fleet, node: ContainerNode): void {
  if (node.daemon.busy) {
    later(fleet, node, CHECK, () => loop(fleet, node));
    return;
  }
  const [oldest] = node.database.sync_queue.rows.toSorted((a, b) => a.time - b.time);
  if (oldest && mergeOn(fleet, node, oldest) === 'unforeseen') {
    node.daemon.loops = false;
    return;
  }
  later(fleet, node, CHECK, () => loop(fleet, node));
}

function mergeOn(fleet: Fleet, node: ContainerNode, job: ContainerJob): 'unforeseen' | undefined {
  const { zvol } = job;
  const name = `${zvol}-snap`;
  const pool = rowOf(node.database.zvols, zvol)?.zpool;
  // Without a row the pool's name is taken of nothing, which is not among what is caught.
  if (pool == null) return 'unforeseen';
  const local = `/dev/zvol/${pool}/${zvol}`;
  const sectors = job.devsize;
  const giveUp = (): undefined => {
    drop(node.database.sync_queue, zvol);
    tell(fleet, job);
    return undefined;
  };
  if (job.started === 0) {
    const merge: MapperTable = {
      target: 'snapshot-merge',
      sectors,
      origin: local,
      cow: `${local}-temp-write`,
      persistent: 'P',
    };
    if (switchTo(fleet, node, name, merge) !== undefined) {
      giveUp();
      return;
    }
    job.started = 1;
  }
  const device = deviceNamed(node, name);
  if (!device) {
    giveUp();
    return;
  }
  const cow = cowOf(node, device);
  // `Invalid` has no third number: the daemon's loop does not survive the look.
  if (cow?.state !== 'valid') return 'unforeseen';
  const { allocated, metadata } = filling(cow);
  if (allocated !== metadata) return undefined;
  drop(node.database.sync_queue, zvol);
  const linear: MapperTable = { target: 'linear', sectors, device: local };
  const refused =
    switchTo(fleet, node, name, linear) ??
    destroyDataset(fleet, node, `${pool}/${zvol}-temp-write`, false);
  // Where its volume could not be destroyed, the session is not ended either.
  if (refused === undefined && job.iscsi_target !== null) logout(node, job.iscsi_target);
  tell(fleet, job);
  return undefined;
}

function switchTo(
  fleet: Fleet,
  node: ContainerNode,
  name: string,
  table: MapperTable,
): string | undefined {
  return (
    suspendDevice(node, name) ?? reloadDevice(node, name, table) ?? resumeDevice(fleet, node, name)
  );
}

/** Success and failure are told in one word: the NAS looks at neither. */
function tell(fleet: Fleet, { zvol, reply_to: nas }: ContainerJob): void {
  if (nas !== null) publish(fleet, nas, { action: 'zvol_synced', zvol });
}
