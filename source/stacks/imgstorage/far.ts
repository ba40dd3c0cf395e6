import type { IscsiSession } from '../../tools/iscsi-session.js';
import type { MapperDevice } from '../../tools/mapper.js';
import type { Dataset } from '../../tools/zfs.js';
import type { Container, Nas } from './hosts.js';
import type { ContainerRow, MergeJob } from './read/database.js';
import { shortName, SNAP, targetOf, TEMP_WRITE } from './roll.js';

/** What a container has of an image. */
export interface Far {
  readonly container: Container;
  readonly row?: ContainerRow;
  readonly merge?: MergeJob;
  readonly session?: IscsiSession;
  /** The disk that the session brought: `sdc`. */
  readonly disk?: string;
  readonly device?: MapperDevice;
  readonly local?: Dataset;
  readonly temp?: Dataset;
  /** Snapshots of its own volume, the oldest first. */
  readonly snapshots: readonly Dataset[];
}

/** The image's own volume; where its row forgot the pool, the one of its name. */
export function isImage(set: Dataset, path: string | undefined, zvol: string): boolean {
  if (set.type !== 'volume') return false;
  return path === undefined ? set.name.endsWith(`/${zvol}`) : set.name === path;
}

/** The data sets of a host, as far as they are known. */
export function datasets({ volumes }: Nas | Container): readonly Dataset[] {
  return volumes.ok ? volumes.value.datasets : [];
}

/** The snapshots of a volume, the oldest first. */
export function snapshotsOf(on: Nas | Container, of: Dataset | undefined): readonly Dataset[] {
  if (!of) return [];
  return datasets(on)
    .filter(({ type, name }) => type === 'snapshot' && name.startsWith(`${of.name}@`))
    .toSorted((a, b) => (a.created ?? 0) - (b.created ?? 0));
}

/** A container that has nothing of an image yet. */
export function emptyFar(container: Container | undefined): Far | undefined {
  return container && { container, snapshots: [] };
}

/** What a container has of the images of a NAS, by the image. */
export function tracesOf(
  container: Container,
  nas: Nas,
  all: readonly Nas[],
): readonly { readonly zvol: string; readonly far: Far }[] {
  const rows = container.tables.ok ? container.tables.value.rows : [];
  const known = new Set(nas.tables.ok ? nas.tables.value.rows.map(({ zvol }) => zvol) : []);
  const others = all.filter((one) => one !== nas);
  const isOurs = (zvol: string): boolean => {
    const row = rows.find((one) => one.zvol === zvol);
    if (row?.nas != null) return shortName(row.nas) === nas.name;
    if (known.has(zvol)) return true;
    // Nobody says whose it is: with one NAS there is no question.
    return others.length === 0;
  };
  const names = new Set([
    ...sessionsOf(container).flatMap(({ target }) => imageIn(target, nas) ?? []),
    ...tracedNames(container).filter(isOurs),
  ]);
  return [...names].map((zvol) => ({ zvol, far: farOf(container, nas, zvol) }));
}

function sessionsOf({ sessions }: Container): readonly IscsiSession[] {
  return sessions.ok ? sessions.value : [];
}

/** The image of a target of the roll on this NAS; undefined: it is none. */
function imageIn(target: string, nas: Nas): string | undefined {
  const prefix = targetOf(nas.name, '');
  return target.startsWith(prefix) ? target.slice(prefix.length) : undefined;
}

/** Images of which a container has a device, a merge, or what was written beside. */
function tracedNames(container: Container): readonly string[] {
  const devices = container.devices.ok ? container.devices.value.mapped : [];
  const merges = container.tables.ok ? container.tables.value.merges : [];
  const rows = container.tables.ok ? container.tables.value.rows : [];
  const volumes = datasets(container).filter(({ type }) => type === 'volume');
  const leaf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const leaves = new Set(volumes.map(({ name }) => leaf(name)));
  return [
    ...devices.flatMap(({ name }) => (name.endsWith(SNAP) ? [name.slice(0, -SNAP.length)] : [])),
    ...merges.map(({ zvol }) => zvol),
    ...[...leaves].flatMap((one) =>
      one.endsWith(TEMP_WRITE) ? [one.slice(0, -TEMP_WRITE.length)] : [],
    ),
    // Rows stay for ever; one counts where its volume is still there.
    ...rows.flatMap(({ zvol }) => (leaves.has(zvol) ? [zvol] : [])),
  ];
}

function farOf(container: Container, nas: Nas, zvol: string): Far {
  const row = container.tables.ok
    ? container.tables.value.rows.find((one) => one.zvol === zvol)
    : undefined;
  const merge = container.tables.ok
    ? container.tables.value.merges.find((one) => one.zvol === zvol)
    : undefined;
  const session = sessionsOf(container).find(({ target }) => imageIn(target, nas) === zvol);
  const disk = session?.disks[0]?.device;
  const device = container.devices.ok
    ? container.devices.value.mapped.find(({ name }) => name === `${zvol}${SNAP}`)
    : undefined;
  const pool = row?.zpool ?? undefined;
  const volume = (name: string): Dataset | undefined =>
    datasets(container).find((one) =>
      isImage(one, pool === undefined ? undefined : `${pool}/${name}`, name),
    );
  const [local, temp] = [volume(zvol), volume(`${zvol}${TEMP_WRITE}`)];
  return {
    container,
    snapshots: snapshotsOf(container, local),
    ...(row && { row }),
    ...(merge && { merge }),
    ...(session && { session }),
    ...(disk !== undefined && { disk }),
    ...(device && { device }),
    ...(local && { local }),
    ...(temp && { temp }),
  };
}
