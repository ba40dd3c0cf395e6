import type { Tone } from '../../../core/pane.js';
import { grouped } from '../../../core/text.js';
import { rate } from '../../../core/units.js';
import { inactive } from '../placement.js';
import type { View } from '../view.js';

/** What clients get from the cluster, in a word and in full. */
export interface ClientIo {
  readonly state: string;
  readonly text: string;
  /** The same in the width of the overview. */
  readonly short: string;
  readonly tone: Tone;
}

/** Rates where there are any; where there are none, whether that is rest or standstill. */
export function clientIo(view: View): ClientIo {
  const { client, checks } = view.status;
  if (view.stale || view.frozen) {
    const text = 'rates are not current';
    return { state: 'not current', text, short: text, tone: 'unknown' };
  }
  const written = client?.writeBytesPerSecond ?? 0;
  if (!client && inactive(view.status).stuck > 0) {
    return hanging('hang', 'placement groups serve no I/O', 'I/O hangs');
  }
  if (written === 0 && checks.some(({ code }) => code === 'OSD_FULL')) {
    return hanging('writes hang', 'there is no space to write to', 'writes hang: full');
  }
  if (!client) {
    const text = 'nobody reads or writes';
    return { state: 'idle', text, short: 'no client I/O', tone: 'muted' };
  }
  const { readBytesPerSecond: read, readsPerSecond, writesPerSecond } = client;
  return {
    state: 'at work',
    text: `in ${rate(written)} (${grouped(writesPerSecond)} op/s)  out ${rate(read)} (${grouped(readsPerSecond)} op/s)`,
    short: `in ${rate(written)}  out ${rate(read)}`,
    tone: 'plain',
  };
}

function hanging(state: string, text: string, short: string): ClientIo {
  return { state, text, short, tone: 'alert' };
}
