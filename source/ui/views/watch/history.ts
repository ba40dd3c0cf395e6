import type { Series } from '../../../engine/watch/history.js';
import { shortTime } from '../../layout/age.js';
import { fit } from '../../layout/fit.js';
import { metricValue } from '../../layout/metric-value.js';
import { sparkline } from '../../layout/sparkline.js';
import type { Scene } from '../../scene.js';
import type { Line } from '../../theme/line.js';
import { heading, labelWidth } from '../parts/blocks.js';
import { still, type DocLine } from '../parts/frame.js';

const VALUE = 11;

/** The past of a thing's numbers: a sparkline each, with the newest, the least and the most. */
export function historyLines(scene: Scene, metrics: readonly string[]): readonly DocLine[] {
  const series = metrics.flatMap((key) => scene.world.history.get(key) ?? []);
  if (series.length === 0) return [];
  return [...heading('HISTORY'), ...series.map((one) => still(drawSeries(scene, one)))];
}

function drawSeries(scene: Scene, { metric, samples }: Series): Line {
  const { theme, size, now } = scene;
  const label = labelWidth(scene);
  const values = samples.map(({ value }) => value);
  // The label, the three values with their words, and how far back it goes.
  const room = size.columns - label - 2 - 2 - 3 * (VALUE + 6) - 8;
  const width = Math.min(60, Math.max(8, room));
  const show = (value: number): string => fit(theme, metricValue(metric.unit, value), VALUE);
  const oldest = samples[0]?.at;
  const line: Line = [
    { text: ` ${fit(theme, metric.label, label)} `, as: 'muted' },
    { text: `${fit(theme, sparkline(theme.glyphs, values, width), width)}  `, as: 'working' },
    { text: 'now  ', as: 'muted' },
    { text: show(metric.value) },
  ];
  if (room < 8) return line;
  return [
    ...line,
    { text: 'least ', as: 'muted' },
    { text: show(Math.min(...values)) },
    { text: 'most ', as: 'muted' },
    { text: show(Math.max(...values)) },
    { text: oldest === undefined ? '' : shortTime(now - oldest), as: 'muted' },
  ];
}
