/**
 * What DRBD's words mean. `connection` here is what the kernel prints as such: up to 8.4 one word
 * (`cs:`) for the link and for what it is doing, from 9 on two. Source: drbd_strings.c of 8.0 to 9.
 */

/** There is a link and both talk. 8.x shows what they do in the same word. */
const IN_TOUCH = words(
  'Connected StartingSyncS StartingSyncT WFBitMapS WFBitMapT WFSyncUUID SyncSource SyncTarget',
  'VerifyS VerifyT PausedSyncS PausedSyncT Ahead Behind',
);
/** There is no link, and DRBD tries for one or is letting go. */
const WAITING = words('WFConnection Connecting Disconnecting TearDown WFReportParams');
/** The link was lost a moment ago or cannot be had. */
const BROKEN = words('NetworkFailure ProtocolError BrokenPipe Timeout Unconnected');

/** How a connection stands. */
export type LinkClass =
  'in touch' | 'waiting' | 'broken' | 'standalone' | 'unconfigured' | 'unknown';

/** The class of a connection's word; words of no known version are `unknown`. */
export function linkClass(word: string): LinkClass {
  if (IN_TOUCH.has(word)) return 'in touch';
  if (WAITING.has(word)) return 'waiting';
  if (BROKEN.has(word)) return 'broken';
  if (word === 'StandAlone') return 'standalone';
  return word === 'Unconfigured' ? 'unconfigured' : 'unknown';
}

/** Whether both sides talk. */
export function isInTouch(word: string): boolean {
  return IN_TOUCH.has(word);
}

/** What two sides in touch are doing with their data. */
export type Activity =
  | 'replicating'
  | 'off'
  | 'starting'
  | 'syncing'
  | 'verifying'
  | 'paused'
  /** DRBD 9: it waits while the same volume is copied from another peer, and is done with that one. */
  | 'queued'
  | 'ahead'
  | 'behind'
  | 'unknown';

/** The replication word of DRBD 9, or the connection's word of 8.x. */
export function activityOf(word: string): Activity {
  if (word === 'Connected' || word === 'Established') return 'replicating';
  if (word === 'Off') return 'off';
  if (/^(?:StartingSync[ST]|WFBitMap[ST]|WFSyncUUID)$/.test(word)) return 'starting';
  if (word === 'SyncSource' || word === 'SyncTarget') return 'syncing';
  if (word === 'VerifyS' || word === 'VerifyT') return 'verifying';
  if (word === 'PausedSyncS' || word === 'PausedSyncT') return 'paused';
  if (word === 'Ahead') return 'ahead';
  return word === 'Behind' ? 'behind' : 'unknown';
}

const PAUSED_BY: readonly (readonly [number, string, string])[] = [
  [1, 'a', 'dependency'],
  [2, 'p', 'peer'],
  [3, 'u', 'user'],
];

/** Who holds a resync back, by the flags of /proc/drbd: `dependency`, `peer`, `user`. */
export function pausersOf(flags: string): readonly string[] {
  return PAUSED_BY.flatMap(([at, flag, who]) => (flags[at] === flag ? [who] : []));
}

/** The same by DRBD 9's word, `no` or `user,peer`. */
export function pausersSaid(word: string): readonly string[] {
  return word === 'no' ? [] : word.split(',');
}

const DISKS = words(
  'Diskless Attaching Detaching Failed Negotiating Inconsistent Outdated DUnknown Consistent UpToDate',
);
const ROLES = words('Primary Secondary Unknown');

/** Whether any version of DRBD has this word for a disk. */
export function isDiskWord(word: string): boolean {
  return DISKS.has(word);
}

/** Whether any version of DRBD has this word for a role. */
export function isRoleWord(word: string): boolean {
  return ROLES.has(word);
}

/** File systems that several hosts may have mounted from one device at a time. */
export const CLUSTER_FILE_SYSTEMS: ReadonlySet<string> = words('ocfs2 gfs gfs2 vmfs lustre');

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
