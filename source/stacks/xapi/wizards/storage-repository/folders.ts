import { reads, type Command } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';

/** What lies in a folder that may become a repository. */
export interface Folder {
  readonly path: string;
  /** Files that are named as the driver names disks: `UUID.vhd`, `UUID.raw`. */
  readonly disks: number;
}

/**
 * The folders of the shared file systems, two deep, and the disks in them. It is asked once by a
 * wizard and may hang on a dead mount; the watch never does this. Local file systems are left out:
 * what one host alone has is nothing for a pool.
 */
const SCRIPT = [
  `awk '$3 ~ /^(fuse|fuse[.].*|nfs|nfs4|cifs|smb3|ceph|ocfs2|gfs2|glusterfs)$/ && $2 !~ /sr-mount/ {print $2}' /proc/mounts | while read -r m; do`,
  'find "$m" -maxdepth 2 -type d 2>/dev/null | head -n 500 | while read -r d; do',
  'n=0; for f in "$d"/*.vhd "$d"/*.raw; do [ -e "$f" ] && n=$((n+1)); done; echo "$n $d"; done; done; true',
].join('\n');

/** Asks a host for the folders of its shared file systems. */
export const foldersCommand: Command<'reads'> = reads(['sh', '-c', SCRIPT], 20_000);

/** What the command printed: a number of disks and a path on each line. */
export function parseFolders(text: string): readonly Folder[] {
  return linesOf(text).flatMap((line) => {
    const [, disks, path] = /^(\d+) (\/.*)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, disks: Number(disks) }];
  });
}
