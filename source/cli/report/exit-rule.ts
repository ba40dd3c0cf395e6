import { openProblems, type World } from '../../engine/watch/world.js';
import { EXIT, type ExitCode } from '../exit.js';

/**
 * What a look at a cluster ends with. No host answered: unknown, whatever is said about the hosts
 * themselves, since nothing is known about the storage. Else the gravest problem that is neither
 * muted nor acknowledged. Without one: unknown while something is missing from the picture (a host,
 * a reading, a storage system that says nothing or that was not found at all), fine if nothing is.
 */
export function exitFor(world: World): ExitCode {
  if (!world.hosts.some((host) => host.phase === 'up')) return EXIT.unknown;
  const open = openProblems(world);
  if (open.some((problem) => problem.severity === 'alert')) return EXIT.alert;
  if (open.some((problem) => problem.severity === 'warning')) return EXIT.warning;
  return isWhole(world) ? EXIT.fine : EXIT.unknown;
}

function isWhole(world: World): boolean {
  return (
    world.complete &&
    (world.stacks.some(({ everywhere }) => everywhere !== true) ||
      world.hosts.some(({ told }) => told === true)) &&
    world.stacks.every(({ summary }) => summary.tone !== 'unknown') &&
    world.hosts.every((host) => host.phase === 'up') &&
    world.readings.every(
      (reading) =>
        reading.kind === 'absent' || (reading.kind === 'fresh' && reading.partial === undefined),
    )
  );
}
