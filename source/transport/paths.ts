import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A path with `~` at its beginning made whole. */
export function expandHome(path: string): string {
  if (path === '~') return homedir();
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** A path as people write it: the home folder as `~`. */
export function shortPath(path: string): string {
  const home = `${homedir()}/`;
  return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}

/** Who runs Holdfast. In a container the user may be a bare number that no name belongs to. */
export function ourselves(): { readonly username: string; readonly uid: number } {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? 0;
    return { username: process.env.USER ?? String(uid), uid };
  }
}
