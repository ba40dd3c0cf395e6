/** A line of /proc/self/mountinfo: what is mounted where. */
export interface MountPoint {
  /** `8:1`, `0:41`: the same for all mounts of one file system. */
  readonly device: string;
  /** The folder of that file system that is mounted here; not `/`: a bind mount of a part of it. */
  readonly root: string;
  readonly target: string;
  readonly type: string;
  /** `mfs#mfsmaster:9421`, `/dev/sda1`, `server:/export`. */
  readonly source: string;
  readonly readOnly: boolean;
}

/**
 * A line of mountinfo (proc(5)): id, parent, device, root, mount point, options, any number of
 * optional fields, `-`, type, source, options of the file system. Undefined: it is none.
 */
export function parseMountLine(line: string): MountPoint | undefined {
  const [left = '', right] = line.split(' - ');
  const [, , device, root, target, options = ''] = left.split(' ');
  const [type, source] = right?.split(' ') ?? [];
  if (device === undefined || root === undefined || target === undefined || type === undefined) {
    return undefined;
  }
  return {
    device,
    root: unescapeOctal(root),
    target: unescapeOctal(target),
    type,
    source: unescapeOctal(source ?? ''),
    readOnly: options.split(',').includes('ro'),
  };
}

/** Blanks, tabs, newlines and backslashes stand as octal there. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** The mount that a path lies on: the deepest above it, and of several on one point the last. */
export function mountOf(mounts: readonly MountPoint[], path: string): MountPoint | undefined {
  let best: MountPoint | undefined;
  for (const mount of mounts) {
    if (!isWithin(path, mount.target)) continue;
    if (!best || mount.target.length >= best.target.length) best = mount;
  }
  return best;
}

/** What is mounted at a path itself. */
export function mountAt(mounts: readonly MountPoint[], path: string): MountPoint | undefined {
  return mounts.findLast(({ target }) => target === path);
}

/** Whether a path is a folder or lies beneath it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** A path as seen from inside its file system: what a bind mount of it has as its root. */
export function pathInside(mount: MountPoint, path: string): string {
  const below = mount.target === '/' ? path : path.slice(mount.target.length);
  const whole = `${mount.root === '/' ? '' : mount.root}${below === '/' ? '' : below}`;
  return whole === '' ? '/' : whole;
}

/** A path without slashes that say nothing. */
export function plainPath(path: string): string {
  const plain = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return plain;
}
