import type { Cell, Tone } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { bytes, duration, percent, rate } from '../../../core/units.js';
import type { Chain, Standing } from '../chain.js';
import type { Phase } from '../phase.js';
import type { Progress } from '../progress.js';
import type { LockState } from '../rules/locks.js';
import type { Image } from '../view.js';

/** The state as the roll's own list has it, where it has a word for it. */
const ROLL_WORDS: Readonly<Partial<Record<Phase, string>>> = {
  sending: 'NAS->VM',
  'copying back': 'NAS<-VM sched',
  returning: 'NAS<-VM',
};

/** How an image's phase is drawn. */
export function phaseCell(phase: Phase, tone: Tone): Cell {
  const under: ReadonlySet<Phase> = new Set([
    ...(['mapping', 'sending', 'merging', 'unmapping', 'copying back', 'returning'] as const),
  ]);
  const own: Tone = under.has(phase) ? 'working' : phase === 'unmapped' ? 'muted' : 'plain';
  const wrong = tone === 'alert' || tone === 'warning' || tone === 'unknown';
  return { text: ROLL_WORDS[phase] ?? phase, tone: wrong ? tone : own };
}

/** `12 % 41 MiB/s 9 min`: how far a copy or a merge is. */
export function progressCell(progress: Progress | undefined): Cell {
  if (!progress) return { text: '' };
  const { share, bytesPerSecond, secondsLeft, left, age, stalled } = progress;
  if (stalled) return { text: 'no progress', tone: 'alert' };
  const words = [
    share === undefined ? '' : percent(share),
    secondsLeft === undefined
      ? left === undefined
        ? ''
        : `${bytes(left)} left`
      : `${duration(secondsLeft)} left`,
    bytesPerSecond === undefined ? '' : rate(bytesPerSecond),
  ].filter((word) => word !== '');
  if (words.length === 0 && age !== undefined) words.push(`for ${duration(age)}`);
  return { text: words.join(' '), tone: 'working', sort: share ?? 0 };
}

/** `12 s`: how long an image is locked. */
export function lockCell(state: LockState | undefined): Cell {
  if (!state) return { text: '' };
  const text = state.age === undefined ? 'yes' : duration(state.age);
  return { text, tone: state.stuck ? 'alert' : 'working', sort: state.age ?? 0 };
}

/** `snapshot-merge sdc`: what the container's device is made of. */
export function deviceCell({ far, leftovers }: Image, { phase, broken }: Chain): Cell {
  const on = far ?? leftovers[0];
  if (!on) return { text: '' };
  if (!on.container.devices.ok) return { text: 'not known', tone: 'unknown' };
  const words = [on.device?.target, phase === 'local' ? undefined : on.disk];
  const text = clean(words.filter((word) => word !== undefined).join(' '));
  const wrong = broken?.part === 'device' || broken?.part === 'session';
  return { text: text === '' && wrong ? 'none' : text, ...(wrong && { tone: 'alert' as const }) };
}

/** How each standing of a link is drawn. */
export const STANDING_TONES: Readonly<Record<Standing, Tone>> = {
  there: 'good',
  none: 'muted',
  missing: 'alert',
  unlike: 'alert',
  'left over': 'warning',
  'not looked at': 'unknown',
};
