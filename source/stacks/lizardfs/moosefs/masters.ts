import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import type { MetadataServer, MetadataServers } from '../tools/metadata-servers.js';
import type { MetadataStatus } from '../tools/metadata-status.js';
import { readTables, wholeNumber, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117, a master that has not saved since it started, and a metalogger. */
export const mooseMastersSample = `metadata servers:|127.0.0.31|3.0.117|-|1795200586.327269|138|not available|207220736|not available|-|-|-|FFCCFD8ADEFBE2DE

metadata backup loggers:|127.0.0.32|3.0.117
`;

const EXPECTED = 'the metadata servers of `mfscli -SIM`';

/**
 * `mfscli -SIM -SMB`: the masters that the name stands for, and the metaloggers of the one that
 * serves. ip, version, state, local time, metadata version; in MooseFS 4 the metadata's id; delay,
 * RAM, CPU; when it was saved last (unix seconds), how long that took and how it went; checksums.
 * Before 3.0.107 without local time and delay.
 */
export function parseMooseMasters(text: string): Parsed<MetadataServers> {
  const result = readTables(text, ['masters', 'loggers'], EXPECTED, readRow);
  if (!result.ok) return result;
  const servers = result.value.flatMap((record) => ('state' in record ? [serverOf(record)] : []));
  const loggers = result.value.flatMap((record) => ('state' in record ? [] : [record]));
  return parsed({ servers, loggers }, result.unread);
}

/** How the first of the masters stands, which is the only one where the name is an address. */
export function parseMooseStatus(text: string): Parsed<MetadataStatus> {
  const result = readTables(text, ['masters'], EXPECTED, readRow);
  const first = result.ok ? result.value.find((record) => 'state' in record) : undefined;
  return first ? parsed(statusOf(first)) : notThis(1, EXPECTED);
}

interface Logger {
  readonly ip: string;
  readonly version: string;
}

interface Master extends Logger {
  readonly state: string;
  readonly metadataVersion: number;
  readonly savedSecondsAgo?: number;
}

/** Where the fields stand, by how many there are. */
const LAYOUTS = new Map([
  [9, { time: -1, changes: 3, saved: 6 }],
  [10, { time: -1, changes: 3, saved: 6 }],
  [12, { time: 3, changes: 4, saved: 8 }],
  [15, { time: 3, changes: 4, saved: 9 }],
]);

function readRow({ table, fields }: Row): Master | Logger | undefined {
  const [ip = '', version = '', state = ''] = fields;
  if (!/^[\d.]+$/.test(ip)) return undefined;
  if (table === 'loggers') return fields.length === 2 ? { ip, version } : undefined;
  const layout = LAYOUTS.get(fields.length);
  const metadataVersion = wholeNumber(layout && fields[layout.changes]);
  if (!layout || Number.isNaN(metadataVersion)) return undefined;
  // Both by its own clock, which may be another than ours.
  const savedSecondsAgo = Number(fields[layout.time]) - wholeNumber(fields[layout.saved]);
  const saved = Number.isNaN(savedSecondsAgo) ? {} : { savedSecondsAgo };
  return { ip, version, state, metadataVersion, ...saved };
}

function serverOf(master: Master): MetadataServer {
  const { ip, version } = master;
  return { ip, hostname: '', version, ...statusOf(master) };
}

function statusOf({ state, metadataVersion, savedSecondsAgo }: Master): MetadataStatus {
  const saved = savedSecondsAgo === undefined ? {} : { savedSecondsAgo };
  return { ...standing(state), metadataVersion, ...saved };
}

/**
 * `-` is a single master; PRO has LEADER, FOLLOWER, `FOLLOWER (DESYNC)`, ELECT and USURPER. DEAD is
 * a refused connection, BUSY one without an answer.
 */
function standing(state: string): Pick<MetadataStatus, 'personality' | 'status'> {
  if (state === '-' || state === 'LEADER') return { personality: 'master', status: 'running' };
  if (state === 'FOLLOWER') return { personality: 'shadow', status: 'connected' };
  if (state === 'FOLLOWER (DESYNC)') return { personality: 'shadow', status: 'disconnected' };
  if (state === 'DEAD' || state === 'BUSY') return { personality: 'unknown', status: 'no answer' };
  return { personality: 'unknown', status: state };
}
