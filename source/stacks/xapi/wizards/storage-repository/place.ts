import type { Fault } from '../../../../core/form.js';
import { count } from '../../../../core/text.js';
import { mountOf, type MountPoint } from '../../read/mount-table.js';
import type { OurMember } from '../pools.js';
import type { Folder } from './folders.js';
import type { Found } from './look.js';

/** A folder on every host of a pool, as far as it could be seen. */
export interface Place {
  readonly location: string;
  /** The mount that it lies on, of each member. */
  readonly mounts: ReadonlyMap<OurMember, MountPoint>;
  /** What a host saw in it; undefined: no host saw the folder. */
  readonly folder?: Folder;
}

/** File systems that only one host can have mounted. */
const LOCAL = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'tmpfs', 'overlay']);

/** The place of a location, or all that stands against it, host by host with what is there instead. */
export function placeAt(
  found: Found,
  members: readonly OurMember[],
  location: string,
): Place | readonly Fault[] {
  const faults: Fault[] = [];
  const mounts = new Map<OurMember, MountPoint>();
  for (const member of members) {
    const mount = mountOf(member.local?.value.mounts ?? [], location);
    const because = mount ? unfit(mount, location, members.length) : 'its mounts are not known';
    if (because !== undefined) faults.push({ key: 'location', says: `${member.host}: ${because}` });
    else if (mount) mounts.set(member, mount);
  }
  const types = new Set([...mounts.values()].map(({ type }) => type));
  if (faults.length === 0 && types.size > 1) {
    const says = [...mounts].map(([{ host }, { type }]) => `${type} on ${host}`).join(', ');
    faults.push({ key: 'location', says: `it is not the same file system everywhere: ${says}` });
  }
  if (faults.length > 0) return faults;
  const seen = members.flatMap(({ host }) => {
    return found.folders.get(host)?.find(({ path }) => path === location) ?? [];
  });
  const folder = seen.toSorted((a, b) => b.disks - a.disks)[0];
  return { location, mounts, ...(folder && { folder }) };
}

function unfit(mount: MountPoint, location: string, hosts: number): string | undefined {
  const { target, source, type, readOnly } = mount;
  if (target === '/') {
    return `nothing is mounted at ${location} or above it; it would be a folder of the host's own disk (${source})`;
  }
  if (LOCAL.has(type) && hosts > 1) {
    return `${target} is ${source} (${type}), which this host alone has; the ${count(hosts, 'host')} must share it`;
  }
  return readOnly ? `${target} is mounted read-only` : undefined;
}
