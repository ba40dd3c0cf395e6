import type { LogLine } from './kernel-log.js';

/** A split brain that is over: one side was chosen, by DRBD's own rules or by hand. */
export interface Solved {
  readonly minor: number;
  readonly by: 'policy' | 'hand';
  /** Whose changes were discarded, seen from the host whose log it is. */
  readonly discarded: 'this side' | 'the other side';
  /** KiB that were copied over it; null where the log does not say. */
  readonly kib: number | null;
  /** Seconds since boot. */
  readonly at: number | null;
}

/** Source: drbd_receiver.c (`drbd_sync_handshake`) of 8.3 to 9; seen with 8.4.11. */
const SOLVED =
  /Split-Brain detected[^!]*?(manually|automatically) solved\. Sync from (this|peer) node/i;
const BEGAN = /Began resync as Sync(?:Source|Target) \(will sync (\d+) KB/;

/** The newest split brain of a volume that was solved; undefined: the log knows of none. */
export function lastSolved(lines: readonly LogLine[], minor: number): Solved | undefined {
  const own = lines.filter((line) => line.minor === minor);
  const at = own.findLastIndex(({ text }) => SOLVED.test(text));
  const line = own[at];
  if (!line) return undefined;
  const [, how, from] = SOLVED.exec(line.text) ?? [];
  const began = own.slice(at).flatMap(({ text }) => BEGAN.exec(text)?.[1] ?? [])[0];
  return {
    minor,
    by: how?.toLowerCase() === 'manually' ? 'hand' : 'policy',
    discarded: from === 'this' ? 'the other side' : 'this side',
    kib: began === undefined ? null : Number(began),
    at: line.at,
  };
}
