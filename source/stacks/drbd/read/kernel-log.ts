import { reads } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { eachLine, LONGEST_LINE } from './lines.js';

/** What a line of the kernel log tells about a connection. */
export type LogKind =
  /** Both sides have data of their own, and DRBD gave up on them. */
  | 'split brain'
  /** The same, but a side was chosen. */
  | 'split brain solved'
  /** The data of both agrees, or is being made to. */
  | 'in touch'
  /** The link was lost. */
  | 'link lost'
  /** The peers' settings or secrets do not fit. */
  | 'refused'
  /** This side began a generation of data of its own. */
  | 'new generation'
  /** The driver says something else, or the line is not the driver's. */
  | 'other';

/** A line of the kernel log. */
export interface LogLine {
  /** Seconds since the host's boot; null where the kernel prints no times. */
  readonly at: number | null;
  readonly resource: string | null;
  readonly minor: number | null;
  /** Of DRBD 9: the peer that it is about, by the peer's own name; null: all of them, or the only one. */
  readonly peer: string | null;
  readonly kind: LogKind;
  readonly text: string;
}

/**
 * Up to 8.4 `block drbd0:` and `drbd r0:`; DRBD 9 writes a volume as `drbd r0/0 drbd0:`, a connection as
 * `drbd r0 torchio:`, and a volume towards a peer as `drbd r0/0 drbd0 torchio:`.
 */
const PREFIX =
  /^(?:<\d+>)?\s?(?:\[\s{0,12}(\d+\.\d+)\]\s)?(?:block )?drbd(?:(\d+)| ([^\s/]+?)(?:\/\d+ drbd(\d+))?(?: ([^\s:]+))?):(?=\s|$)/;

/** The driver's own words, 8.0 to 9; first match wins. Source: drbd_receiver.c, drbd_main.c. */
const WORDS: readonly (readonly [RegExp, LogKind])[] = [
  [/Split-Brain detected[^!]*(?:manually|automatically) solved/i, 'split brain solved'],
  [/Split-Brain detected/i, 'split brain'],
  [/conn\( \S+ -> (?:Connected|WFBitMap\S+|SyncSource|SyncTarget) \)/, 'in touch'],
  [/repl\( \S+ -> (?:Established|WFBitMap\S+|SyncSource|SyncTarget) \)/, 'in touch'],
  [/Different \S+ settings|incompatible .* settings|[Aa]uthentication of peer failed/, 'refused'],
  [
    /Unrelated data, aborting|expected .* but got|incompatible (?:DRBD dialects|protocol)/,
    'refused',
  ],
  [/disk size is too small|expected AuthChallenge|presented a node_id/, 'refused'],
  [
    /PingAck did not arrive|sock was shut down by peer|conn\( \S+ -> (?:NetworkFailure|BrokenPipe|Timeout) \)/,
    'link lost',
  ],
  // `Accepted …, preparing to skip initial sync`: there was no data before.
  [/(?<!Accepted )new current UUID/, 'new generation'],
];

/** Reads lines of `dmesg`, oldest first. Every line is kept; those of other drivers as `other`. */
export function parseKernelLog(text: string): Parsed<readonly LogLine[]> {
  const lines: LogLine[] = [];
  const unread: string[] = [];
  for (const text1 of eachLine(text)) {
    if (text1.length > LONGEST_LINE) unread.push(text1);
    else if (text1.trim() !== '') lines.push(readLine(text1));
  }
  return parsed(lines, unread);
}

function readLine(text: string): LogLine {
  const [prefix, at, minor, resource = null, minor9, peer = null] = PREFIX.exec(text) ?? [];
  if (prefix === undefined) {
    return { at: null, resource: null, minor: null, peer: null, kind: 'other', text };
  }
  const number = minor ?? minor9;
  return {
    at: at === undefined ? null : Number(at),
    resource,
    minor: number === undefined ? null : Number(number),
    peer,
    kind: WORDS.find(([words]) => words.test(text))?.[1] ?? 'other',
    text,
  };
}

/** The newest 400 lines about DRBD, and what dmesg says if it may not be read. */
export const kernelLog: Tool<[], readonly LogLine[]> = {
  command: () => reads(['sh', '-c', 'dmesg 2>&1 | grep -e drbd -e ^dmesg: | tail -n 400']),
  parse: parseKernelLog,
};

/** Seconds since boot, by which the log's times become times of day (proc(5)). */
export const uptime: Tool<[], number> = {
  command: () => reads(['cat', '/proc/uptime']),
  parse: (text) => {
    const seconds = /^(\d+(?:\.\d+)?)\s/.exec(text)?.[1];
    return seconds === undefined
      ? { ok: false, line: 1, expected: 'seconds since boot' }
      : parsed(Number(seconds));
  },
};

/** Debian 12, kernel 6.1, DRBD 8.4.11: the end of a split brain's handshake. */
export const kernelLogSample = `[  344.426453] block drbd0: uuid_compare()=100 by rule 90
[  344.426719] block drbd0: helper command: /sbin/drbdadm initial-split-brain minor-0
[  344.605362] block drbd0: Split-Brain detected but unresolved, dropping connection!
[  344.808502] drbd r0: conn( Disconnecting -> StandAlone ) 
`;
