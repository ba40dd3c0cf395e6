import { machineNamed, madeUp, type Fleet } from '../state.js';
import { uuidFor } from '../libvirt.js';
import { discover, login, makeTarget } from './storage/iscsi.js';
import { createDevice } from './storage/mapper.js';
import { secondsOf } from './roll/nas-daemon.js';
import { nodeOf, volumeOf, type Content, type Dataset } from './state.js';
import { put } from './tables.js';
import { PREFIX } from './storage/transfers.js';
import { createVolume, datasetNamed } from './storage/zfs.js';

const GIB = 2 ** 30;

/** An image as a cluster begins with it. */
export interface Plan {
  readonly guest: string;
  /** Which container, and which NAS. */
  readonly on: 0 | 1 | 2;
  readonly nas: 0 | 1;
  readonly pool: string;
  /** GiB. */
  readonly size: number;
  readonly used: number;
  readonly state: 'local' | 'direct' | 'unmapped';
}

/** Makes an image with all that its state has on NAS and container, as the daemons leave it. */
export function layOut(fleet: Fleet, plan: Plan, index: number): void {
  const { guest, pool } = plan;
  const container = nodeOf(fleet, `vm-container-0-${plan.on}`);
  const nas = nodeOf(fleet, `nas-0-${plan.nas}`);
  if (!fleet.rocks || container?.role !== 'container' || nas?.role !== 'nas') return;
  const zvol = volumeOf({ name: guest });
  const size = plan.size * GIB;
  const content: Content = { image: zvol, writes: (index + 1) * 100_000 };
  fleet.rocks.guests.push({
    name: guest,
    container: container.machine,
    gigabytes: plan.size,
    nas: nas.machine,
    pool,
  });
  createVolume(fleet, nas, `${pool}/${zvol}`, { size });
  const stored = datasetNamed(nas, `${pool}/${zvol}`);
  if (stored) fill(fleet, stored, content, plan.used * GIB);
  const row = {
    zvol,
    zpool: pool,
    iscsi_target: null,
    remotehost: null,
    remotepool: null,
    sync: 0,
  };
  put(nas.database.zvols, row);
  const machine = machineNamed(fleet, container.machine);
  if (plan.state === 'unmapped' || !machine) {
    machine?.vms.push({ name: guest, running: false, disk: `/dev/mapper/${zvol}-snap` });
    return;
  }
  const address = `${nas.machine}.local`;
  const known = {
    zpool: 'tank',
    nas: address,
    iscsi_target: `iqn.2001-04.com.${nas.machine}-${zvol}`,
  };
  put(container.database.zvols, { zvol, ...known, sync: plan.state === 'local' ? 1 : 0 });
  if (plan.state === 'direct') {
    const made = makeTarget(nas, zvol, `/dev/${pool}/${zvol}`, machine.address);
    if (!('target' in made)) return;
    discover(fleet, container, address);
    const session = login(fleet, container, made.target.iqn);
    if ('exit' in session) return;
    const mapped = { remotehost: container.machine, remotepool: 'tank' };
    put(nas.database.zvols, { ...row, iscsi_target: made.target.iqn, ...mapped });
    machine.vms.push({ name: guest, running: true, disk: `/dev/${session.disk}` });
    return;
  }
  createVolume(fleet, container, `tank/${zvol}`, { size });
  const local = datasetNamed(container, `tank/${zvol}`);
  if (local && stored) {
    Object.assign(local, { content, referenced: stored.referenced, written: 0 });
    local.snapshots.push(...stored.snapshots);
  }
  createDevice(fleet, container, `${zvol}-snap`, {
    target: 'linear',
    sectors: size / 512,
    device: `/dev/zvol/tank/${zvol}`,
  });
  put(nas.database.zvols, { ...row, remotehost: container.machine, remotepool: 'tank', sync: 1 });
  put(nas.database.zvolattrs, {
    zvol,
    frequency: null,
    nextsync: Math.floor(secondsOf(fleet)) + 60 + index * 45,
    downloadspeed: null,
    uploadspeed: null,
  });
  machine.vms.push({ name: guest, running: true, disk: `/dev/mapper/${zvol}-snap` });
}

/** What an image holds, with the snapshots of its last copies. */
function fill(fleet: Fleet, dataset: Dataset, content: Content, bytes: number): void {
  dataset.referenced = bytes;
  dataset.content = content;
  dataset.written = 0;
  for (const ago of [900, 600, 300]) {
    const at = fleet.clock.now - ago * 1000;
    dataset.snapshots.push({
      name: `${PREFIX}${uuidFor(dataset.name, String(at))}`,
      guid: BigInt(`0x${madeUp(fleet)}`).toString(),
      at,
      content: { ...content, writes: content.writes - ago },
      delta: ago === 900 ? 0 : 66 * 2 ** 20,
    });
  }
  const newest = dataset.snapshots.at(-1);
  if (newest) dataset.snapshots.splice(-1, 1, { ...newest, content });
}
