import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Disk, Disks } from '../tools/disks.js';
import { readTables, SEPARATOR, wholeNumber, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117, disks of which one is taken out of use. */
export const mooseDisksSample = `disks:|127.0.0.32:9422:/srv/lab/moose/c1/hd1/|8|no errors|ok|0|854411081|0|1101|0|0|256|0|38095872|378124288
disks:|127.0.0.32:9422:/srv/lab/moose/c1/hd2/|8|no errors|ok|-|-|-|-|-|-|-|-|38095872|378124288
`;

/**
 * `mfscli -SHD`: ip:port:path, chunks, the newest error in unix seconds or `no errors`, the state in
 * words, eight figures of the last minute or `-`, used, total; of a disk that is scanned the words
 * `progress:` and how far in percent stand for the last two. The tool asks the chunkservers one by
 * one, and up to 4.58 one that is silent leaves nothing but a traceback of Python.
 */
export function parseMooseDisks(text: string): Parsed<Disks> {
  const result = readTables(text, ['disks'], 'the disks of `mfscli -SHD`', readDisk);
  return result.ok ? parsed({ disks: result.value }, result.unread) : result;
}

const REST = 13;

function readDisk({ fields }: Row): Disk | undefined {
  // A path may hold the separator; what comes after it does not.
  const place = /^([^:]+:\d{1,5}):(\/.*)$/.exec(fields.slice(0, -REST).join(SEPARATOR));
  const [chunks, error, state = ''] = fields.slice(-REST);
  const scanning = fields.at(-2) === 'progress:';
  const [server = '', path = ''] = place?.slice(1) ?? [];
  const numbers = [chunks, ...(scanning ? [] : fields.slice(-2))].map(wholeNumber);
  if (!place || state === '') return undefined;
  // Of a chunkserver that cannot be asked there are no numbers, and the state says why.
  const known = !numbers.some(Number.isNaN);
  if (!known && !/^(?:unknown|invalid)/.test(state)) return undefined;
  const errorAt = wholeNumber(error);
  return {
    server,
    path,
    ...flagsOf(state),
    scanning,
    ...(scanning && { scannedPercent: wholeNumber(fields.at(-1)) || 0 }),
    lastErrorAt: Number.isNaN(errorAt) ? 0 : errorAt,
    chunks: known ? (numbers[0] ?? 0) : 0,
    usedBytes: known ? (numbers[1] ?? 0) : 0,
    totalBytes: known ? (numbers[2] ?? 0) : 0,
    ...(!known && { unknown: state }),
  };
}

/** `ok`, `damaged`, `invalid`, `marked for removal (ready)`, in MooseFS 4 `removal ready`. */
function flagsOf(state: string): Pick<Disk, 'damaged' | 'toDelete' | 'removable'> {
  const toDelete = state.includes('removal');
  return {
    damaged: /\b(?:damaged|invalid)\b/.test(state),
    toDelete,
    ...(toDelete && { removable: /removal (?:\(ready\)|ready)/.test(state) }),
  };
}
