import type { Metric } from '../../core/pane.js';
import { grouped } from '../../core/text.js';
import { bytes, duration, percent, rate } from '../../core/units.js';

/** A metric's value with its unit. */
export function metricValue(unit: Metric['unit'], value: number): string {
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'bytesPerSecond':
      return rate(value);
    case 'count':
      return grouped(value);
    case 'share':
      return percent(value);
    case 'seconds':
      return value < 10 ? `${value.toFixed(1)} s` : duration(value);
  }
}
