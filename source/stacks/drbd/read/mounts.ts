import { reads } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { eachLine, LONGEST_LINE } from './lines.js';

/** A file system that is mounted straight from a DRBD device. */
export interface DrbdMount {
  /** `/dev/drbd0`, or a link to it. */
  readonly device: string;
  readonly at: string;
  /** `ext4`, `ocfs2`. */
  readonly type: string;
}

/** Reads lines of `/proc/mounts` (proc(5)), where blanks are written `\040`. */
export function parseMounts(text: string): Parsed<readonly DrbdMount[]> {
  const mounts: DrbdMount[] = [];
  const unread: string[] = [];
  for (const line of eachLine(text)) {
    if (line.trim() === '') continue;
    const [device, at, type] = line.length > LONGEST_LINE ? [] : line.split(' ');
    if (device === undefined || at === undefined || type === undefined) unread.push(line);
    else mounts.push({ device: unescaped(device), at: unescaped(at), type });
  }
  return parsed(mounts, unread);
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Only the lines of DRBD devices: exit 1 means none. Never touches the file systems themselves. */
export const mounts: Tool<[], readonly DrbdMount[]> = {
  command: () => reads(['grep', '^/dev/drbd', '/proc/mounts']),
  parse: parseMounts,
  readableAt: [1],
};
