import type { Running } from '../../../core/pane.js';
import { percent, rate } from '../../../core/units.js';
import { shortTime } from '../../layout/age.js';
import { bar } from '../../layout/bar.js';
import { fit } from '../../layout/fit.js';
import type { Scene } from '../../scene.js';
import type { Line } from '../../theme/line.js';

const PERCENT = 5;
const RATE = 11;
const LEFT = 11;

/** Something under way as one line: what, how far, how fast, how long still. */
export function runningLine(scene: Scene, running: Running): Line {
  const { theme, size } = scene;
  const tone = running.stalled === true ? 'warning' : 'working';
  const barWidth = size.columns >= 120 ? 32 : 18;
  const title = size.columns - 3 - barWidth - PERCENT - RATE - LEFT - 4;
  const share = running.share;
  return [
    { text: ` ${theme.sign(tone)} `, as: tone },
    { text: `${fit(theme, running.title, title, { cut: 'middle' })} ` },
    {
      text: share === undefined ? ' '.repeat(barWidth) : bar(theme.glyphs, share, barWidth),
      as: tone,
    },
    { text: fit(theme, share === undefined ? '' : percent(share), PERCENT, { align: 'right' }) },
    { text: ` ${fit(theme, rateOf(running), RATE, { align: 'right' })}` },
    {
      text: ` ${fit(theme, leftOf(running), LEFT, { align: 'right' })}`,
      as: running.stalled === true ? 'warning' : undefined,
    },
  ];
}

function rateOf({ bytesPerSecond }: Running): string {
  return bytesPerSecond === undefined ? '' : rate(bytesPerSecond);
}

function leftOf({ stalled, secondsLeft }: Running): string {
  if (stalled === true) return 'no progress';
  return secondsLeft === undefined ? '' : `${shortTime(secondsLeft * 1000)} left`;
}
