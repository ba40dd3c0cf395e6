import type { Json } from '../../../core/json.js';
import { addFstabEntry, fstabEntries, printFstab, type FstabEntry } from '../../../files/fstab.js';
import type { Steps } from '../../../core/plan-steps.js';
import type { ClientHost } from './look.js';

/** What is to be mounted where. */
export interface Place {
  readonly target: string;
  /** A name or an address. */
  readonly master: string;
  /** Of the file system; `/` is all of it. */
  readonly subfolder: string;
}

/** What keeps a host from mounting at these places; empty: nothing. */
export function mountFaults(host: ClientHost, places: readonly Place[]): readonly string[] {
  if (host.client === undefined) return ['it has no client: install it there first'];
  if (typeOf(host) === undefined)
    return ['mount has no helper for it: the fuse package is missing'];
  return places.flatMap(({ target, master }) => {
    const mounted = host.mounts.find(({ mountPoint }) => mountPoint === target);
    if (mounted && mounted.master.host !== master) {
      return [`${target} is mounted from ${mounted.master.host}`];
    }
    if (!mounted && host.points.includes(target)) return [`something else is mounted at ${target}`];
    const entry = fstabEntries(host.fstab).find((one) => one.target === target);
    if (entry && !isOurs(entry))
      return [`/etc/fstab has another line for ${target}: ${entry.source}`];
    return [];
  });
}

/** The steps that mount for good: folders, one edit of fstab, mounts. What is so already is left out. */
export function addMounts(steps: Steps, host: ClientHost, places: readonly Place[]): void {
  const known = fstabEntries(host.fstab).map(({ target }) => target);
  const fresh = places.filter(({ target }) => !known.includes(target));
  const open = places.filter(({ target }) => {
    return !host.mounts.some(({ mountPoint }) => mountPoint === target);
  });
  for (const { target } of open) steps.add(host.name, 'file.make-folder', { path: target });
  if (fresh.length > 0) steps.add(host.name, 'file.edit', fstabEdit(host, fresh));
  for (const { target, master } of open) {
    steps.add(host.name, 'lizardfs.mount', { target, master });
  }
}

function fstabEdit(host: ClientHost, places: readonly Place[]): Json {
  const after = places.reduce(
    (fstab, place) => addFstabEntry(fstab, entryFor(host, place)),
    host.fstab,
  );
  return {
    path: '/etc/fstab',
    before: host.fstabText,
    after: printFstab(after),
    ...(host.verifies && { checker: ['findmnt', '--verify', '-F', '{}'] }),
  };
}

/**
 * `mfsmount MNT fuse mfsmaster=…` is understood by every generation, since mount.fuse starts the
 * client by its name; `MASTER:/ MNT lzfs` and its like are of newer packages alone (mfsmount(1)).
 * Without `_netdev` it is tried before there is a network, without `nofail` a dead master keeps the
 * host from booting.
 */
function entryFor(host: ClientHost, { target, master, subfolder }: Place): FstabEntry {
  const type = typeOf(host) ?? 'fuse';
  const prefix = host.flavour.family?.prefix ?? 'mfs';
  const base = { target, type, dump: 0, pass: 0 };
  const late = ['_netdev', 'nofail'];
  if (type !== 'fuse') return { ...base, source: `${master}:${subfolder}`, options: late };
  const beneath = subfolder === '/' ? [] : [`${prefix}subfolder=${subfolder}`];
  const options = [`${prefix}master=${master}`, ...beneath, ...late];
  return { ...base, source: host.client ?? `${prefix}mount`, options };
}

function typeOf({ helpers }: ClientHost): string | undefined {
  return helpers.includes('fuse') ? 'fuse' : helpers[0];
}

function isOurs({ source, type }: FstabEntry): boolean {
  return (
    /^(?:mfs|sfs)mount$/.test(source) || /^(?:lzfs|safs|moosefs|fuse\.(?:mfs|sfs)mount)$/.test(type)
  );
}
