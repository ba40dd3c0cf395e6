import { reads, type Reader } from '../../../core/host.js';
import { count } from '../../../core/text.js';
import type { Side, SideVolume } from '../split-brain/side.js';
import { lookAtContents, type Contents } from './contents.js';
import { differencesOf, unlikeBuckets, unlikeParts, type Difference } from './differences.js';
import { parseEntries, parseSideRead, type FileEntry, type SideRead } from './listing.js';
import { BUCKET, comparisonFolder, type Compared } from './place.js';

/** Both sides of a volume, as they were compared. */
export type Comparison =
  | { readonly kind: 'none' }
  /** There is one, and it tells nothing of how the sides are now. */
  | { readonly kind: 'void'; readonly because: string }
  | FileComparison
  | {
      readonly kind: 'blocks';
      /** When each side was read, in seconds since 1970, by its own clock. */
      readonly at: readonly [number, number];
      readonly parts: number;
      readonly differ: readonly number[];
    };

/** The files of both sides. */
export interface FileComparison {
  readonly kind: 'files';
  readonly at: readonly [number, number];
  /** The names on each side. */
  readonly names: readonly [number, number];
  /** The newest change on each side, in seconds since 1970. */
  readonly newest: readonly [number, number];
  /** The newest first. */
  readonly differences: readonly Difference[];
  /** Not all that may differ was looked at: so many stretches of older files are left. */
  readonly left: number;
}

/** A volume with its comparison, where there is one. */
export interface VolumeCompared {
  readonly volume: number;
  readonly contents: readonly [Contents, Contents];
  readonly comparison: Comparison;
}

/** So many names are fetched and compared one by one. */
const MOST_NAMES = 40_000;
/** So many stretches are asked for in one question. */
const MOST_BUCKETS = 8000;

const KEPT = 'cd "$1" 2>/dev/null && cat head sums 2>/dev/null || :';

/** $1 the folder, $2 how many inode numbers are one stretch, $3 the stretches. */
const ENTRIES =
  'gzip -dc <"$1/list" | awk -v w="$2" -v s="$3" \'BEGIN { n = split(s, a, " "); for (i = 1; i <= n; i++) want[a[i] + 0] = 1 } (int($1 / w) in want)\'';

/** Looks what the volumes of both sides carry, and what was compared of them already. Never rejects. */
export async function lookAtComparisons(
  resource: string,
  sides: readonly [Side, Side],
  hosts: readonly [Reader, Reader],
): Promise<readonly VolumeCompared[]> {
  const [a, b] = sides;
  const looked = a.volumes.map(async (here): Promise<readonly VolumeCompared[]> => {
    const there = b.volumes.find(({ volume }) => volume === here.volume);
    if (!there) return [];
    const compared = { resource, volume: here.volume };
    const [x, y, comparison] = await Promise.all([
      lookAtContents(hosts[0], here),
      lookAtContents(hosts[1], there),
      comparisonOf(compared, [here, there], hosts),
    ]);
    return [{ volume: here.volume, contents: [x, y], comparison }];
  });
  return (await Promise.all(looked)).flat();
}

async function comparisonOf(
  compared: Compared,
  volumes: readonly [SideVolume, SideVolume],
  hosts: readonly [Reader, Reader],
): Promise<Comparison> {
  const [here, there] = await Promise.all([kept(hosts[0], compared), kept(hosts[1], compared)]);
  if (!here && !there) return { kind: 'none' };
  if (here?.id !== there?.id || !here || !there) {
    return { kind: 'void', because: 'only one side was read to its end' };
  }
  const isOld = [here, there].some(({ generation }, index) => {
    return volumes[index]?.generations?.current.startsWith(generation) !== true;
  });
  if (isOld) return { kind: 'void', because: 'the data has another generation by now' };
  const at = [here.at, there.at] as const;
  if (here.found.kind === 'blocks' && there.found.kind === 'blocks') {
    const { sums } = here.found;
    const differ = unlikeParts(sums, there.found.sums);
    return { kind: 'blocks', at, parts: sums.length, differ };
  }
  if (here.found.kind === 'files' && there.found.kind === 'files') {
    return filesOf(compared, [here, there], hosts);
  }
  return { kind: 'void', because: 'one side was read by its files, the other by its blocks' };
}

async function kept(host: Reader, compared: Compared): Promise<SideRead | undefined> {
  const argv = ['sh', '-c', KEPT, 'sh', comparisonFolder(compared)];
  const outcome = await host.run(reads(argv, 20_000));
  return outcome.kind === 'exited' ? parseSideRead(outcome.stdout) : undefined;
}

async function filesOf(
  compared: Compared,
  read: readonly [SideRead, SideRead],
  hosts: readonly [Reader, Reader],
): Promise<Comparison> {
  const [a, b] = read.map(({ found }) => (found.kind === 'files' ? found.buckets : []));
  const [here, there] = [a ?? [], b ?? []];
  const { buckets, left } = unlikeBuckets(here, there, MOST_NAMES);
  const asked = buckets.slice(0, MOST_BUCKETS);
  const wanted = new Set(asked);
  const expected = (side: typeof here): number =>
    side.reduce((sum, { number, count: names }) => sum + (wanted.has(number) ? names : 0), 0);
  const [x, y] = await Promise.all([
    entriesOf(hosts[0], compared, { buckets: asked, expected: expected(here) }),
    entriesOf(hosts[1], compared, { buckets: asked, expected: expected(there) }),
  ]);
  if (!x || !y) return { kind: 'void', because: 'the lists could not be read' };
  const total = (side: typeof here): number => side.reduce((sum, one) => sum + one.count, 0);
  const newest = (side: typeof here): number => Math.max(0, ...side.map((one) => one.newest));
  return {
    kind: 'files',
    at: [read[0].at, read[1].at],
    names: [total(here), total(there)],
    newest: [newest(here), newest(there)],
    differences: differencesOf(x.entries, y.entries),
    left: left + buckets.length - asked.length + (x.whole && y.whole ? 0 : 1),
  };
}

interface Fetched {
  readonly entries: readonly FileEntry[];
  readonly whole: boolean;
}

async function entriesOf(
  host: Reader,
  compared: Compared,
  { buckets, expected }: { readonly buckets: readonly string[]; readonly expected: number },
): Promise<Fetched | undefined> {
  if (expected === 0) return { entries: [], whole: true };
  const folder = comparisonFolder(compared);
  const argv = ['sh', '-c', ENTRIES, 'sh', folder, String(BUCKET), buckets.join(' ')];
  const outcome = await host.run(reads(argv, 120_000));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  const { entries } = parseEntries(outcome.stdout);
  // A pipe ends well though its beginning failed: only the number of names tells.
  if (entries.length === 0) return undefined;
  return { entries, whole: entries.length === expected };
}

/** In words how much was compared; for what could not be, why. */
export function unfinished({ left }: FileComparison): string {
  return left === 0
    ? ''
    : `Not all was compared name by name: ${count(left, 'stretch', 'stretches')} of older files that may differ too ${left === 1 ? 'is' : 'are'} left out.`;
}
