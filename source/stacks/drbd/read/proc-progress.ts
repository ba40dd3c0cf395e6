/** How far a resync or a verify is, as `/proc/drbd` prints it. */
export interface ProcSync {
  readonly kind: 'resync' | 'verify';
  /** 0 to 100, one decimal. It can say 100 while data is left. */
  readonly percent: number;
  /** KiB left and in all; the kernel rounds both to MiB on large devices. */
  readonly leftKiB: number;
  readonly totalKiB: number;
  /** The kernel's own estimate; null if its line is missing. */
  readonly secondsLeft: number | null;
  /** KiB per second now; null if its line is missing. */
  readonly kibPerSecond: number | null;
  /** KiB per second since it began; null if its line is missing. */
  readonly averageKibPerSecond: number | null;
  /** KiB per second that the controller aims at; printed on the target only, else null. */
  readonly wantKibPerSecond: number | null;
  /** The kernel itself saw no progress for many marks. */
  readonly stalled: boolean;
}

const PROGRESS =
  /^\s+\[([=>.]*)\]\s*(sync'ed|verified):\s*(\d+(?:\.\d+)?)%\s*\((\d+)\/(\d+)\)\s*([KM])?\s*(.*)$/;
const RATE =
  /^\s*finish:\s*(\d+):(\d+):(\d+)\s+speed:\s*([\d,]+)\s+\(([\d,]+)(?:\s+--\s+([\d,]+))?\)(?:\s+want:\s*([\d,]+))?\s+K\/sec(?:\s+(\(stalled\)))?(?:\s+\d+%\s+sector pos: [\d/]+)?\s*$/;

/** The bar's line. The driver of kernel 2.6.39 forgot the newline: its rate may follow at once. */
export function readProgress(line: string): ProcSync | undefined {
  const [, , word, percent, left, total, unit, rest] = PROGRESS.exec(line) ?? [];
  if (word === undefined || left === undefined || total === undefined) return undefined;
  const rate = rest ? readRate(rest) : undefined;
  if (rest && !rate) return undefined;
  const factor = unit === 'M' ? 1024 : 1;
  return {
    kind: word === 'verified' ? 'verify' : 'resync',
    percent: Number(percent),
    leftKiB: Number(left) * factor,
    totalKiB: Number(total) * factor,
    secondsLeft: null,
    kibPerSecond: null,
    averageKibPerSecond: null,
    wantKibPerSecond: null,
    stalled: false,
    ...rate,
  };
}

/** The line of the rate; thousands are set apart by commas. */
export function readRate(
  line: string,
):
  | Pick<
      ProcSync,
      'secondsLeft' | 'kibPerSecond' | 'averageKibPerSecond' | 'wantKibPerSecond' | 'stalled'
    >
  | undefined {
  const [matched, hours, minutes, seconds, speed, recent, average, want, stalled] =
    RATE.exec(line) ?? [];
  if (matched === undefined || speed === undefined) return undefined;
  return {
    secondsLeft: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    kibPerSecond: ungrouped(speed),
    averageKibPerSecond: ungrouped(average ?? recent ?? speed),
    wantKibPerSecond: want === undefined ? null : ungrouped(want),
    stalled: stalled !== undefined,
  };
}

function ungrouped(digits: string): number {
  return Number(digits.replaceAll(',', ''));
}
