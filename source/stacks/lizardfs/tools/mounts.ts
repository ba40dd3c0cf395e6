import { parsed, type Parsed } from '../../../core/parsed.js';
import { natural, naturals, readRecords, yesNo } from './porcelain.js';

/** A client that has a session with the master. */
export interface Mount {
  readonly session: number;
  /** Of the client. */
  readonly ip: string;
  /** As the client names it; may hold blanks. */
  readonly mountPoint: string;
  /** Of the client: `3.13.0`. */
  readonly version: string;
  /** The folder of the file system that is its root. */
  readonly rootFolder: string;
  readonly rootUid: number;
  readonly rootGid: number;
  readonly mapAllUid: number;
  readonly mapAllGid: number;
  readonly readOnly: boolean;
  /** The session is bound to its address. */
  readonly restrictedIp: boolean;
  readonly ignoreGid: boolean;
  readonly allCanChangeQuota: boolean;
  readonly mapAll: boolean;
  /** With `--verbose`, and only where the export limits them. */
  readonly minGoal?: number;
  readonly maxGoal?: number;
  readonly minTrashSeconds?: number;
  readonly maxTrashSeconds?: number;
}

/** What `list-mounts` says. */
export interface Mounts {
  readonly mounts: readonly Mount[];
}

/** A genuine output: LizardFS 3.13 with `--verbose`. */
export const mountsSample = `1 127.0.0.9 /srv/lab/lizard/mnt 3.13.0 / 0 0 999 999 no yes no no no 1 40 - -
`;

const FLAGS = 5;
const IDS = 4;
const LIMITS = 4;

/**
 * `list-mounts --porcelain [--verbose]`; nothing is printed where nothing is mounted. Mount point
 * and root folder are not escaped: a line is read from both ends, and between them the version is
 * looked for. Where more than one word could be it, the line is left unread rather than guessed.
 */
export function parseMounts(text: string): Parsed<Mounts> {
  const result = readRecords(text, 'session, ip, mount point, version and more', readMount);
  return result.ok ? parsed({ mounts: result.value }, result.unread) : result;
}

function readMount(line: string): Mount | undefined {
  const words = line.split(' ');
  const verbose = yesNo(words.at(-1)) === undefined;
  const plain = verbose ? words.slice(0, -LIMITS) : words;
  const limits = readLimits(verbose ? words.slice(-LIMITS) : []);
  const session = natural(plain[0]);
  const flags = plain.slice(-FLAGS).map(yesNo);
  const ids = naturals(plain.slice(-FLAGS - IDS, -FLAGS));
  const names = readNames(plain.slice(2, -FLAGS - IDS));
  if (Number.isNaN(session) || flags.includes(undefined)) return undefined;
  if (ids === undefined || names === undefined || limits === undefined) return undefined;
  const [rootUid = 0, rootGid = 0, mapAllUid = 0, mapAllGid = 0] = ids;
  return {
    session,
    ip: plain[1] ?? '',
    ...names,
    rootUid,
    rootGid,
    mapAllUid,
    mapAllGid,
    readOnly: flags[0] === true,
    restrictedIp: flags[1] === true,
    ignoreGid: flags[2] === true,
    allCanChangeQuota: flags[3] === true,
    mapAll: flags[4] === true,
    ...limits,
  };
}

function readNames(
  words: readonly string[],
): Pick<Mount, 'mountPoint' | 'version' | 'rootFolder'> | undefined {
  const places = words.flatMap((word, at) =>
    at > 0 && /^\d+\.\d+\.\d+/.test(word) && words[at + 1]?.startsWith('/') === true ? [at] : [],
  );
  const [place] = places;
  if (place === undefined || places.length > 1) return undefined;
  return {
    mountPoint: words.slice(0, place).join(' '),
    version: words[place] ?? '',
    rootFolder: words.slice(place + 1).join(' '),
  };
}

function readLimits(
  words: readonly string[],
): Pick<Mount, 'minGoal' | 'maxGoal' | 'minTrashSeconds' | 'maxTrashSeconds'> | undefined {
  const numbers = words.map((word) => (word === '-' ? undefined : natural(word)));
  if (numbers.some(Number.isNaN)) return undefined;
  const [minGoal, maxGoal, minTrashSeconds, maxTrashSeconds] = numbers;
  return {
    ...(minGoal !== undefined && { minGoal }),
    ...(maxGoal !== undefined && { maxGoal }),
    ...(minTrashSeconds !== undefined && { minTrashSeconds }),
    ...(maxTrashSeconds !== undefined && { maxTrashSeconds }),
  };
}
