import type { LogLine } from './kernel-log.js';

/** A stretch of a device that differs between two sides. */
export interface Range {
  readonly minor: number | null;
  /** From the device's beginning, in bytes. */
  readonly start: number;
  readonly bytes: number;
}

/** What the kernel log tells of verifies of a volume. */
export interface VerifyLog {
  /** Of the newest verify that found any, in their order; the log may have lost the first. */
  readonly ranges: readonly Range[];
  /** Seconds since boot at which the newest one ended; null: none did that the log still knows. */
  readonly doneAt: number | null;
  /** KiB that differ by the newest one's end; null: it does not say. */
  readonly foundKiB: number | null;
  /** Seconds since boot at which the newest resync ended; null: none did that the log still knows. */
  readonly copiedAt: number | null;
}

const SECTOR = 512;
/** The side that begins it, and with DRBD 9 the other one. */
const BEGUN = /Starting Online Verify|Online Verify start sector/i;
/** Source: drbd_worker.c (`drbd_ov_out_of_sync_print`, `drbd_resync_finished`) of 8.3 to 9. */
const RANGE = /Out of sync: start=(\d+), size=(\d+) \(sectors\)/i;
const COPIED = /Resync done/i;
const DONE = /Online verify done/i;
const FOUND = /Online verify found (\d+) (\d+)k blocks? out of sync/i;

/** Reads the newest verify out of lines about one volume, oldest first. */
export function readVerifyLog(lines: readonly LogLine[]): VerifyLog {
  const known = lines.findLastIndex(({ text }) => BEGUN.test(text));
  const newest = lines.slice(Math.max(0, known));
  const ranges: Range[] = [];
  for (const { text, minor } of newest) {
    const [, start, size] = RANGE.exec(text) ?? [];
    if (start === undefined || size === undefined) continue;
    const range = { minor, start: Number(start) * SECTOR, bytes: Number(size) * SECTOR };
    const last = ranges.at(-1);
    if (last?.minor === minor && last.start + last.bytes === range.start) {
      ranges[ranges.length - 1] = { ...last, bytes: last.bytes + range.bytes };
    } else ranges.push(range);
  }
  const found = newest.findLast(({ text }) => FOUND.test(text));
  const [, blocks, kib] = FOUND.exec(found?.text ?? '') ?? [];
  return {
    ranges,
    doneAt: newest.findLast(({ text }) => DONE.test(text))?.at ?? null,
    foundKiB: blocks === undefined ? null : Number(blocks) * Number(kib),
    copiedAt: lines.findLast(({ text }) => COPIED.test(text))?.at ?? null,
  };
}
