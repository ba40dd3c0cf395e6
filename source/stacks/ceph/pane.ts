import type { Severity } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import type { Drawing, Pane, Row, Summary } from '../../core/pane.js';
import { toneOf } from '../../core/pane.js';
import { graver } from '../../core/finding.js';
import { clean, listed } from '../../core/text.js';
import { clockTime, duration, percent, rate } from '../../core/units.js';
import { clientIo } from './pane/client-io.js';
import { diagnose } from './diagnose.js';
import { COLUMNS, rowsOf, unansweredRow } from './pane/rows.js';
import { usedShare } from './rules/make.js';
import { metrics, recoveryOf, running } from './pane/running.js';
import { gathered } from './pane/tones.js';
import { unanswered, viewOf, type View } from './view.js';

/** The pane of Ceph. */
export const pane: Pane = { summary, draw, running, metrics };

function summary(now: Now): Summary {
  const view = viewOf(now);
  const worst = diagnose(now).reduce<Severity | undefined>(
    (grave, { severity }) => (grave ? graver(grave, severity) : severity),
    undefined,
  );
  if (!view) return silentSummary(now, worst);
  const { health, osds } = view.status;
  const used = usedShare(view);
  const parts = [
    osds ? `${osds.up}/${osds.total} OSD` : '',
    used === undefined ? '' : `${percent(used)} used`,
  ];
  const tone = view.stale && worst !== 'alert' ? 'unknown' : toneOf(worst);
  return {
    tone,
    first: { text: clean(health ?? 'health not said'), tone },
    second: { text: parts.filter((part) => part !== '').join('  '), tone: gathered(view, 'plain') },
    third: summaryPace(view),
  };
}

function silentSummary(now: Now, worst: Severity | undefined): Summary {
  const missing = unanswered(now);
  const [first] = missing;
  return {
    tone: worst ?? 'unknown',
    first: { text: first?.kind === 'no quorum' ? 'no quorum' : first ? 'no answer' : 'not read' },
    second: { text: first ? first.failure.what : '' },
    third: { text: first ? listed(missing.map(({ host }) => host)) : '' },
  };
}

function summaryPace(view: View): Summary['third'] {
  if (view.stale) return { text: `as of ${clockTime(view.at)}`, tone: 'unknown' };
  if (view.frozen) return { text: 'no manager: figures stand still', tone: 'unknown' };
  const recovery = recoveryOf(view);
  if (recovery) {
    const pace = recovery.bytesPerSecond ?? 0;
    const left = recovery.secondsLeft;
    const time = left === undefined ? '' : `, ${duration(left)} left`;
    return { text: pace > 0 ? `recovering ${rate(pace)}${time}` : 'recovering', tone: 'working' };
  }
  const { short, tone } = clientIo(view);
  return { text: short, tone };
}

function draw(now: Now): Drawing {
  const view = viewOf(now);
  const missing = unanswered(now);
  const rows: readonly Row[] = view ? rowsOf(view) : missing.map(unansweredRow);
  const head = view ? headOf(view) : [];
  return {
    columns: COLUMNS,
    rows,
    empty: 'No host has been asked for the state of Ceph yet.',
    ...(head.length > 0 && { head }),
  };
}

/** What concerns every row: that it is old, or that a part of it stands still. */
function headOf(view: View): NonNullable<Drawing['head']> {
  const age = duration((view.now.at - view.at) / 1000);
  return [
    ...(view.stale
      ? [
          {
            text: `Not current: ${view.stale.what}. This is from ${age} ago.`,
            tone: 'unknown' as const,
          },
        ]
      : []),
    ...(view.frozen
      ? [
          {
            text: 'No manager: placement groups, usage and rates stand still since it is gone.',
            tone: 'unknown' as const,
          },
        ]
      : []),
  ];
}
