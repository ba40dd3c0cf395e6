import type { Settings } from './settings.js';

/** The options that limit a resync, all rates. */
export const RATES = ['resync-rate', 'c-max-rate', 'c-min-rate'] as const;

/** A rate that limits a resync. */
export type RateOption = (typeof RATES)[number];

/** KiB/s where nothing is set. Source: drbd_limits.h of 8.4 and 9 (`DRBD_*_DEF`). */
const DEFAULTS: Readonly<Record<RateOption, number>> = {
  'resync-rate': 250,
  'c-max-rate': 102_400,
  'c-min-rate': 250,
};

/** The highest that DRBD takes, KiB/s (`DRBD_*_MAX`: 4 GiB/s). */
export const HIGHEST_RATE = 4 * 1024 * 1024;

const FACTORS: Readonly<Record<string, number>> = { k: 1, m: 1024, g: 1024 ** 2 };

/** A rate in KiB/s as the kernel has it; a bare number counts KiB. */
export function kibOf(settings: Settings, option: RateOption): number {
  const [, digits, unit = 'k'] =
    /^(\d+)([kmg])?$/i.exec(settings.get(`disk/${option}`) ?? '') ?? [];
  if (digits === undefined) return DEFAULTS[option];
  return Number(digits) * (FACTORS[unit.toLowerCase()] ?? 1);
}

/**
 * Whether the resync has one fixed rate (`c-plan-ahead 0`), instead of one that DRBD makes by itself up to
 * `c-max-rate`. By default it plans two seconds ahead.
 */
export function hasFixedRate(settings: Settings): boolean {
  return settings.get('disk/c-plan-ahead') === '0';
}
