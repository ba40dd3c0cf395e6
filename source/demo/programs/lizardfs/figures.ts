import { chunksOn, copiesOf, livingDisks, type PlacedDisk } from '../../fleet/lizardfs.js';
import { machineNamed, type Fleet } from '../../fleet/state.js';
import type { ChunkDisk, Chunkserver } from '../../fleet/lizardfs-state.js';

/** A chunkserver in numbers; bytes. */
export interface ServerFigures {
  readonly place: string;
  readonly server: Chunkserver;
  readonly chunks: number;
  readonly used: number;
  readonly total: number;
  /** Of the disks that are marked for removal. */
  readonly removed: { readonly chunks: number; readonly used: number; readonly total: number };
  readonly errors: number;
}

/** `10.20.0.11:9422` */
function placeOf(fleet: Fleet, server: Chunkserver): string {
  return `${machineNamed(fleet, server.machine)?.address ?? server.machine}:9422`;
}

/** The chunkservers that the master knows, the newest first, as it lists them. */
export function serverFigures(fleet: Fleet): readonly ServerFigures[] {
  const { lizardfs } = fleet;
  return [...lizardfs.chunkservers].reverse().map((server) => {
    // A damaged disk counts for nothing but errors.
    const good = server.disks.filter(({ damaged }) => !damaged);
    const marked = good.filter(({ draining }) => draining === true);
    const stays = good.filter(({ draining }) => draining !== true);
    const on = (disks: typeof good) =>
      disks.reduce((sum, { id }) => sum + chunksOn(lizardfs, id), 0);
    const all = (disks: typeof good) => disks.reduce((sum, { total }) => sum + total, 0);
    const chunks = on(stays);
    return {
      place: placeOf(fleet, server),
      server,
      chunks,
      used: chunks * lizardfs.chunkSize,
      total: all(stays),
      removed: { chunks: on(marked), used: on(marked) * lizardfs.chunkSize, total: all(marked) },
      errors: 2 * (server.disks.length - good.length),
    };
  });
}

/** A disk in numbers; bytes, and seconds since 1970. */
export interface DiskFigures {
  readonly place: string;
  readonly disk: ChunkDisk;
  readonly chunks: number;
  readonly used: number;
  readonly errorChunk: number;
  readonly errorTime: number;
}

/** The disks of the connected chunkservers. */
export function diskFigures(fleet: Fleet): readonly DiskFigures[] {
  const { lizardfs } = fleet;
  return [...lizardfs.chunkservers]
    .reverse()
    .filter(({ connected }) => connected)
    .flatMap((server) =>
      [...server.disks].reverse().map((disk) => {
        const chunks = chunksOn(lizardfs, disk.id);
        return {
          place: placeOf(fleet, server),
          disk,
          chunks,
          used: chunks * lizardfs.chunkSize,
          errorChunk: disk.lastError > 0 ? 1 : 0,
          errorTime: Math.floor(disk.lastError / 1000),
        };
      }),
    );
}

/** The chunks of one goal: how available they are, and how many copies lack or are too many. */
export interface GoalHealth {
  readonly goal: string;
  readonly safe: number;
  readonly endangered: number;
  readonly lost: number;
  /** Index: copies to make; the last stands for ten and more. */
  readonly replicate: readonly number[];
  readonly remove: readonly number[];
}

/** All goals, in the order of their ids. */
export function goalHealth(fleet: Fleet): readonly GoalHealth[] {
  const living = livingDisks(fleet.lizardfs);
  return GOALS.map(({ name }) => healthOf(fleet, name, living));
}

function healthOf(fleet: Fleet, goal: string, living: ReadonlyMap<string, PlacedDisk>): GoalHealth {
  const health = { safe: 0, endangered: 0, lost: 0 };
  const replicate = new Array<number>(11).fill(0);
  const remove = new Array<number>(11).fill(0);
  for (const group of fleet.lizardfs.groups) {
    if (group.goal !== goal) continue;
    const copies = copiesOf(group, living);
    health[copies === 0 ? 'lost' : copies === 1 ? 'endangered' : 'safe'] += group.count;
    const lacking = Math.max(0, group.wanted - copies);
    const extra = Math.max(0, copies - group.wanted);
    replicate[lacking] = (replicate[lacking] ?? 0) + group.count;
    remove[extra] = (remove[extra] ?? 0) + group.count;
  }
  return { goal, ...health, replicate, remove };
}

/** Files with chunks that cannot be read or are below their goal, one of each kind a goal. */
export function defectiveFiles(
  fleet: Fleet,
): readonly { readonly path: string; readonly flags: number }[] {
  return goalHealth(fleet).flatMap(({ goal, lost, replicate }) => {
    const below = replicate.slice(1).some((count) => count > 0);
    const file = (name: string, flags: number) => ({ path: `/xen-sr/goal-${goal}/${name}`, flags });
    return [
      ...(lost > 0 ? [file('mail server.vhd', 3)] : []),
      ...(below ? [file('web-1.vhd', 2)] : []),
    ];
  });
}

/** The forty goals: those of the demo's mfsgoals.cfg, and the built-in rest. */
export const GOALS: readonly { readonly name: string; readonly definition: string }[] = Array.from(
  { length: 40 },
  (_, index) => {
    const copies = Array.from({ length: Math.min(5, index + 1) }, () => '_').join(' ');
    const definition = index === 0 ? '$std _' : `$std {${copies}}`;
    return { name: String(index + 1), definition };
  },
);

/** All chunks, and all copies of them that can be read. */
export function chunkCounts(fleet: Fleet): { readonly chunks: number; readonly copies: number } {
  const { lizardfs } = fleet;
  const living = livingDisks(lizardfs);
  return {
    chunks: lizardfs.groups.reduce((sum, { count }) => sum + count, 0),
    copies: lizardfs.groups.reduce((sum, group) => sum + group.count * copiesOf(group, living), 0),
  };
}

/** Whether a disk is still being read through: `yes` or `no`. */
export function scanning(fleet: Fleet, { scannedAt = 0 }: ChunkDisk): 'yes' | 'no' {
  return fleet.clock.now < scannedAt ? 'yes' : 'no';
}
