import type { Work } from '../../works.js';
import { hasFixedRate, kibOf, type RateOption } from '../../read/rates.js';
import type { Settings } from '../../read/settings.js';
import type { PacedSide } from './look.js';

/** What holds a resync back. */
export type Limit =
  /** Somebody paused it on this host. */
  | { readonly kind: 'paused'; readonly host: string }
  /** It waits for the resync of another resource. */
  | { readonly kind: 'dependency'; readonly after: string | undefined }
  | { readonly kind: 'rate'; readonly option: RateOption; readonly kib: number }
  | { readonly kind: 'disk'; readonly host: string; readonly path: string; readonly share: number }
  | {
      readonly kind: 'network';
      readonly host: string;
      readonly card: string;
      readonly share: number;
    };

/** From here on something is as good as full. */
const NEARLY = 0.85;

/**
 * What limits a resync, the plainest first. A rate counts as reached from 85 % on: the kernel's speed is of
 * some seconds. Pure.
 */
export function limitsOf(work: Work, target: PacedSide, source: PacedSide): readonly Limit[] {
  const limits: Limit[] = [];
  for (const { side } of [target, source]) {
    const legs = side.end.link.volumes;
    if (legs.some(({ pausedBy }) => pausedBy.includes('user'))) {
      limits.push({ kind: 'paused', host: side.host });
    }
    if (legs.some(({ pausedBy }) => pausedBy.includes('dependency'))) {
      limits.push({ kind: 'dependency', after: target.settings?.get('disk/resync-after') });
    }
  }
  if (limits.length > 0) return limits;
  const speed = work.kibPerSecond ?? 0;
  if (target.settings) {
    const { option, kib } = ceiling(target.settings);
    if (speed >= kib * NEARLY) limits.push({ kind: 'rate', option, kib });
    const least = kibOf(target.settings, 'c-min-rate');
    if (speed > 0 && speed < kib * NEARLY && speed <= least * 1.5) {
      limits.push({ kind: 'rate', option: 'c-min-rate', kib: least });
    }
  }
  for (const { side, busy } of [target, source]) {
    for (const [path, share] of busy.disks) {
      if (share >= NEARLY) limits.push({ kind: 'disk', host: side.host, path, share });
    }
    const { net } = busy;
    if (net?.speed === undefined) continue;
    const share = net.bytesPerSecond / net.speed;
    if (share >= NEARLY) limits.push({ kind: 'network', host: side.host, card: net.card, share });
  }
  return limits;
}

/** The rate above which DRBD does not go. */
export function ceiling(settings: Settings): { readonly option: RateOption; readonly kib: number } {
  const option = hasFixedRate(settings) ? 'resync-rate' : 'c-max-rate';
  return { option, kib: kibOf(settings, option) };
}
