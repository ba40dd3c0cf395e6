import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Chunkserver, Chunkservers } from '../tools/chunkservers.js';
import { readTables, wholeNumber, wholeNumbers, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117, one chunkserver of three stopped. */
export const mooseServersSample = `chunk servers:|127.0.0.32|9422|1|A|3.0.117|0|maintenance_off|16|76191744|756248576|-|0|0|0
chunk servers:|127.0.0.33|9422|2|A|3.0.117|0|maintenance_off|16|76191744|756248576|-|0|0|0


Disconnected chunk servers:|127.0.0.34|9422|3|maintenance_temp_on
`;

/**
 * `mfscli -SCS`: ip, port, id, labels, version, load, in MooseFS 4 the load's state, maintenance,
 * chunks, used, total, how far a removal is, chunks, used and total of the disks marked for it. Those
 * that are away stand in a table of their own. Errors are not told.
 */
export function parseMooseServers(text: string): Parsed<Chunkservers> {
  const expected = 'the chunkservers of `mfscli -SCS`';
  const result = readTables(text, ['servers', 'gone'], expected, readServer);
  return result.ok ? parsed({ servers: result.value }, result.unread) : result;
}

const REST = 7;

function readServer({ table, fields }: Row): Chunkserver | undefined {
  const [ip = '', port = '', id, labels = ''] = fields;
  if (ip === '' || [port, id].some((field) => Number.isNaN(wholeNumber(field)))) return undefined;
  const address = `${ip}:${port}`;
  if (table === 'gone') return { ...away, address, ...maintenanceOf(fields[3]) };
  const [chunks, used, total, , ...removal] = fields.slice(-REST);
  const numbers = wholeNumbers([chunks ?? '', used ?? '', total ?? '', ...removal]);
  if (fields.length < 13 || numbers === undefined) return undefined;
  const at = (index: number): number => numbers[index] ?? 0;
  return {
    address,
    connected: true,
    version: fields[4] ?? '',
    label: labels === '-' || labels === '' ? '_' : labels,
    ...maintenanceOf(fields.at(-REST - 1)),
    chunks: at(0),
    usedBytes: at(1),
    totalBytes: at(2),
    toDeleteChunks: at(3),
    toDeleteUsedBytes: at(4),
    toDeleteTotalBytes: at(5),
  };
}

const away = {
  connected: false,
  version: '-',
  label: '-',
  chunks: 0,
  usedBytes: 0,
  totalBytes: 0,
  toDeleteChunks: 0,
  toDeleteUsedBytes: 0,
  toDeleteTotalBytes: 0,
} as const;

/** `maintenance_off`, `maintenance_temp_on`; in MooseFS 4 `maintenance on (temp ; 1500)`. */
function maintenanceOf(word = ''): Pick<Chunkserver, 'maintenance'> {
  if (!/^maintenance\b|^maintenance_/.test(word) || !/[ _]on\b/.test(word)) return {};
  return { maintenance: /te?mp/.test(word) ? 'for a while' : 'on purpose' };
}
