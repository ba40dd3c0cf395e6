import type { FstabEntry } from '../../files/fstab.js';
import type { MountEntry } from '../../tools/mountinfo.js';

/** What a host tells of its file systems. */
export interface FileSystems {
  readonly mounts: readonly MountEntry[];
  readonly fstab: readonly FstabEntry[];
}

/** Whether a path lies in a folder, or is it. */
export function liesIn(path: string, folder: string): boolean {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  return path === folder || path.startsWith(base);
}

/** What is mounted where a path lies; of several on top of each other the uppermost. */
export function mountOf({ mounts }: FileSystems, path: string): MountEntry | undefined {
  return mounts
    .filter(({ point }) => liesIn(path, point))
    .reduce<MountEntry | undefined>(
      (best, mount) => (best && best.point.length > mount.point.length ? best : mount),
      undefined,
    );
}

/** What fstab says is to be mounted where a path lies. */
function entryOf({ fstab }: FileSystems, path: string): FstabEntry | undefined {
  return fstab
    .filter(({ target }) => target.startsWith('/') && liesIn(path, target))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
}

/**
 * What fstab has for a path and is not mounted: what is written there now lands on the file system
 * beneath, mostly that of the root.
 */
export function missingMount(systems: FileSystems, path: string): FstabEntry | undefined {
  const entry = entryOf(systems, path);
  const mount = mountOf(systems, path);
  return entry && mount && entry.target.length > mount.point.length ? entry : undefined;
}

/** Whether a path's storage is there when libvirtd starts the pools at boot, and why not. */
export type AtBoot = { readonly there: true } | { readonly there: false; readonly because: string };

/** File systems that need a cluster or a server before they can be mounted. */
const NEEDS_OTHERS =
  /^(?:ocfs2|gfs2|nfs4?|cifs|smb3|ceph|glusterfs|lustre|9p|fuse(?:\.(?!ntfs|exfat).*)?)$/;

/**
 * Judges it by fstab. A pool whose file system is not there when libvirtd starts is started all the
 * same on the bare folder, and what is written to it lands beneath the mount.
 */
export function atBoot(systems: FileSystems, path: string): AtBoot {
  const entry = entryOf(systems, path);
  const mount = mountOf(systems, path);
  const target = entry?.target ?? '/';
  if (mount && mount.point.length > target.length) {
    return no(`${mount.point} is not in fstab: what mounts it may come after libvirtd`);
  }
  if (!entry || entry.target === '/') return { there: true };
  const { source, type, options } = entry;
  if (options.includes('x-systemd.automount')) return { there: true };
  if (options.includes('noauto')) return no(`${target} is not mounted at boot (noauto)`);
  if ([source, mount?.source].some((one) => one?.startsWith('/dev/drbd'))) {
    return no(`${target} lies on DRBD, which nothing makes Primary before libvirtd starts`);
  }
  if (NEEDS_OTHERS.test(type)) {
    return no(`${target} is ${type}, which is mounted only once others answer`);
  }
  if (options.includes('_netdev')) {
    return no(`${target} waits for the network (_netdev)`);
  }
  return { there: true };
}

function no(because: string): AtBoot {
  return { there: false, because };
}
