import type { Json } from '../../../core/json.js';
import { addFstabEntry, fstabEntries, printFstab, type FstabEntry } from '../../../files/fstab.js';
import type { Steps } from '../../../core/plan-steps.js';
import type { ClientHost } from './look.js';
import { enableUnit, mountUnitEdit, mountUnitName } from './mount-unit.js';

/** What is to be mounted where. */
export interface Place {
  readonly target: string;
  /** A name or an address. */
  readonly master: string;
  /** Of the file system; `/` is all of it. */
  readonly subfolder: string;
  /** A config file of the client for this mount alone, with what stands in it. */
  readonly config?: { readonly path: string; readonly text: string };
}

/** What has it mounted again after a restart: a line in fstab, or a mount unit of systemd. */
export const KEEPERS = ['fstab', 'unit'] as const;

/** What has it mounted again after a restart. */
export type Keeper = (typeof KEEPERS)[number];

/** How the mounts are taken back, in words. */
export const FSTAB_BACK =
  'What was mounted is unmounted, its lines are taken out of fstab, and empty folders are taken away.';
export const UNITS_BACK =
  'What was mounted is unmounted, its units are disabled and taken away, and empty folders too.';

/** What keeps a host from mounting at these places; empty: nothing. */
export function mountFaults(
  host: ClientHost,
  places: readonly Place[],
  keeper: Keeper,
): readonly string[] {
  if (host.client === undefined) return ['it has no client: install it there first'];
  if (typeOf(host) === undefined)
    return ['mount has no helper for it: the fuse package is missing'];
  if (keeper === 'unit' && !host.systemd) return ['systemd does not run it: take fstab'];
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

/**
 * The steps that mount for good: folders, one edit of fstab or a unit for each, mounts. What is so
 * already is left out; a place that fstab or a unit has is kept by that, whatever is chosen.
 */
export function addMounts(
  steps: Steps,
  host: ClientHost,
  places: readonly Place[],
  keeper: Keeper,
): void {
  const { name } = host;
  const known = [...fstabEntries(host.fstab), ...host.units].map(({ target }) => target);
  const fresh = places.filter(({ target }) => !known.includes(target));
  const open = places.filter(({ target }) => {
    return !host.mounts.some(({ mountPoint }) => mountPoint === target);
  });
  for (const { target } of open) steps.add(name, 'file.make-folder', { path: target });
  for (const { config } of fresh) {
    // One that is there may hold a password, so it is neither read nor changed.
    if (!config || host.configs.includes(config.path)) continue;
    steps.add(name, 'file.edit', { path: config.path, before: null, after: config.text });
  }
  if (keeper === 'fstab' && fresh.length > 0) steps.add(name, 'file.edit', fstabEdit(host, fresh));
  for (const place of keeper === 'unit' ? fresh : []) {
    steps.add(name, 'file.edit', mountUnitEdit(entryFor(host, place)));
    steps.add(name, 'command.run', enableUnit(place.target));
  }
  for (const { target, master } of open) {
    const isUnit = fresh.some((one) => one.target === target)
      ? keeper === 'unit'
      : host.units.some((unit) => unit.target === target);
    const unit = isUnit ? { unit: mountUnitName(target) } : {};
    steps.add(name, 'lizardfs.mount', { target, master, ...unit });
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
function entryFor(host: ClientHost, { target, master, subfolder, config }: Place): FstabEntry {
  const type = typeOf(host) ?? 'fuse';
  const prefix = host.flavour.family?.prefix ?? 'mfs';
  const base = { target, type, dump: 0, pass: 0 };
  const late = ['_netdev', 'nofail'];
  if (type !== 'fuse') return { ...base, source: `${master}:${subfolder}`, options: late };
  const own = config ? [`${prefix}cfgfile=${config.path}`] : [`${prefix}master=${master}`];
  const beneath = subfolder === '/' ? [] : [`${prefix}subfolder=${subfolder}`];
  const options = [...own, ...beneath, ...late];
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
