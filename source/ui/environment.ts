import { FailureError } from '../core/failure.js';

/** The variables that decide how the console looks, as `process.env` has them. */
export type Environment = Record<string, string | undefined>;

/**
 * Makes the environment fit for Ink and React, which read it when they are loaded: in a CI
 * environment Ink writes nothing, React's development build is twice as slow, and the colour
 * library behind Ink does not know NO_COLOR.
 */
export function prepareEnvironment(env: Environment): void {
  delete env.CI;
  delete env.CONTINUOUS_INTEGRATION;
  env.NODE_ENV ??= 'production';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') env.FORCE_COLOR = '0';
}

/** Refuses a terminal on which a full screen cannot be drawn. */
export function requireTerminal(
  stdin: { readonly isTTY?: boolean },
  stdout: { readonly isTTY?: boolean },
  env: Environment,
): void {
  const dumb = env.TERM === 'dumb';
  if (stdin.isTTY === true && stdout.isTTY === true && !dumb) return;
  throw new FailureError({
    what: dumb ? 'the terminal cannot move its cursor (TERM=dumb)' : 'there is no terminal',
    where: 'the console',
    means: 'A full screen cannot be drawn here.',
    todo: 'Run `holdfast status` for the same facts as plain text.',
  });
}
