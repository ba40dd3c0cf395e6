import { FailureError } from '../../core/failure.js';

/** What the demo uses of just-bash. */
export type JustBash = Pick<
  typeof import('just-bash'),
  | 'Bash'
  | 'InMemoryFs'
  | 'MountableFs'
  | 'decodeBytesToUtf8'
  | 'defineCommand'
  | 'latin1FromBytes'
  | 'parse'
>;

/** Loads the shell of the simulated machines. Rejects with how to install it, where it is missing. */
export async function loadJustBash(): Promise<JustBash> {
  try {
    return await import('just-bash');
  } catch (error) {
    throw new FailureError({
      what: 'the package just-bash could not be loaded',
      where: 'holdfast demo',
      means: `The simulated machines use it as their shell. ${error instanceof Error ? error.message : ''}`,
      todo: 'Install it beside Holdfast with `npm install just-bash@3.4.2`.',
    });
  }
}
