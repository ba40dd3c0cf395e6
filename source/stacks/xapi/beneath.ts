import type { Pbd, Sr } from './read/lists.js';
import type { LocalFacts } from './read/local-facts.js';
import { mountAt, mountOf, pathInside, plainPath, type MountPoint } from './read/mount-table.js';

/** What lies beneath a PBD on its host. */
export type Beneath =
  /** Its driver mounts nothing here, or what it does is not known here. */
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'unknown' }
  /** The driver's own mount (NFS, SMB, ext). */
  | { readonly kind: 'mounted'; readonly mount: MountPoint }
  /** Attached, says the pool, and nothing is mounted where the driver mounts. */
  | { readonly kind: 'missing'; readonly target: string }
  /** A folder that is bound into place: `file`. */
  | {
      readonly kind: 'folder';
      readonly location: string;
      /** The mount that the folder lies on now. */
      readonly on: MountPoint;
      /** The folder lies in the system's own root: nothing is mounted at it or above it. */
      readonly onRoot: boolean;
      /** What the repository shows: undefined: nothing is bound. */
      readonly bound?: MountPoint;
      /** What is bound is another folder than the one that `location` is now. */
      readonly boundElsewhere: boolean;
    };

/** Drivers that mount at /run/sr-mount/UUID (sm, the drivers' `attach`). */
const MOUNTING = new Set(['nfs', 'ext', 'xfs', 'smb', 'cifs', 'glusterfs', 'cephfs', 'moosefs']);

/** Where a driver mounts or binds a repository. `/var/run` is `/run` on all of them. */
export function mountPointOf(sr: string): string {
  return `/run/sr-mount/${sr}`;
}

/** What lies beneath a PBD, as its host's mounts tell. Nothing is touched to find out. */
export function beneathOf(
  { type, uuid }: Pick<Sr, 'type' | 'uuid'>,
  { config, attached }: Pick<Pbd, 'config' | 'attached'>,
  local: Pick<LocalFacts, 'mounts'> | undefined,
): Beneath {
  const location = config.get('location');
  if (type !== 'file' && !MOUNTING.has(type)) {
    const what = location ?? config.get('device') ?? config.get('target') ?? '';
    return { kind: 'other', what };
  }
  if (!local) return { kind: 'unknown' };
  const target = mountPointOf(uuid);
  const bound = mountAt(local.mounts, target) ?? mountAt(local.mounts, `/var${target}`);
  if (type !== 'file' || location?.startsWith('/') !== true) {
    if (bound) return { kind: 'mounted', mount: bound };
    return attached ? { kind: 'missing', target } : { kind: 'unknown' };
  }
  const path = plainPath(location);
  const on = mountOf(local.mounts, path);
  if (!on) return { kind: 'unknown' };
  const same = bound?.device === on.device && bound.root === pathInside(on, path);
  return {
    kind: 'folder',
    location: path,
    on,
    onRoot: on.target === '/',
    ...(bound && { bound }),
    boundElsewhere: bound !== undefined && !same,
  };
}

/** What lies beneath in a few words. */
export function beneathWords(beneath: Beneath): string {
  switch (beneath.kind) {
    case 'other':
      return beneath.what;
    case 'unknown':
      return 'not known';
    case 'missing':
      return `nothing at ${beneath.target}`;
    case 'mounted':
      return `${beneath.mount.source} (${beneath.mount.type})`;
    case 'folder': {
      const { location, on, onRoot, boundElsewhere } = beneath;
      if (onRoot) return `not mounted: ${location}`;
      if (boundElsewhere) return `mounted too late: ${location}`;
      return `${location} on ${on.source} (${on.type})`;
    }
  }
}

/** The same where there is little room: what is as it should be is said shortest. */
export function beneathShort(beneath: Beneath): string {
  if (beneath.kind !== 'folder' || beneath.onRoot || beneath.boundElsewhere) {
    return beneathWords(beneath);
  }
  return `${beneath.location} (${beneath.on.type})`;
}
