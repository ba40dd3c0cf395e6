import type { Steps } from '../../../core/plan-steps.js';
import type { Side } from './side.js';

/** What must be stopped on a side before its device is free, in its order. */
export interface Release {
  readonly guests: readonly string[];
  readonly mounts: readonly { readonly target: string; readonly source: string }[];
}

/**
 * What to stop so that nobody uses a side; undefined: somebody uses it who cannot be stopped by a step
 * (swap, a device on top, a daemon), or nobody does.
 */
export function releaseOf({ use, guests, end }: Side): Release | undefined {
  if (use.users.length === 0 || !use.complete) return undefined;
  const sources = new Map(
    end.replica.volumes.flatMap(({ mounts }) => mounts.map(({ at, device }) => [at, device])),
  );
  const mounts: Release['mounts'][number][] = [];
  const stopped = new Set<string>();
  for (const { minor, holds } of use.users) {
    if (!holds) return undefined;
    if (holds.kind === 'guest') stopped.add(holds.name);
    else {
      const source = sources.get(holds.path) ?? `/dev/drbd${minor}`;
      mounts.push({ target: holds.path, source });
      for (const { name, disks } of guests) {
        if (disks.some((disk) => disk.startsWith(`${holds.path}/`))) stopped.add(name);
      }
    }
  }
  if ([...stopped].some((name) => !/^[A-Za-z0-9_][\w.+-]*$/.test(name))) return undefined;
  // What is mounted within another goes first.
  const deepest = mounts.toSorted((a, b) => b.target.length - a.target.length);
  return { guests: [...stopped], mounts: deepest };
}

/** The steps that stop them. */
export function releaseSteps(steps: Steps, host: string, { guests, mounts }: Release): void {
  for (const guest of guests) steps.add(host, 'guest.shut-down', { guest });
  for (const { target, source } of mounts) {
    steps.add(host, 'file-system.unmount', { target, source });
  }
}
