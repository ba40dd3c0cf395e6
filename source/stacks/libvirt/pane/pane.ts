import type { Finding } from '../../../core/finding.js';
import type { Metric, Pane, Summary } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count } from '../../../core/text.js';
import { diagnose } from '../diagnose.js';
import { isLive } from '../read/state.js';
import { hostViews, things, usedShare } from '../view.js';
import { metricOf, rowOf, silentRow, toneOfAll } from './rows.js';

/** Pools, networks and guests of all hosts. */
export const pane: Pane = {
  summary,
  draw: (now) => {
    const findings = bySubject(diagnose(now));
    return {
      columns: [
        { title: 'NAME', min: 14, grow: 2, cut: 'middle' },
        { title: 'WHAT', min: 12 },
        { title: 'ON', min: 8, grow: 1 },
        { title: 'STATE', min: 10 },
        { title: 'BOOT', min: 4 },
        { title: 'USED', min: 5, align: 'right' },
        { title: 'WHERE', min: 16, grow: 3, cut: 'middle', drop: 1 },
      ],
      rows: [
        ...hostViews(now)
          .filter(({ report }) => !report.daemon.answers)
          .map((view) => silentRow(view, findings.get(view.host) ?? [])),
        ...things(now).map((thing) => rowOf(thing, findings)),
      ],
      empty: 'No host has told of a pool, a network or a guest yet.',
    };
  },
  running: () => [],
  metrics: (now): readonly Metric[] =>
    hostViews(now).flatMap((view) =>
      view.report.pools.flatMap((pool) => {
        const value = usedShare(pool);
        if (value === undefined) return [];
        const label = `${clean(pool.name)} on ${view.host} used`;
        return [{ key: metricOf(view, pool), label, value, unit: 'share' as const }];
      }),
    ),
};

function bySubject(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const map = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = map.get(finding.subject);
    if (list) list.push(finding);
    else map.set(finding.subject, [finding]);
  }
  return map;
}

function summary(now: Now): Summary {
  const views = hostViews(now);
  const pools = views.flatMap(({ report }) => report.pools);
  const guests = views.flatMap(({ report }) => report.guests);
  const active = pools.filter(({ state }) => state === 'running').length;
  return {
    tone: views.length === 0 ? 'unknown' : toneOfAll(diagnose(now)),
    first: { text: count(guests.length, 'guest') },
    second: { text: `${guests.filter(isLive).length} running` },
    third: { text: `${active}/${count(pools.length, 'pool')} active` },
  };
}
