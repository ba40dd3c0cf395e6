import type { Steps } from '../../../core/plan-steps.js';
import { standing } from '../../../tools/iscsi-session.js';
import { unmerged } from '../../../steps/device-mapper/mapped.js';
import { iscsiDiskPath } from '../../../steps/iscsi/log-in.js';
import { zvolPath } from '../../../steps/zfs/names.js';
import { writtenBeside } from '../newest.js';
import type { Situation } from './look.js';
import { lastingTable, ownSnapshot, wayOf } from './names.js';
import { ownDevice } from './own.js';

const SECTOR = 512;

/** Sectors of a chunk, as the roll makes its snapshots (imgstoragevm.py). */
const CHUNK = 16;

/** Frees the container's device and takes it away: what it stands on stays as it is. */
export function removeDevice(steps: Steps, found: Situation): void {
  const { far, container, guest, table } = found;
  const device = far?.device;
  if (!device || container.host === undefined || table === undefined) return;
  const { name } = device;
  if (device.suspended === true) steps.add(container.host, 'device-mapper.resume', { name, table });
  if (guest !== undefined) steps.add(container.host, 'guest.shut-down', { guest });
  const again = lastingTable(found);
  steps.add(container.host, 'device-mapper.remove', {
    name,
    table,
    ...(again !== undefined && { again }),
  });
}

/** Ends the merge of a run of the guide that was left half way, unless this one goes on with it. */
export function endOwn(steps: Steps, { container, own }: Situation, goesOn: boolean): void {
  if (!own || container.host === undefined) return;
  const { name, table } = own;
  if (unmerged(own.filling) === 0) steps.add(container.host, 'device-mapper.end-merge', { name });
  else if (!goesOn) steps.add(container.host, 'device-mapper.remove', { name, table });
}

/** What was written beside is merged into the container's own volume. */
export function mergeHere(steps: Steps, found: Situation): void {
  const { far } = found;
  if (!far?.local) return;
  mergeInto(steps, found, zvolPath(far.local.name));
}

/**
 * What was written beside goes to where it belongs: into the NAS's image, over iSCSI. As it was before it
 * is kept as a snapshot on the NAS.
 */
export function mergeToNas(steps: Steps, found: Situation): void {
  const { image, nas, far, container } = found;
  const way = wayOf(found);
  if (!way || !image.volume || nas.host === undefined || container.host === undefined) return;
  const up = far?.session && standing(far.session) === 'up' && image.target !== undefined;
  if (far?.session && !up) steps.add(container.host, 'iscsi.log-out', { ...way });
  if (!image.target) {
    const acl = nas.other === undefined ? [] : [nas.other];
    const backing = `/dev/${image.volume.name}`;
    steps.add(nas.host, 'iscsi.make-target', { target: way.target, backing, acl });
  }
  if (!up) steps.add(container.host, 'iscsi.log-in', { ...way });
  const { name: volume, guid } = image.volume;
  steps.add(nas.host, 'zfs.snapshot', { volume, guid, name: ownSnapshot(found) });
  mergeInto(steps, found, iscsiDiskPath(way));
}

function mergeInto(
  steps: Steps,
  { image, far, container, memory }: Situation,
  origin: string,
): void {
  const { host } = container;
  const { device, temp } = far ?? {};
  if (host === undefined || !temp) return;
  const size = temp.size === null ? undefined : Math.floor(temp.size / SECTOR);
  const sectors = device?.sectors ?? size;
  if (sectors === undefined) return;
  const name = ownDevice(image);
  const known = device && writtenBeside(device);
  const left = known ?? (memory?.ok === true ? memory.memory.bytes : 0);
  const table = { name, sectors, origin, memory: zvolPath(temp.name), chunk: CHUNK };
  steps.add(host, 'device-mapper.merge', table);
  steps.add(host, 'device-mapper.wait-merged', { name, from: Math.ceil(left / SECTOR) });
  steps.add(host, 'device-mapper.end-merge', { name });
}

/** Whoever else of ours is logged in goes first: a disk that is used there ends the run before all else. */
export function logOutElsewhere(steps: Steps, { image, container }: Situation): void {
  for (const { session, container: other } of image.leftovers) {
    if (!session || other.host === undefined || other.host === container.host) continue;
    steps.add(other.host, 'iscsi.log-out', { target: session.target, portal: session.portal });
  }
}

/** The container's session and the target are ended. */
export function endIscsi(steps: Steps, found: Situation, throwsOut: readonly string[]): void {
  const { image, nas, far, container } = found;
  const way = wayOf(found);
  const begun = steps.list.some(({ kind }) => kind === 'iscsi.log-in');
  if (way && container.host !== undefined && (far?.session || begun)) {
    steps.add(container.host, 'iscsi.log-out', { ...way });
  }
  if (nas.host === undefined) return;
  const made = steps.list.some(({ kind }) => kind === 'iscsi.make-target');
  const { target } = image;
  if (target) {
    const backing = target.stores.join(', ') || null;
    const acl = [...target.allowed];
    const params = { target: target.name, backing, acl, throwsOut: [...throwsOut] };
    steps.add(nas.host, 'iscsi.remove-target', params);
  } else if (made && way && image.volume) {
    const acl = nas.other === undefined ? [] : [nas.other];
    const params = { target: way.target, backing: `/dev/${image.volume.name}`, acl, throwsOut: [] };
    steps.add(nas.host, 'iscsi.remove-target', params);
  }
}
