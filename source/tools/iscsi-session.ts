import { reads, type Command } from '../core/host.js';
import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';

/** An iSCSI session of a host; what the short listing does not tell is null. */
export interface IscsiSession {
  /** The session's number as the host counts them; a new one at each login. */
  readonly sid: string;
  readonly target: string;
  /** `192.0.2.2:3260`, `[fe80::1]:3260`. */
  readonly portal: string;
  /** The target portal group's tag. */
  readonly tpgt: number | null;
  /** The initiator's own address; null also while the connection is gone. */
  readonly from: string | null;
  /** `LOGGED IN`, `TRANSPORT WAIT`, `FREE`, … */
  readonly connectionState: string | null;
  /** `LOGGED_IN`, `FAILED`, `FREE`. */
  readonly sessionState: string | null;
  /** What iscsid is doing: `NO CHANGE`, `REOPEN`, … */
  readonly internalState: string | null;
  readonly disks: readonly SessionDisk[];
}

/** A disk that a session brought. */
export interface SessionDisk {
  /** `sda`. */
  readonly device: string;
  readonly hctl: string | null;
  /** `running`, `transport-offline`, `blocked`, … */
  readonly state: string | null;
}

/** What `iscsiadm` exits with when there is no session. */
export const NO_SESSIONS = 21;

/** Sessions with their states and disks. */
export function sessionDetailsCommand(): Command<'reads'> {
  return reads(['iscsiadm', '-m', 'session', '-P', '3']);
}

/** Sessions without states: answered even where the long form fails. */
export function sessionListCommand(): Command<'reads'> {
  return reads(['iscsiadm', '-m', 'session']);
}

type OpenSession = {
  -readonly [K in keyof Omit<IscsiSession, 'disks'>]: IscsiSession[K];
} & { disks: SessionDisk[] };

const SHORT = /^\w+: \[([^\]]+)\] (\S+),(-?\d+) (\S+)(?: \([a-z-]+\))?$/;
const DISK = /^Attached scsi disk (\S+)\s+State: (\S+)$/;
const ADDRESS = /^scsi(\d+) Channel (\d+) Id (\d+) Lun: (\d+)$/;

/** Lines that say nothing about how a session stands: settings, headings, rulers. */
const PASSED_OVER = new Set([
  ...['Interface', 'Timeouts', 'CHAP', 'Negotiated iSCSI params', 'Attached SCSI devices'],
  ...['Persistent Portal', 'Iface Name', 'Iface Transport', 'Iface Initiatorname'],
  ...['Iface HWaddress', 'Iface Netdev', 'Recovery Timeout', 'Target Reset Timeout'],
  ...['LUN Reset Timeout', 'Abort Timeout', 'username', 'password', 'username_in', 'password_in'],
  ...['HeaderDigest', 'DataDigest', 'MaxRecvDataSegmentLength', 'MaxXmitDataSegmentLength'],
  ...['FirstBurstLength', 'MaxBurstLength', 'ImmediateData', 'InitialR2T', 'MaxOutstandingR2T'],
  ...['Host Number', 'iscsiadm'],
]);

/**
 * Reads `iscsiadm -m session` and its `-P 1` to `-P 3` forms (open-iscsi's usr/session_info.c).
 * Several portals may follow one target. Other lines are given back as unread.
 */
export function parseSessions(text: string): Parsed<readonly IscsiSession[]> {
  const sessions: OpenSession[] = [];
  const unread: string[] = [];
  let target: string | undefined;
  let address: string | null = null;
  let lines = 0;
  let stranger: number | undefined;

  const read = (line: string): boolean => {
    const short = SHORT.exec(line);
    if (short) {
      const [, sid = '', portal = '', tpgt = '', name = ''] = short;
      sessions.push({ ...newSession(name), sid, portal, tpgt: Number(tpgt) });
      return true;
    }
    const scsi = ADDRESS.exec(line);
    if (scsi) {
      address = scsi.slice(1).map(Number).join(':');
      return true;
    }
    const disk = DISK.exec(line);
    if (disk) {
      const [, device = '', state = null] = disk;
      sessions.at(-1)?.disks.push({ device, hctl: address, state });
      return sessions.length > 0;
    }
    if (/^\*+$/.test(line) || /^(?:iSCSI Transport Class )?version \S+$/.test(line)) return true;
    const colon = line.indexOf(':');
    if (colon < 0) return false;
    const key = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (key === 'Target') {
      target = value.split(' ', 1)[0] ?? '';
      return true;
    }
    if (key === 'Current Portal' && target !== undefined) {
      const comma = value.lastIndexOf(',');
      const portal = comma < 0 ? value : value.slice(0, comma);
      const tpgt = comma < 0 ? null : Number(value.slice(comma + 1));
      sessions.push({ ...newSession(target), portal, tpgt: Number.isInteger(tpgt) ? tpgt : null });
      address = null;
      return true;
    }
    return setFact(sessions.at(-1), key, value);
  };

  linesOf(text).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') return;
    lines += 1;
    if (read(line)) return;
    unread.push(raw);
    stranger ??= index + 1;
  });
  if (stranger !== undefined && unread.length === lines)
    return notThis(stranger, 'a list of iSCSI sessions');
  return parsed(sessions, unread);
}

function newSession(target: string): OpenSession {
  const states = { connectionState: null, sessionState: null, internalState: null };
  return { sid: '', target, portal: '', tpgt: null, from: null, ...states, disks: [] };
}

/** Puts down a fact about the newest session; false if the line is of no known kind. */
function setFact(session: OpenSession | undefined, key: string, value: string): boolean {
  if (PASSED_OVER.has(key)) return true;
  if (!session) return false;
  switch (key) {
    case 'SID':
      session.sid = value;
      return true;
    case 'Iface IPaddress':
      session.from = /^<empty>$|^\[default\]$|^default$/.test(value) ? null : value;
      return true;
    case 'iSCSI Connection State':
      session.connectionState = value;
      return true;
    case 'iSCSI Session State':
      session.sessionState = value;
      return true;
    case 'Internal iscsid Session State':
      session.internalState = value;
      return true;
    default:
      return false;
  }
}

/** How a session stands; not known where only the short listing could be had. */
export function standing(session: IscsiSession): 'up' | 'down' | 'unknown' {
  const { connectionState, sessionState } = session;
  if (connectionState === null && sessionState === null) return 'unknown';
  const up =
    (connectionState ?? 'LOGGED IN') === 'LOGGED IN' &&
    (sessionState ?? 'LOGGED_IN') === 'LOGGED_IN';
  return up ? 'up' : 'down';
}

/** A portal's address without its port: `192.0.2.2`, `fe80::1`. */
export function portalAddress(portal: string): string {
  const colon = portal.lastIndexOf(':');
  return (colon < 0 ? portal : portal.slice(0, colon)).replace(/^\[(.*)\]$/, '$1');
}
