import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** How the names of the folders begin; whose they are follows: `<pid>@<machine>-`. */
export const OWNED = 'holdfast-demo-';

/**
 * Where a process number means one process: this machine, and on Linux the process namespace in it,
 * since a namespace may share /tmp and the machine's name with others whose processes it cannot see.
 */
export function whose(): string {
  try {
    const [space = ''] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return `${hostname()}.${space}`;
  } catch {
    return hostname();
  }
}

/**
 * Takes away what demos of this user left behind that were killed: folders of theirs whose process
 * is gone. Those of other machines or containers, where a number means another process, stay.
 */
export function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid, machine] = /^holdfast-demo-(\d+)@(.+)-[^-]{6}$/.exec(name) ?? [];
    if (pid === undefined || machine !== whose() || isAlive(Number(pid))) continue;
    const path = join(folder, name);
    try {
      const { uid } = lstatSync(path);
      if (uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another demo swept it at the same moment, or it is not ours to take away.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
