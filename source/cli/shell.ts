import type { HostEntry } from '../core/fleet.js';
import type { ShellChoice } from './parts.js';

/** What `!` runs for a host: `ssh [-F FILE] [-p PORT] [USER@]ADDRESS`, as one would type it. */
export function shellFor(
  entry: HostEntry | undefined,
  sshConfigFile: string | undefined,
  env: NodeJS.ProcessEnv,
): ShellChoice {
  if (!entry) return { refused: 'it is not one of the configured hosts' };
  switch (entry.via) {
    case 'local':
      return { argv: [env.SHELL ?? '/bin/sh'] };
    case 'recorded':
      return { refused: 'it is a recording, not a host' };
    case 'ssh':
      return {
        argv: [
          'ssh',
          ...(sshConfigFile === undefined ? [] : ['-F', sshConfigFile]),
          ...(entry.port === undefined ? [] : ['-p', String(entry.port)]),
          entry.user === undefined ? entry.address : `${entry.user}@${entry.address}`,
        ],
      };
  }
}
