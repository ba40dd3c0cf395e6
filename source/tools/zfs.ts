import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';

/** A data set of ZFS (zfsprops(7)): a pool's own, a file system, a volume or a snapshot. Sizes are bytes. */
export interface Dataset {
  /** `tank/vol1`, `tank/vol1@IMG-STORAGE-…`; of a pool itself no slash. */
  readonly name: string;
  readonly type: 'filesystem' | 'volume' | 'snapshot' | 'bookmark';
  readonly used: number | null;
  readonly available: number | null;
  readonly referenced: number | null;
  /** Of a volume: what it seems to have. */
  readonly size: number | null;
  /** Seconds since 1970. */
  readonly created: number | null;
  /** Of a clone: the snapshot that it stands on. */
  readonly origin: string | null;
  /** What was written since its newest snapshot; null also where ZFS is too old to tell. */
  readonly written: number | null;
  /** What its own data take (`usedbydataset`), without what is reserved for it: `used` counts that as well. */
  readonly holds: number | null;
  /**
   * What lies beneath it (`usedbychildren`). A volume has no children but the hidden `%recv`, into which ZFS
   * receives what the volume is to hold: until all of it is there, nothing else of the volume grows (seen
   * with OpenZFS 2.1).
   */
  readonly beneath: number | null;
  /** The same for a snapshot and all that were received of it; a text, since it has 64 bits. */
  readonly guid: string;
}

/** What is asked of `zfs list`, in this order. */
export const DATASET_FIELDS = [
  ...['name', 'type', 'used', 'avail', 'refer', 'volsize'],
  ...['creation', 'origin', 'written', 'guid', 'usedbydataset', 'usedbychildren'],
] as const;

const TYPES = ['filesystem', 'volume', 'snapshot', 'bookmark'] as const;

/** Reads `zfs list -H -p -t all -o …`: a line a data set, fields between tabs. */
export function parseDatasets(text: string): Parsed<readonly Dataset[]> {
  const unread: string[] = [];
  const found = linesOf(text).flatMap((line): Dataset[] => {
    const set = line.trim() === '' ? undefined : datasetOf(line.split('\t'));
    if (!set && line.trim() !== '' && line !== 'no datasets available') unread.push(line);
    return set ? [set] : [];
  });
  if (found.length === 0 && unread.length > 0) return notThis(1, 'data sets of zfs list');
  return parsed(found, unread);
}

function datasetOf(fields: readonly string[]): Dataset | undefined {
  const [name = '', word, used, available, referenced, size, ...more] = fields;
  const [created, origin, written, guid, holds, beneath] = more;
  const type = TYPES.find((one) => one === word);
  if (fields.length !== DATASET_FIELDS.length || !type || name === '') return undefined;
  return {
    name,
    type,
    used: numberOf(used),
    available: numberOf(available),
    referenced: numberOf(referenced),
    size: numberOf(size),
    created: numberOf(created),
    origin: origin === undefined || origin === '-' ? null : origin,
    written: numberOf(written),
    guid: guid ?? '',
    holds: numberOf(holds),
    beneath: numberOf(beneath),
  };
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** A pool as `zpool list -H -o name,health` has it. */
export interface Pool {
  readonly name: string;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `SUSPENDED`, … */
  readonly health: string;
}

/** Reads `zpool list -H -o name,health`. */
export function parsePools(text: string): Parsed<readonly Pool[]> {
  const unread: string[] = [];
  const found = linesOf(text).flatMap((line): Pool[] => {
    const [, name, health] = /^(\S+)\t(\S+)$/.exec(line) ?? [];
    if (name !== undefined && health !== undefined) return [{ name, health }];
    if (line.trim() !== '' && line !== 'no pools available') unread.push(line);
    return [];
  });
  return parsed(found, unread);
}

/** Who may do what with a pool by delegation: `zfs allow`. */
export interface Permissions {
  readonly pool: string;
  /** By user; `everyone` and groups are not the roll's way. Sets stand there with what is in them. */
  readonly users: ReadonlyMap<string, ReadonlySet<string>>;
}

const SECTION = /^(?:---- Permissions on |(\S[\w +]*?) permissions\b|Permission (sets)\b)/i;

/**
 * Reads `zfs allow POOL`, each answer behind a line `== POOL` of our own. Only what holds for the pool
 * and all beneath it counts (`Local+Descendent permissions`), since the roll's volumes lie beneath. A set of
 * permissions (`@roll`) stands for what is in it.
 */
export function parsePermissions(text: string): Parsed<readonly Permissions[]> {
  const found: { pool: string; users: Map<string, Set<string>>; sets: Map<string, string[]> }[] =
    [];
  const unread: string[] = [];
  let section = '';
  for (const line of linesOf(text)) {
    const [, pool] = /^== (\S+)$/.exec(line) ?? [];
    const [heading, kind = '', sets] = SECTION.exec(line) ?? [];
    const [, user, words = ''] = /^\s+user (\S+) (\S+)$/.exec(line) ?? [];
    const [, set, within = ''] = /^\s+(@\S+) (\S+)$/.exec(line) ?? [];
    const own = found.at(-1);
    if (pool !== undefined) {
      found.push({ pool, users: new Map(), sets: new Map() });
      section = '';
    } else if (heading !== undefined) section = sets ?? kind.toLowerCase();
    else if (own && user !== undefined) {
      if (section !== 'local+descendent') continue;
      own.users.set(user, new Set([...(own.users.get(user) ?? []), ...words.split(',')]));
    } else if (own && set !== undefined && section === 'sets') own.sets.set(set, within.split(','));
    else if (!/^\s*(?:-*|(?:group|everyone|@\S+)\b.*|\t\S.*)$/.test(line)) unread.push(line);
  }
  return parsed(
    found.map(({ pool, users, sets }) => ({
      pool,
      users: new Map([...users].map(([user, words]) => [user, spelledOut(words, sets)])),
    })),
    unread,
  );
}

/** Sets may hold sets, also, in a loop, themselves. */
function spelledOut(
  words: ReadonlySet<string>,
  sets: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const all = new Set(words);
  // What is added while a set is walked is walked as well.
  for (const word of all) for (const one of sets.get(word) ?? []) all.add(one);
  return all;
}
