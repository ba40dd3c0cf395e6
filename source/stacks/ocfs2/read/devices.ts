import { reads, type Command } from '../../../core/host.js';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** A device that holds an OCFS2 file system, as one host sees it. */
export interface Ocfs2Device {
  /** `/dev/drbd0`. */
  readonly device: string;
  /** `o2cb`, `pcmk`, `cman`, `None` (a local one). */
  readonly stack: string;
  /** Its name in capitals without dashes: also the heartbeat region's. */
  readonly uuid: string;
  readonly label: string;
}

/** Who has it mounted, by the slots on the disk: what a node that died left behind counts too. */
export interface MountedDevice {
  readonly device: string;
  readonly nodes: readonly string[];
}

/** `-d`: what the devices are. */
export function detectCommand(): Command<'reads'> {
  return reads(['mounted.ocfs2', '-d'], 30_000);
}

/** `-f`: which nodes have them mounted. */
export function mountedCommand(): Command<'reads'> {
  return reads(['mounted.ocfs2', '-f'], 30_000);
}

const HEAD = /^Device\s+(?:FS|Stack)\b/;

/** Reads `mounted.ocfs2 -d`: padded columns; the cluster and the flags may be empty (ocfs2-tools 1.8). */
export function parseDetect(text: string): Parsed<readonly Ocfs2Device[]> {
  return readTable(text, (line) => {
    const [, device, stack, uuid, label = ''] =
      /^(\S+)\s+(\S+)\s.*?\b([0-9A-Fa-f]{32}|[0-9A-Fa-f-]{36})(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (device === undefined || stack === undefined || uuid === undefined) return undefined;
    return { device, stack, uuid: uuid.replaceAll('-', '').toUpperCase(), label };
  });
}

/** Reads `mounted.ocfs2 -f`: node names by commas, or `Not mounted`; nodes without a name by number. */
export function parseMounted(text: string): Parsed<readonly MountedDevice[]> {
  const [head = ''] = linesOf(text);
  // The nodes stand in the last column, whose place the head shows: the ones before it may be empty.
  const at = head.indexOf('Nodes');
  return readTable(text, (line) => {
    const device = /^\S+/.exec(line)?.[0];
    const nodes = at > 0 ? line.slice(nodesAt(line, at)).trim() : '';
    if (device === undefined || nodes === '') return undefined;
    if (/^Not mounted$/i.test(nodes)) return { device, nodes: [] };
    return { device, nodes: nodes.split(',').map((node) => node.trim()) };
  });
}

/** A long device pushes its own line to the right; then the last run of blanks before the nodes counts. */
function nodesAt(line: string, at: number): number {
  return line[at - 1] === ' ' ? at : line.lastIndexOf('  ') + 2;
}

function readTable<T>(text: string, read: (line: string) => T | undefined): Parsed<readonly T[]> {
  const [head = '', ...lines] = linesOf(text);
  if (!HEAD.test(head)) return notThis(1, 'the head of `mounted.ocfs2`');
  const unread: string[] = [];
  const rows = lines.flatMap((line): T[] => {
    const row = line.trim() === '' ? undefined : read(line);
    if (row === undefined && line.trim() !== '') unread.push(line);
    return row === undefined ? [] : [row];
  });
  return parsed(rows, unread);
}

export const detectSample = `Device      Stack  Cluster  F  UUID                              Label
/dev/vdb    o2cb               28BD88682F1B40A7965C648DC924160A  dados
/dev/drbd0  o2cb               28BD88682F1B40A7965C648DC924160A  dados
`;

export const mountedSample = `Device      Stack  Cluster  F  Nodes
/dev/vdb    o2cb               fiori, torchio
/dev/drbd0  o2cb               Not mounted
`;
