import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { JournalFolder } from '../../engine/run/journal-file.js';

/**
 * Where the journals of runs are kept: `$HOLDFAST_STATE/runs`, else `$XDG_STATE_HOME/holdfast/runs`,
 * else `~/.local/state/holdfast/runs`. The XDG base directory specification lets a relative
 * XDG_STATE_HOME count as not set.
 */
export function runsFolder(env: NodeJS.ProcessEnv): JournalFolder {
  const { HOLDFAST_STATE: own = '', XDG_STATE_HOME: xdg = '' } = env;
  if (own !== '') return new JournalFolder(join(own, 'runs'));
  const base = isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state');
  return new JournalFolder(join(base, 'holdfast', 'runs'));
}

/** `user@machine`: who makes plans and holds locks. */
export function whoIsThis(): string {
  return `${userInfo().username}@${hostname()}`;
}
