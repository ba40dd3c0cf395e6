import { parsed, type Parsed } from '../../../core/parsed.js';
import { isAddress, naturals, readRecords } from './porcelain.js';

/** A chunkserver as the master knows it. */
export interface Chunkserver {
  /** `ip:port` where it serves clients. */
  readonly address: string;
  /** A disconnected server stays in the list, with nothing known of it. */
  readonly connected: boolean;
  /** `3.13.0`; `-` when disconnected. */
  readonly version: string;
  /** Chunk parts on its disks that stay, a number. */
  readonly chunks: number;
  /** On the disks that stay, in bytes. */
  readonly usedBytes: number;
  readonly totalBytes: number;
  /** Chunk parts on its disks that are marked for removal, a number. */
  readonly toDeleteChunks: number;
  readonly toDeleteUsedBytes: number;
  readonly toDeleteTotalBytes: number;
  /** I/O errors since it started, a number; undefined where the tool does not tell. */
  readonly errors?: number;
  /** Its label for goals; `_` is the wildcard. `-` when disconnected. */
  readonly label: string;
  /**
   * The master makes no new copies for what is on it: somebody said so, or (MooseFS) it was stopped
   * in good order and is given half an hour.
   */
  readonly maintenance?: 'on purpose' | 'for a while';
}

/** What `list-chunkservers` says. */
export interface Chunkservers {
  readonly servers: readonly Chunkserver[];
}

/** A genuine output: LizardFS 3.13, one server of three disconnected. */
export const chunkserversSample = `127.0.0.23:9422 - 0 0 0 0 0 0 0 -
127.0.0.22:9422 3.13.0 28 65710080 756248576 0 0 0 0 hdd
127.0.0.21:9422 3.13.0 31 68872192 756248576 0 0 0 0 ssd
`;

/**
 * `list-chunkservers --porcelain`: always ten fields (the tool's source and captures). Empty
 * output: the master has never seen a chunkserver since it started.
 */
export function parseChunkservers(text: string): Parsed<Chunkservers> {
  const result = readRecords(text, 'ten fields that begin with ip:port', readServer);
  return result.ok ? parsed({ servers: result.value }, result.unread) : result;
}

function readServer(line: string): Chunkserver | undefined {
  const words = line.split(' ');
  const [address, version = '', ...rest] = words;
  const numbers = naturals(rest.slice(0, 7));
  if (words.length !== 10 || !isAddress(address) || numbers === undefined) return undefined;
  const [chunks, usedBytes, totalBytes, toDeleteChunks, ...more] = numbers;
  const connected = version !== '-';
  return {
    address,
    connected,
    version,
    chunks: chunks ?? 0,
    usedBytes: usedBytes ?? 0,
    totalBytes: totalBytes ?? 0,
    toDeleteChunks: toDeleteChunks ?? 0,
    toDeleteUsedBytes: more[0] ?? 0,
    toDeleteTotalBytes: more[1] ?? 0,
    errors: more[2] ?? 0,
    label: rest[7] ?? '',
  };
}
