import { bySeverity } from '../../../core/finding.js';
import type { Metric, Running, Summary } from '../../../core/pane.js';
import { toneOf } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count } from '../../../core/text.js';
import { duration, rate } from '../../../core/units.js';
import { viewOf } from '../assemble.js';
import { findingsOf } from '../diagnose.js';
import { worksOf, type Work } from '../works.js';
import { cell, nothing } from './cells.js';
import { findingsAbout, outOfSyncKey, outOfSyncOf, rateKey } from './about.js';

/** The line on the overview: how many are well, what is worst, and what is being copied. */
export function summary(now: Now): Summary {
  const view = viewOf(now);
  const total = view.resources.length;
  const worst = [...findingsOf(view)].sort((a, b) => bySeverity(a.severity, b.severity))[0];
  const works = view.resources.flatMap(worksOf);
  const onlyHealing = worst?.heals === true && works.length > 0 && worst.severity !== 'alert';
  const tone = onlyHealing ? 'working' : total === 0 && !worst ? 'muted' : toneOf(worst?.severity);
  return {
    tone,
    first: cell(firstWords(now, total), tone),
    second: worst ? cell(`${worst.subject}: ${lower(worst.title)}`) : nothing,
    third: works[0] ? cell(workWords(works)) : nothing,
  };
}

function firstWords(now: Now, total: number): string {
  const view = viewOf(now);
  if (total === 0) return 'no resources';
  const about = view.resources.map((resource) => findingsAbout(view, resource));
  const split = about.filter((list) => list.some(({ code }) => code === 'DRBD_SPLIT_BRAIN')).length;
  if (split > 0) return `${split} of ${count(total, 'resource')} split`;
  const well = about.filter((list) => list.every(({ severity }) => severity === 'notice')).length;
  return well === total
    ? `${count(total, 'resource')} in order`
    : `${well} of ${count(total, 'resource')} in order`;
}

/** `DRBD waits for its peer` in the middle of a line: `waits for its peer`. */
function lower(title: string): string {
  return title.replace(/^DRBD /, '');
}

function workWords(works: readonly Work[]): string {
  const [first] = works;
  if (first?.state === 'paused') return 'paused';
  const sum = works.reduce((all, { kibPerSecond }) => all + (kibPerSecond ?? 0), 0);
  const left = Math.max(...works.map(({ secondsLeft }) => secondsLeft ?? 0));
  const verb = works.every(({ kind }) => kind === 'verify') ? 'comparing' : 'copying';
  return `${verb} ${rate(sum * 1024)}${left > 0 ? `, ${duration(left)} left` : ''}`;
}

/** Every resync and verify that is under way. */
export function running(now: Now): readonly Running[] {
  return viewOf(now).resources.flatMap((resource) =>
    worksOf(resource).map((work): Running => ({
      id: `drbd.${work.kind}.${clean(work.subject)}`,
      title: clean(
        `${work.kind} ${work.name}  ${work.source}${work.target ? ` → ${work.target}` : ''}`,
      ),
      ...(work.share === undefined ? {} : { share: work.share }),
      ...(work.kibPerSecond === undefined ? {} : { bytesPerSecond: work.kibPerSecond * 1024 }),
      ...(work.secondsLeft === undefined ? {} : { secondsLeft: work.secondsLeft }),
      ...(work.stalled || work.state === 'paused' ? { stalled: true } : {}),
    })),
  );
}

/** What differs and how fast it is copied, for each resource; the rate is 0 while nothing is. */
export function metrics(now: Now): readonly Metric[] {
  return viewOf(now).resources.flatMap((resource): readonly Metric[] => {
    if (resource.replicas.every(({ stale }) => stale)) return [];
    const kib = outOfSyncOf(resource);
    const speed = worksOf(resource).reduce((sum, work) => sum + (work.kibPerSecond ?? 0), 0);
    return [
      ...(kib === undefined
        ? []
        : [
            {
              key: outOfSyncKey(resource),
              label: 'out of sync',
              value: kib * 1024,
              unit: 'bytes' as const,
            },
          ]),
      { key: rateKey(resource), label: 'resync', value: speed * 1024, unit: 'bytesPerSecond' },
    ];
  });
}
