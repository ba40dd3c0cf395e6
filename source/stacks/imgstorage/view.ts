import { groupBy } from '../../core/group.js';
import type { Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import type { IscsiTarget } from '../../tools/tgt-targets.js';
import type { Dataset } from '../../tools/zfs.js';
import { datasets, emptyFar, isImage, snapshotsOf, tracesOf, type Far } from './far.js';
import { containerOf, hostsIn, nasOf, rocksName, type Container, type Nas } from './hosts.js';
import { machinesProbe, mapsProbe, nasNames } from './probes/frontend.js';
import type { Lock, NasJob, NasRow, Schedule } from './read/database.js';
import type { MapEntry } from './read/rocks.js';
import { imageOf, shortName, targetOf } from './roll.js';
import { findIn } from './seen.js';

/** An image on a NAS, with all that its NAS and its containers have of it. */
export interface Image {
  readonly nas: Nas;
  readonly zvol: string;
  /** `nas-0-0:vol1`, drawable: what findings and rows are named by. */
  readonly subject: string;
  /** The virtual machine whose first disk it is; undefined: none, or not known. */
  readonly vm?: string;
  /** From the NAS's own database; else from what its daemon told the frontend. */
  readonly row?: NasRow;
  /** The frontend's copy of the map says it: no more than its columns is known. */
  readonly secondHand: boolean;
  readonly job?: NasJob;
  readonly lock?: Lock;
  readonly schedule?: Schedule;
  readonly target?: IscsiTarget;
  readonly volume?: Dataset;
  /** Snapshots of it on the NAS, the oldest first. */
  readonly snapshots: readonly Dataset[];
  /** The container that it is mapped to, as the row says. */
  readonly far?: Far;
  /** Other containers that have something of it. */
  readonly leftovers: readonly Far[];
}

/** All that belongs to the roll at one moment. */
export interface RollPicture {
  readonly nas: readonly Nas[];
  readonly containers: readonly Container[];
  readonly images: readonly Image[];
}

const pictures = new WeakMap<Now, RollPicture>();

/** Every NAS, container and image of the fleet; made once for a moment. */
export function picture(now: Now): RollPicture {
  const known = pictures.get(now) ?? join(now);
  pictures.set(now, known);
  return known;
}

function join(now: Now): RollPicture {
  const machines = now.known(machinesProbe).map(({ value }) => value);
  const maps = new Map(now.known(mapsProbe).flatMap(({ value }) => [...value]));
  const nas = unique([
    ...hostsIn(now, 'nas').map((host) => rocksName(now, host)),
    ...machines.flatMap(nasNames),
    ...maps.keys(),
  ]).map((name) => nasOf(now, name));
  const mapped = nas.flatMap((one) => rowsOf(one, maps.get(one.name)));
  const containers = unique([
    ...hostsIn(now, 'container').map((host) => rocksName(now, host)),
    ...mapped.flatMap(({ remoteHost }) => remoteHost ?? []),
  ]).map((name) => containerOf(now, name));
  const vms = new Map(
    machines.flatMap((one) =>
      one.nas.flatMap(({ vm, nas: on }): [string, string][] =>
        on === null ? [] : [[`${on}:${imageOf(vm)}`, vm]],
      ),
    ),
  );
  const images = nas.flatMap((one) => imagesOf(one, maps.get(one.name), containers, nas, vms));
  return { nas, containers, images };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(shortName))].sort();
}

/** The rows of a NAS: its own, else those that its daemon told the frontend. */
function rowsOf(nas: Nas, map: readonly MapEntry[] | undefined): readonly NasRow[] {
  return nas.tables.ok ? nas.tables.value.rows : (map ?? []).map(rowFrom);
}

function rowFrom(entry: MapEntry): NasRow {
  return {
    zvol: entry.zvol,
    zpool: entry.zpool,
    target: entry.target,
    remoteHost: entry.host,
    remotePool: entry.remotePool ?? null,
    // The map does not tell: what is mapped without a target works on its own copy.
    sync: entry.host !== null && (entry.target === null || entry.state !== 'mapped'),
  };
}

function jobFrom(entry: MapEntry, at: number): NasJob | undefined {
  if (!/^NAS(?:->|<-)VM/.test(entry.state)) return undefined;
  return {
    zvol: entry.zvol,
    zpool: entry.zpool ?? '',
    remoteHost: entry.host,
    remotePool: entry.remotePool ?? null,
    way: entry.state === 'NAS->VM' ? 'to-container' : 'to-nas',
    last: !entry.state.endsWith('sched'),
    since: at - (entry.seconds ?? 0),
  };
}

function imagesOf(
  nas: Nas,
  map: readonly MapEntry[] | undefined,
  containers: readonly Container[],
  all: readonly Nas[],
  vms: ReadonlyMap<string, string>,
): readonly Image[] {
  const tables = nas.tables.ok ? nas.tables.value : undefined;
  const rows = new Map(rowsOf(nas, map).map((row) => [row.zvol, row]));
  const entries = new Map(map?.map((entry) => [entry.zvol, entry]));
  const jobs = new Map(tables?.jobs.map((job) => [job.zvol, job]));
  const locks = new Map(tables?.locks.map((lock) => [lock.zvol, lock]));
  const schedules = new Map(tables?.schedules.map((one) => [one.zvol, one]));
  const traces = groupBy(
    containers.flatMap((container) => tracesOf(container, nas, all)),
    ({ zvol }) => zvol,
  );
  const names = new Set([...rows.keys(), ...jobs.keys(), ...locks.keys(), ...traces.keys()]);
  return [...names].sort().map((zvol): Image => {
    const row = rows.get(zvol);
    const entry = entries.get(zvol);
    const job = jobs.get(zvol) ?? (!tables && entry && jobFrom(entry, nas.at ?? 0));
    const lock = locks.get(zvol);
    const schedule = schedules.get(zvol);
    const name = row?.target ?? targetOf(nas.name, zvol);
    const target = findIn(nas.targets, (one) => one.name === name);
    const path = row?.zpool == null ? undefined : `${row.zpool}/${zvol}`;
    const volume = datasets(nas).find((one) => isImage(one, path, zvol));
    const vm = vms.get(`${nas.name}:${zvol}`);
    const fars = (traces.get(zvol) ?? []).map(({ far }) => far);
    const host = row?.remoteHost == null ? undefined : shortName(row.remoteHost);
    const container = containers.find((one) => one.name === host);
    const far = fars.find((one) => one.container.name === host) ?? emptyFar(container);
    return {
      nas,
      zvol,
      subject: clean(`${nas.name}:${zvol}`),
      secondHand: !tables,
      snapshots: snapshotsOf(nas, volume),
      leftovers: fars.filter((one) => one.container.name !== host),
      ...(vm !== undefined && { vm }),
      ...(row && { row }),
      ...(job && { job }),
      ...(lock && { lock }),
      ...(schedule && { schedule }),
      ...(target && { target }),
      ...(volume && { volume }),
      ...(far && { far }),
    };
  });
}
