import { count, grouped } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { goalsInUse, type GoalState } from '../../findings/chunks.js';
import { valueOf } from '../../tools/question.js';
import type { FoundDisk } from './look.js';

/** A little is kept free: a file system that is full to the last byte fails writes. */
const MARGIN = 1.05;

/** What stands against taking a disk out; empty: nothing. */
export function objections(found: FoundDisk): readonly string[] {
  const { disk, asked } = found;
  const health = valueOf(asked.view.health);
  if (!health) return ['how the chunks stand is not known: the master does not tell'];
  const goals = goalsInUse(health, valueOf(asked.view.goals)?.goals);
  return disk.damaged ? damagedObjections(goals) : drainObjections(found, goals);
}

/** What cannot be read may be on the damaged disk alone. */
function damagedObjections(goals: readonly GoalState[]): readonly string[] {
  return goals.flatMap(({ goal, lost }) =>
    lost > 0
      ? [
          `${grouped(lost)} chunks with goal ${goal} cannot be read, and may be on this disk alone: taken out, they are lost for good. Cure it and reload the chunkserver, or copy it to a new disk first`,
        ]
      : [],
  );
}

function drainObjections(found: FoundDisk, goals: readonly GoalState[]): readonly string[] {
  const { disk, disks } = found;
  if (disk.scanning) return ['it is being scanned: how much is on it is not known yet'];
  const good = disks.filter(
    (one) => one.server !== disk.server && !one.damaged && !one.toDelete && one.totalBytes > 0,
  );
  const others = new Set(good.map(({ server }) => server));
  const free = good.reduce((sum, one) => sum + Math.max(0, one.totalBytes - one.usedBytes), 0);
  const needed = disk.usedBytes * MARGIN;
  return [
    ...(free < needed
      ? [`the other servers have ${bytes(free)} free, and ${bytes(disk.usedBytes)} are on it`]
      : []),
    ...goals.flatMap((state) => tooFew(state, others.size)),
    ...goals.flatMap(({ goal, endangered, lost, single }) => {
      const sick = lost + (single ? 0 : endangered);
      return sick > 0
        ? [
            `${grouped(sick)} chunks with goal ${goal} are endangered or cannot be read: mend that first`,
          ]
        : [];
    }),
  ];
}

/**
 * A part goes to a server that has none of its chunk, and never to another disk of the same server
 * (the master's source): so a goal of three copies needs three servers beside this one.
 */
function tooFew({ goal, shape }: GoalState, others: number): readonly string[] {
  const needs = shape?.servers ?? Number(goal);
  if (!Number.isFinite(needs) || others >= needs) return [];
  return [
    `goal ${goal} needs ${count(needs, 'server')} beside this one, since a chunk is never twice on one server, and there ${others === 1 ? 'is' : 'are'} ${others}: the drain would never end`,
  ];
}
