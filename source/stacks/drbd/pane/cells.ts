import type { Cell, Tone } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { bytes, duration, percent, rate } from '../../../core/units.js';
import type { Leg, Link } from '../view.js';

/** Text from a host as a cell: safe to draw, and grey where it is old. */
export function cell(text: string, tone?: Tone, sort?: number): Cell {
  return {
    text: clean(text),
    ...(tone === undefined ? {} : { tone }),
    ...(sort === undefined ? {} : { sort }),
  };
}

/** Where a value is not known or does not apply. */
export const nothing: Cell = { text: '' };

/** What a connection's word means. */
export function connectionTone(link: Link, leg: Leg | undefined): Tone {
  switch (link.state) {
    case 'in touch':
      return leg ? activityTone(leg) : 'good';
    case 'waiting':
      return 'warning';
    case 'broken':
    case 'standalone':
      return 'alert';
    case 'unconfigured':
      return 'muted';
    case 'unknown':
      return 'unknown';
  }
}

function activityTone({ activity, progress }: Leg): Tone {
  switch (activity) {
    case 'replicating':
      return 'good';
    case 'starting':
    case 'syncing':
    case 'queued':
    case 'verifying':
      return progress?.stalled ? 'alert' : 'working';
    case 'paused':
    case 'behind':
      return 'alert';
    case 'ahead':
      return 'warning';
    case 'off':
      return 'muted';
    case 'unknown':
      return 'unknown';
  }
}

/** What a disk's word means; a bad copy that is being made good is work, not alarm. */
export function diskTone(word: string, client: boolean, mended: boolean): Tone {
  switch (word) {
    case 'UpToDate':
      return 'good';
    case 'Consistent':
      return 'notice';
    case 'Attaching':
    case 'Negotiating':
      return 'working';
    case 'Diskless':
      return client ? 'muted' : 'alert';
    case 'Inconsistent':
    case 'Outdated':
      return mended ? 'working' : 'alert';
    case 'Failed':
    case 'Detaching':
      return 'alert';
    case 'Unconfigured':
      return 'warning';
    default:
      return 'unknown';
  }
}

/** The word of a connection and of what it does; DRBD 9 has two. */
export function connectionWord(link: Link, leg: Leg | undefined): string {
  const idle = !leg || leg.activity === 'replicating' || leg.activity === 'off';
  return idle || link.state !== 'in touch' ? link.connection : leg.word;
}

export function outOfSyncCell(kib: number | null | undefined): Cell {
  if (kib === null || kib === undefined) return nothing;
  return { text: kib === 0 ? '0' : bytes(kib * 1024), sort: kib };
}

export function shareCell(share: number | undefined): Cell {
  return share === undefined ? nothing : { text: percent(share), tone: 'working', sort: share };
}

export function rateCell(kibPerSecond: number | null | undefined): Cell {
  if (kibPerSecond === null || kibPerSecond === undefined) return nothing;
  return { text: rate(kibPerSecond * 1024), sort: kibPerSecond };
}

export function leftCell(seconds: number | null | undefined): Cell {
  if (seconds === null || seconds === undefined) return nothing;
  return { text: duration(seconds), sort: seconds };
}
