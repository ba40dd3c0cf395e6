import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { beginWork, lookAtWork, stopWork } from '../../../steps/in-background.js';
import { resourceName } from '../steps/side.js';
import { comparisonFolder, snapshotMount } from './place.js';

const paramsSchema = z.strictObject({
  resource: resourceName,
  volume: z.number().int().nonnegative(),
  id: z.uuid(),
  /** A folder of this copy alone, on the same host. */
  target: z.string().regex(/^(?:\/[\w.:+@-]+)+$/, 'no plain folder'),
  /** The files by their inode numbers. */
  inodes: z.array(z.string().regex(/^\d+$/)).max(4000),
  /** What was changed at this second or later is copied as well: seconds since 1970. */
  since: z.number().int().nonnegative(),
  /** How many files that were at the least when they were compared. */
  files: z.number().int().nonnegative(),
});

/** The parameters of `drbd.copy-aside` and `drbd.wait-copied-aside`. */
export type CopyAside = z.infer<typeof paramsSchema>;

function workFolder(params: CopyAside): string {
  return `${comparisonFolder(params)}/aside-${params.id}`;
}

/**
 * $1 the work, $2 what is copied from, $3 where to, $4 the inode numbers, $5 the time. Chosen by number
 * and time, and never by names that somebody else wrote into a command. cp keeps owners, rights, times,
 * links, ACLs and attributes, and the folders above a file with theirs. At the end every byte is
 * read on both sides; the last word says how many files there were.
 */
const COPY = [
  'set -e; umask 077; w=$1 from=$2 to=$3',
  'findmnt -n "$from" >/dev/null || { echo "nothing is mounted at $from" >&2; exit 4; }',
  'mkdir -p "$to"; cd "$from"',
  '{ find . -xdev ! -type d -printf \'%i %C@ %y %P\\0\' || f=$?; echo "${f:-0}" >"$w/found"; } | tr \'\\n\\0\' \'\\001\\n\' | awk -v s="$4" -v t="$5" \'BEGIN { n = split(s, a, " "); for (i = 1; i <= n; i++) want[a[i]] = 1 } ($1 in want) || $2 >= t\' >"$w/chosen"',
  'read -r c <"$w/found"; [ "$c" = 0 ] || exit 5',
  'n=$(wc -l <"$w/chosen")',
  "cut -d' ' -f4- <\"$w/chosen\" | tr '\\n\\001' '\\0\\n' >\"$w/names\"",
  "grep '^[^ ]* [^ ]* f ' <\"$w/chosen\" | cut -d' ' -f4- | tr '\\n\\001' '\\0\\n' >\"$w/regular\" || :",
  '{ xargs -0 -r cp -av --parents -t "$to" -- <"$w/names" || echo failed >"$w/failed"; } | awk -v n="$n" \'{ c = NR < n ? NR : n; print c " of " n " files are copied"; fflush() }\'',
  '[ ! -e "$w/failed" ] || exit 6',
  'echo "$n of $n files are copied; every byte is compared"',
  'sums() { cd "$1" && xargs -0 -r sha256sum -- <"$w/regular" | sha256sum; }',
  'a=$(sums "$from"); b=$(sums "$to")',
  '[ "$a" = "$b" ] || { echo "the copy is not the same as what it was made of" >&2; exit 8; }',
  'cd "$to"; xargs -0 -r stat -c %i -- <"$w/names" >"$w/there"',
  '[ "$(wc -l <"$w/there")" = "$n" ] || { echo "not all $n files are there" >&2; exit 9; }',
  'sync -f "$to" 2>/dev/null || sync',
  'echo "$n files are copied and compared" >&2',
].join('\n');

/** Begins to copy files of a snapshot aside, which goes on by itself. */
export const copyAside = defineStep<CopyAside>({
  id: 'drbd.copy-aside',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: (params) => ({
    title: `copy ${count(params.files, 'file')} aside, and newer ones`,
    on: `${snapshotMount(params)} → ${params.target}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [`cp -a --parents -t ${quoteAll([params.target])} …  then sha256sum of both`],
  }),
  check: async (host, params) => {
    const now = await lookAtWork(host, workFolder(params));
    if (typeof now === 'string') return { kind: 'cannotTell', because: now };
    return { kind: now.state === 'none' || now.state === 'gone' ? 'notYet' : 'done' };
  },
  commands: (params) => [begin(params)],
  undo: (params) => ({
    kind: 'commands',
    says: `stop copying; what was copied stays in ${params.target}`,
    commands: [stopWork(workFolder(params))],
  }),
});

/** Waits until everything is copied and compared: before that nothing of it is given up. */
export const waitCopiedAside = defineStep<CopyAside>({
  id: 'drbd.wait-copied-aside',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ target }) => ({
    title: 'wait until it is copied, and see every byte',
    on: target,
  }),
  preview: () => ({
    kind: 'looks',
    lines: ['the copy has ended well: as many files, the same sums'],
  }),
  check: checkCopied,
  commands: () => [],
  wait: {
    every: 2000,
    atMost: 7 * 24 * 3600 * 1000,
    progress: async (host, params) => {
      const now = await lookAtWork(host, workFolder(params));
      return typeof now === 'string' ? undefined : copyProgress(now.last);
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

async function checkCopied(host: Reader, params: CopyAside): Promise<Verdict> {
  const now = await lookAtWork(host, workFolder(params));
  if (typeof now === 'string') return { kind: 'cannotTell', because: now };
  switch (now.state) {
    case 'runs':
      return { kind: 'notYet' };
    case 'none':
    case 'gone': {
      const because = 'the copying was broken off (did the host restart?); nothing was given up';
      return { kind: 'refused', because };
    }
    case 'ended':
      break;
  }
  if (now.code !== 0) {
    const why = now.last === '' ? `exit code ${now.code}` : now.last;
    return { kind: 'refused', because: `not all was copied: ${why}; nothing was given up` };
  }
  const copied = Number(/^(\d+) files/.exec(now.last)?.[1] ?? -1);
  if (copied >= params.files) return { kind: 'done', says: `${now.last} to ${params.target}` };
  const because = `${copied} files were copied, and ${params.files} differed; nothing was given up`;
  return { kind: 'refused', because };
}

/** `12 of 40 files are copied`. */
function copyProgress(last: string) {
  const [, done, all] = /^(\d+) of (\d+) files/.exec(last) ?? [];
  if (done === undefined || all === undefined) return { says: 'the files are chosen' };
  return { share: Number(all) === 0 ? 1 : Number(done) / Number(all), says: last };
}

function begin(params: CopyAside) {
  const { target, inodes, since } = params;
  const work = workFolder(params);
  const own = [work, snapshotMount(params), target, inodes.join(' '), String(since)];
  return beginWork(work, ['sh', '-c', COPY, 'sh', ...own]);
}
