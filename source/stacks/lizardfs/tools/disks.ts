import { parsed, type Parsed } from '../../../core/parsed.js';
import { isAddress, naturals, readRecords, yesNo } from './porcelain.js';

/** What a disk did in one span of time (`--verbose` only). */
export interface DiskStatistics {
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** The slowest single operation, in µs. */
  readonly slowestReadMicros: number;
  readonly slowestWriteMicros: number;
  readonly slowestFsyncMicros: number;
  readonly reads: number;
  readonly writes: number;
  readonly fsyncs: number;
}

/** A disk of a chunkserver: one line of its mfshdd.cfg. */
export interface Disk {
  /** `ip:port` of its chunkserver. */
  readonly server: string;
  /** As configured, with a trailing slash; may hold blanks. */
  readonly path: string;
  /** Marked for removal by `*` in mfshdd.cfg. */
  readonly toDelete: boolean;
  /** Taken out of use after errors; a path that does not exist is damaged with a total of 0. */
  readonly damaged: boolean;
  /** Its chunks are still being looked through after a start. */
  readonly scanning: boolean;
  /** How much of it has been looked through, in percent, where that is told. */
  readonly scannedPercent?: number;
  /** It is marked for removal: whether it is empty enough to go, where that is told. */
  readonly removable?: boolean;
  /** Why the rest is not known: its chunkserver could not be asked. */
  readonly unknown?: string;
  /** The chunk of the newest error; 0: none since the start; undefined where that is not told. */
  readonly lastErrorChunk?: number;
  /** When the newest error was, in unix seconds by the server's clock; 0: never. */
  readonly lastErrorAt: number;
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly chunks: number;
  readonly lastMinute?: DiskStatistics;
  readonly lastHour?: DiskStatistics;
  readonly lastDay?: DiskStatistics;
}

/** What `list-disks` says. */
export interface Disks {
  readonly disks: readonly Disk[];
}

/** A genuine output: LizardFS 3.13, one disk damaged. */
export const disksSample = `127.0.0.22:9422 /srv/lab/lizard/cs2/hd2/ no no no 0 0 378124288 48672768 32
127.0.0.22:9422 /srv/lab/lizard/cs2/hd1/ no yes no 1 1795201796 378124288 34962432 16
`;

const PLAIN = 8;
const VERBOSE = 24;

/**
 * `list-disks --porcelain [--verbose]`. Paths are not escaped, so that a blank in one shifts the
 * fields: a line is read from both ends. Disconnected servers are left out, and empty output means
 * that no server is connected. The tool asks the servers one after the other in the order of
 * `list-chunkservers` and gives up at the first that does not answer (the tool's source).
 */
export function parseDisks(text: string): Parsed<Disks> {
  const result = readRecords(text, 'ip:port, a path and eight fields more', readDisk);
  return result.ok ? parsed({ disks: result.value }, result.unread) : result;
}

function readDisk(line: string): Disk | undefined {
  const words = line.split(' ');
  return readFrom(words, []) ?? readFrom(words.slice(0, -VERBOSE), words.slice(-VERBOSE));
}

function readFrom(words: readonly string[], statistics: readonly string[]): Disk | undefined {
  const server = words[0];
  const fields = words.slice(-PLAIN);
  const path = words.slice(1, -PLAIN).join(' ');
  const flags = fields.slice(0, 3).map(yesNo);
  const numbers = naturals(fields.slice(3));
  const spans = naturals(statistics);
  if (!isAddress(server) || path === '' || flags.includes(undefined)) return undefined;
  if (numbers === undefined || spans === undefined) return undefined;
  return {
    server,
    path,
    toDelete: flags[0] === true,
    damaged: flags[1] === true,
    scanning: flags[2] === true,
    lastErrorChunk: numbers[0] ?? 0,
    lastErrorAt: numbers[1] ?? 0,
    totalBytes: numbers[2] ?? 0,
    usedBytes: numbers[3] ?? 0,
    chunks: numbers[4] ?? 0,
    ...(spans.length === VERBOSE && {
      lastMinute: statisticsOf(spans.slice(0, 8)),
      lastHour: statisticsOf(spans.slice(8, 16)),
      lastDay: statisticsOf(spans.slice(16)),
    }),
  };
}

function statisticsOf(numbers: readonly number[]): DiskStatistics {
  const at = (index: number): number => numbers[index] ?? 0;
  return {
    readBytes: at(0),
    writtenBytes: at(1),
    slowestReadMicros: at(2),
    slowestWriteMicros: at(3),
    slowestFsyncMicros: at(4),
    reads: at(5),
    writes: at(6),
    fsyncs: at(7),
  };
}
