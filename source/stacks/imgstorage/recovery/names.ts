import type { Millis } from '../../../core/host.js';
import { iscsiDiskPath } from '../../../steps/iscsi/log-in.js';
import { zvolPath } from '../../../steps/zfs/names.js';
import type { Dataset } from '../../../tools/zfs.js';
import { SNAPSHOT_PREFIX, targetOf } from '../roll.js';
import type { Far } from '../far.js';
import type { Image } from '../view.js';
import type { Situation } from './look.js';

/** `20261120-140211`, in UTC. */
export function stampOf(at: Millis): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** A snapshot of the guide's own; the roll's scripts trim it with theirs. */
export function ownSnapshot({ at }: Situation): string {
  return `${SNAPSHOT_PREFIX}holdfast-${stampOf(at)}`;
}

/** The image's target, and the portal at which the container has or would have its session. */
export interface Way {
  readonly target: string;
  readonly portal: string;
}

/** How the container reaches the image over iSCSI; undefined: the NAS's address is not known there. */
export function wayOf({ image, far, container }: Situation): Way | undefined {
  const target = far?.session?.target ?? image.target?.name ?? nameOf(image);
  const portal = far?.session?.portal ?? (container.other && `${bracketed(container.other)}:3260`);
  return portal === undefined ? undefined : { target, portal };
}

function nameOf({ row, nas, zvol }: Image): string {
  return row?.target ?? targetOf(nas.name, zvol);
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** The table of the container's device by paths that stay the same; undefined: not known. */
export function lastingTable(found: Situation): string | undefined {
  const { far } = found;
  const device = far?.device;
  if (!far || !device) return undefined;
  const local = far.local && zvolPath(far.local.name);
  const temp = far.temp && zvolPath(far.temp.name);
  const way = wayOf(found);
  const start = `0 ${device.sectors}`;
  switch (device.target) {
    case 'snapshot':
      return way && temp && `${start} snapshot ${iscsiDiskPath(way)} ${temp} P 16`;
    case 'snapshot-merge':
      return local && temp && `${start} snapshot-merge ${local} ${temp} P 16`;
    case 'linear':
      return local && `${start} linear ${local} 0`;
    default:
      return undefined;
  }
}

/** The snapshots of a volume of a container, without the volume's name. */
export function snapshotsOf({ container }: Far, { name }: Dataset): readonly string[] {
  const all = container.volumes.ok ? container.volumes.value.datasets : [];
  return all.flatMap((one) =>
    one.type === 'snapshot' && one.name.startsWith(`${name}@`)
      ? [one.name.slice(name.length + 1)]
      : [],
  );
}
