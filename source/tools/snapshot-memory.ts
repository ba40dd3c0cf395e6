import { reads, type Command, type Reader } from '../core/host.js';

/**
 * What a persistent snapshot of device mapper wrote aside, as it lies on the disk: a header, then tables
 * of exceptions (drivers/md/dm-snap-persistent.c). A merge strikes off what it has done.
 */
export interface SnapshotMemory {
  /** The kernel's own mark: false once it gave the snapshot up (`Invalid`). */
  readonly valid: boolean;
  /** Bytes that were written aside and are not merged. */
  readonly bytes: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** A memory as it was read; what holds none says so. */
export type MemoryLook =
  | { readonly ok: true; readonly memory: SnapshotMemory }
  | { readonly ok: false; readonly because: string };

/** So many tables are read at the most: with chunks of 8 KiB they tell of 1 GiB. */
const MOST_TABLES = 256;

/**
 * $1 the device. A new volume is full of zeros: nothing was ever written aside. The header stands at its
 * begin (little-endian): `SnAp`, valid, version, sectors a
 * chunk. The first table is the second chunk; each has as many exceptions of 16 bytes (old chunk, new
 * chunk) as fit in one chunk, and the chunks that it tells of follow it. The first that is zero ends all.
 */
const SCRIPT = [
  'd=$1',
  '[ -b "$d" ] || { echo "no device"; exit 0; }',
  'set -- $(dd if="$d" bs=512 count=1 2>/dev/null | od -A n -v -t u4 -N 16)',
  '[ "$1" = 0 ] && [ "$4" = 0 ] && { echo "memory 1 0 all"; exit 0; }',
  '[ "$1" = 1883336275 ] || { echo "no memory"; exit 0; }',
  'v=$2 c=$4; b=$((c * 512)) e=$((c * 32)) n=0 t=0',
  'case $c in 8|16|32|64|128|256|512|1024|2048) ;; *) echo "odd $c"; exit 0;; esac',
  `while [ $t -lt ${MOST_TABLES} ]; do`,
  'set -- $(dd if="$d" bs=$b skip=$((1 + t * (e + 1))) count=1 2>/dev/null | od -A n -v -t u8 | awk \'$2 == 0 { z = 1; exit } { n++ } END { print n + 0, z + 0 }\')',
  'n=$((n + $1)); t=$((t + 1)); [ $2 -eq 0 ] || { echo "memory $v $((n * b)) all"; exit 0; }',
  // Neither full nor ended: a disk that fails must not look like an empty table.
  '[ $1 -eq $e ] || { echo "torn"; exit 0; }; done',
  'echo "memory $v $((n * b)) more"',
].join('\n');

/** Reads the tables of a snapshot's memory; it opens the device for reading alone. */
export function memoryCommand(path: string): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT, 'sh', path], 60_000);
}

/** Looks into a snapshot's memory. Never rejects. */
export async function lookIntoMemory(host: Reader, path: string): Promise<MemoryLook> {
  const outcome = await host.run(memoryCommand(path));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  return parseMemory(outcome.stdout);
}

/** Reads `memory VALID BYTES all|more`, or why there is none. */
export function parseMemory(text: string): MemoryLook {
  const line = text.trim();
  const [, valid, bytes, rest] = /^memory (\d+) (\d+) (all|more)$/.exec(line) ?? [];
  if (bytes !== undefined) {
    const memory = { valid: valid === '1', bytes: Number(bytes), more: rest === 'more' };
    return { ok: true, memory };
  }
  if (line === 'no device') return { ok: false, because: 'it is no block device' };
  if (line === 'no memory') return { ok: false, because: 'it holds no snapshot’s memory' };
  return { ok: false, because: 'its tables could not be read' };
}
