import type { Parsed } from '../../../core/parsed.js';
import { naturals, readRecord } from './porcelain.js';

/** Totals of the whole installation, as the master counts them. */
export interface Info {
  /** Of the master: `3.13.0`. */
  readonly version: string;
  /** Memory that the master uses, in bytes. */
  readonly memoryBytes: number;
  /** Of all connected chunkservers, without disks marked for removal or damaged. */
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly trashBytes: number;
  readonly trashFiles: number;
  /** Deleted but still open. */
  readonly reservedBytes: number;
  readonly reservedFiles: number;
  readonly objects: number;
  readonly directories: number;
  readonly files: number;
  /** SaunaFS only. */
  readonly symlinks?: number;
  readonly chunks: number;
  readonly copies: number;
}

/** A genuine output: LizardFS 3.13. */
export const infoSample = `3.13.0 69427200 2268745728 2069506048 0 0 0 0 44 7 37 37 62 62
`;

/**
 * `info --porcelain`: 14 fields in LizardFS; SaunaFS has 15, with symlinks before chunks (both
 * tools' sources), so they are counted before they are read. The last repeats the copies.
 */
export function parseInfo(text: string): Parsed<Info> {
  return readRecord(text, 'a version and 13 or 14 numbers', readInfo);
}

function readInfo(line: string): Info | undefined {
  const [version = '', ...words] = line.split(' ');
  const numbers = naturals(words);
  if (!/^\d+\.\d/.test(version) || numbers === undefined) return undefined;
  if (numbers.length !== 13 && numbers.length !== 14) return undefined;
  const at = (index: number): number => numbers[index] ?? 0;
  const symlinks = numbers.length === 14 ? 1 : 0;
  return {
    version,
    memoryBytes: at(0),
    totalBytes: at(1),
    availableBytes: at(2),
    trashBytes: at(3),
    trashFiles: at(4),
    reservedBytes: at(5),
    reservedFiles: at(6),
    objects: at(7),
    directories: at(8),
    files: at(9),
    ...(symlinks === 1 && { symlinks: at(10) }),
    chunks: at(10 + symlinks),
    copies: at(11 + symlinks),
  };
}
