import { reads } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';
import type { Tool } from '../../../core/tool.js';

/** What a line of the kernel log tells about the cluster. */
export type LogKind =
  /** Another node was thrown out of a file system's domain. */
  | 'evicted'
  /** Another node came in. */
  | 'joined'
  /** This host came in itself: what was before does not count any more. */
  | 'entered'
  | 'left'
  /** The connection to a node is silent, or lost. */
  | 'link lost'
  | 'link up'
  /** This host could not write its heartbeat in time. */
  | 'heartbeat late'
  /** This host restarts itself, or is about to. */
  | 'fencing'
  /** The file system was turned read-only. */
  | 'read-only'
  | 'other';

/** A line of the kernel log. */
export interface LogLine {
  /** Seconds since the host's boot; null where the kernel prints no times. */
  readonly at: number | null;
  readonly kind: LogKind;
  /** The number of the other node, where it is named. */
  readonly node: number | null;
  /** The file system's UUID, where it is named. */
  readonly uuid: string | null;
  readonly text: string;
}

/** The kernel's own words, first match wins (fs/ocfs2: dlm, cluster/heartbeat.c, quorum.c, tcp.c, super.c). */
const WORDS: readonly (readonly [RegExp, LogKind])[] = [
  [/o2dlm has evicted node (?<node>\d+) from (?:domain|group) (?<uuid>[0-9A-F]{32})/, 'evicted'],
  [/Node (?<node>\d+) joins domain (?<uuid>[0-9A-F]{32})/i, 'joined'],
  [/Joining domain (?<uuid>[0-9A-F]{32})/, 'entered'],
  [/Node (?<node>\d+) leaves domain (?<uuid>[0-9A-F]{32})/i, 'left'],
  [/o2net: No longer connected to node \S+ \(num (?<node>\d+)\)/, 'link lost'],
  [/o2net: Connection to node \S+ \(num (?<node>\d+)\).*has been idle/, 'link lost'],
  [/o2net: (?:Accepted connection from|Connected to) node \S+ \(num (?<node>\d+)\)/, 'link up'],
  [/Heartbeat write timeout to device|heartbeat.*write timeout/i, 'heartbeat late'],
  [/fencing this (?:node|system)|sorry to be fencing|about to be fenced/i, 'fencing'],
  [/File system is now read-only|remounting.*read-only due to/i, 'read-only'],
];

/** Reads lines of `dmesg`, oldest first. Every line is kept; those that say nothing here as `other`. */
export function parseKernelLog(text: string): Parsed<readonly LogLine[]> {
  return parsed(
    linesOf(text)
      .filter((line) => line.trim() !== '')
      .map(readLine),
  );
}

function readLine(text: string): LogLine {
  const at = /^(?:<\d+>)?\[\s{0,12}(\d+\.\d+)\]/.exec(text)?.[1];
  for (const [words, kind] of WORDS) {
    const match = words.exec(text.slice(0, 600));
    if (!match) continue;
    const { node, uuid } = match.groups ?? {};
    return {
      at: at === undefined ? null : Number(at),
      kind,
      node: node === undefined ? null : Number(node),
      uuid: uuid ?? null,
      text,
    };
  }
  return { at: at === undefined ? null : Number(at), kind: 'other', node: null, uuid: null, text };
}

/** The newest lines of OCFS2 and its cluster; nothing where there is none. */
export const kernelLog: Tool<[], readonly LogLine[]> = {
  command: () =>
    reads([
      'sh',
      '-c',
      'dmesg 2>&1 | grep -iE "o2(net|cb|hb|dlm|quo)|ocfs2|^dmesg:" | tail -n 200',
    ]),
  parse: parseKernelLog,
  readableAt: [1],
};

/** Debian 12, kernel 6.1: the link was cut, and this side threw the other out. */
export const kernelLogSample = `[  680.908850] o2net: Connection to node torchio (num 2) at 192.0.2.2:7777 has been idle for 30.714 secs.
[  699.700238] o2net: No longer connected to node torchio (num 2) at 192.0.2.2:7777
[  699.708113] o2cb: o2dlm has evicted node 2 from domain 28BD88682F1B40A7965C648DC924160A
[  702.157185] o2dlm: Begin recovery on domain 28BD88682F1B40A7965C648DC924160A for node 2
[  702.194872] ocfs2: End replay journal (node 2, slot 1) on device (147,0)
`;
