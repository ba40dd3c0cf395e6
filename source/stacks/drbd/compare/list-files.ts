import { defineStep } from '../../../core/step.js';
import { BUCKET, MOST_FILES, snapshotMount } from './place.js';
import { beginReading, sideWorkSchema, type SideWork } from './side-work.js';

/**
 * $5 the folder that is read, $6 how many files at the most, $7 how many inode numbers are summed as
 * one. The list has a line for each name, in the order of the inode numbers: number, type, size, time
 * of the last write, time of the last change, rights, owner, name. A newline in a name stands as ^A.
 *
 * Both sides were one file system once: what neither has changed has one number on both, and its line
 * is the same. So the sums of stretches of numbers tell which of them have to be compared at all.
 */
const LIST = [
  'cd "$5"',
  '{ find . -xdev -printf \'%i %y %s %T@ %C@ %m %U:%G %P\\0\' || f=$?; echo "${f:-0}" >"$1/found"; } | tr \'\\n\\0\' \'\\001\\n\' | LC_ALL=C sort -n -k1,1 | gzip -1 >"$1/list"',
  'cd /',
  'read -r c <"$1/found"; [ "$c" = 0 ] || exit 5',
  'n=$(gzip -dc <"$1/list" | wc -l)',
  '[ "$n" -le "$6" ] || { rm -f "$1/list"; echo "there are $n files, and no list is made of more than $6" >&2; exit 6; }',
  'gzip -dc <"$1/list" | awk -v w="$7" \'function e() { if (n) { close("md5sum"); print "bucket", c, n, x; fflush() } } { b = int($1 / w); if (b != c || NR == 1) { e(); c = b; n = 0; x = 0 } n++; if ($5 + 0 > x + 0) x = $5; print | "md5sum" } END { e() }\' >"$1/sums"',
].join('\n');

/** Lists all files of a snapshot that is mounted, with what tells whether they were changed. */
export const listFiles = defineStep<SideWork>({
  id: 'drbd.list-files',
  params: sideWorkSchema,
  tell: (params) => ({
    title: 'list its files',
    on: `${params.resource}, volume ${params.volume}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [`find ${snapshotMount(params)} -xdev -printf '%i %y %s %T@ %C@ %m %U:%G %P\\0'`],
  }),
  ...beginReading<SideWork>((params) => ({
    leaves: 'files',
    script: LIST,
    words: [snapshotMount(params), String(MOST_FILES), String(BUCKET)],
  })),
});
