import type { ConsoleOptions } from './options.js';
import { prepareEnvironment, requireTerminal } from './environment.js';

export type { Changes, Made, Offered, RunRequest, RunResult } from './changes.js';
export type { ConsoleOptions, ShellChoice } from './options.js';

/**
 * Opens the console on this process's terminal. Resolves when the user has quit and the terminal is
 * as it was; rejects with a `FailureError` where a full screen cannot be drawn.
 */
export async function openConsole(options: ConsoleOptions): Promise<void> {
  requireTerminal(process.stdin, process.stdout, process.env);
  prepareEnvironment(process.env);
  // Ink and React read the environment when they are loaded, so not before it is prepared.
  const { runConsole } = await import('./run-console.js');
  const ended = await runConsole(options, {
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    now: Date.now,
  });
  // Without its terminal a program ends as if it had been hung up on; ending in any other way, Node
  // would try to restore a terminal that is not there.
  if (ended === 'gone') process.kill(process.pid, 'SIGHUP');
}
