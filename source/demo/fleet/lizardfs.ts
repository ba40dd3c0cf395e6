import { masterAt, metadataPasses, servingMasters } from './metadata-servers.js';
import { isAlive, type Fleet } from './state.js';
import type { ChunkDisk, ChunkGroup, Chunkserver, LizardFs } from './lizardfs-state.js';

/** A disk and the server it is in. */
export interface PlacedDisk {
  readonly server: Chunkserver;
  readonly disk: ChunkDisk;
}

/** Whether the master runs on a living machine. */
export function masterRuns(fleet: Fleet): boolean {
  return servingMasters(fleet).length > 0;
}

/** All disks whose chunks can be read now. */
export function livingDisks(lizard: LizardFs): ReadonlyMap<string, PlacedDisk> {
  const living = new Map<string, PlacedDisk>();
  for (const server of lizard.chunkservers) {
    if (!server.connected) continue;
    for (const disk of server.disks) if (!disk.damaged) living.set(disk.id, { server, disk });
  }
  return living;
}

/** How many copies of a group's chunks can be read now. */
export function copiesOf(group: ChunkGroup, living: ReadonlyMap<string, unknown>): number {
  return group.holders.filter((id) => living.has(id)).length;
}

/** How many chunk copies lie on a disk. */
export function chunksOn(lizard: LizardFs, disk: string): number {
  return lizard.groups
    .filter((group) => group.holders.includes(disk))
    .reduce((sum, group) => sum + group.count, 0);
}

/** A disk of a chunkserver starts to fail: its copies are gone, the server says so. */
export function damageDisk(fleet: Fleet, id: string, damaged: boolean): void {
  for (const server of fleet.lizardfs.chunkservers) {
    for (const disk of server.disks) {
      if (disk.id !== id) continue;
      disk.damaged = damaged;
      disk.lastError = damaged ? fleet.clock.now : 0;
    }
  }
}

/** A read of a disk fails once: the chunkserver notes it and goes on using the disk. */
export function failOnce(fleet: Fleet, id: string): void {
  const disks = fleet.lizardfs.chunkservers.flatMap((server) => server.disks);
  const disk = disks.find((one) => one.id === id);
  if (disk) disk.lastError = fleet.clock.now;
}

/** Time passes: the master sees who is there, and copies and deletes chunks towards their goals. */
export function lizardfsPasses(fleet: Fleet, ms: number): void {
  const lizard = fleet.lizardfs;
  metadataPasses(fleet);
  for (const server of lizard.chunkservers) {
    const here = server.running && isAlive(fleet, server.machine);
    // Without any master nobody sees who is there: what was seen last stays.
    if (masterRuns(fleet)) server.connected = here && masterAt(fleet, server.master) !== undefined;
  }
  if (!masterRuns(fleet)) return;
  lizard.owed += (lizard.pace * ms) / 1000;
  const living = livingDisks(lizard);
  while (lizard.owed >= 1) {
    const budget = Math.floor(lizard.owed);
    const moved = replicateSome(lizard, living, budget) || deleteSome(lizard, living, budget);
    if (moved === 0) {
      lizard.owed = 0;
      return;
    }
    lizard.owed -= moved;
  }
}

/** Copies chunks that have too few copies to a server that has none of them. */
function replicateSome(
  lizard: LizardFs,
  living: ReadonlyMap<string, PlacedDisk>,
  budget: number,
): number {
  for (const group of lizard.groups) {
    const copies = copiesOf(group, living);
    const drains = group.holders.some((id) => living.get(id)?.disk.draining === true);
    // A copy on a disk that is drained counts, and is to be made anew elsewhere.
    if (copies === 0 || (drains ? copies > group.wanted : copies >= group.wanted)) continue;
    const target = [...living.values()].find(
      ({ server, disk }) =>
        disk.draining !== true && !group.holders.some((id) => living.get(id)?.server === server),
    );
    if (!target) continue;
    return move(lizard, group, budget, [...group.holders, target.disk.id]);
  }
  return 0;
}

/** Takes away copies that are more than the goal wants. */
function deleteSome(
  lizard: LizardFs,
  living: ReadonlyMap<string, PlacedDisk>,
  budget: number,
): number {
  for (const group of lizard.groups) {
    if (copiesOf(group, living) <= group.wanted) continue;
    const here = group.holders.filter((id) => living.has(id));
    const drained = here.find((id) => living.get(id)?.disk.draining === true);
    const extra = drained ?? here.at(-1);
    return move(
      lizard,
      group,
      budget,
      group.holders.filter((id) => id !== extra),
    );
  }
  return 0;
}

/** Moves some chunks of a group to where their copies now lie. */
function move(
  lizard: LizardFs,
  group: ChunkGroup,
  budget: number,
  holders: readonly string[],
): number {
  const moved = Math.min(group.count, budget);
  group.count -= moved;
  const key = [...holders].sort().join(' ');
  const there = lizard.groups.find(
    (other) => other.goal === group.goal && [...other.holders].sort().join(' ') === key,
  );
  if (there) there.count += moved;
  else lizard.groups.push({ goal: group.goal, wanted: group.wanted, holders, count: moved });
  lizard.groups = lizard.groups.filter((other) => other.count > 0);
  return moved;
}
