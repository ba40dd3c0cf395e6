import { bySeverity } from '../../../core/finding.js';
import {
  toneOf,
  type Column,
  type Drawing,
  type Metric,
  type Pane,
  type Summary,
} from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count } from '../../../core/text.js';
import { percent } from '../../../core/units.js';
import { localProbe } from '../probes/local.js';
import { storageProbe } from '../probes/storage.js';
import { shareOf } from '../rules/repositories.js';
import { picture } from '../view.js';
import { rowsOf, usedMetric } from './rows.js';
import { isStale, sceneOf } from './scene.js';

const COLUMNS: readonly Column[] = [
  { title: 'name', min: 20, grow: 2, cut: 'middle' },
  { title: 'state', min: 13 },
  { title: 'type', min: 5, drop: 2 },
  { title: 'used', min: 8, align: 'right', drop: 3 },
  { title: 'size', min: 8, align: 'right', drop: 4 },
  { title: 'full', min: 5, align: 'right' },
  { title: 'note', min: 20, grow: 3 },
];

/** What pools of XenServer and XCP-ng show. */
export const pane: Pane = { summary, draw, running: () => [], metrics };

function summary(now: Now): Summary {
  const { pools, findings } = sceneOf(now);
  const [worst] = findings.toSorted((a, b) => bySeverity(a.severity, b.severity));
  const repositories = pools.flatMap((pool) => pool.repositories);
  const plugs = repositories.flatMap((repository) => repository.plugs);
  const attached = plugs.filter(({ pbd }) => pbd.attached).length;
  const stale = pools.length === 0 || pools.some(isStale);
  const tone = worst === undefined && stale ? 'unknown' : toneOf(worst?.severity);
  if (repositories.length === 0) {
    const text = pools.some(({ storage }) => storage) ? 'no repositories' : 'no answer yet';
    return { tone, first: { text, tone: 'unknown' }, second: { text: '' }, third: { text: '' } };
  }
  const shares = repositories.map(shareOf).filter((share) => share !== undefined);
  const fullest = shares.length > 0 ? `fullest ${percent(Math.max(...shares))}` : '';
  return {
    tone,
    first: {
      text: `${attached}/${plugs.length} attached`,
      ...(attached < plugs.length && { tone: 'alert' }),
    },
    second: { text: count(repositories.length, 'repository', 'repositories') },
    third: { text: pools.length > 1 ? count(pools.length, 'pool') : fullest },
  };
}

function draw(now: Now): Drawing {
  const scene = sceneOf(now);
  const tries = [...now.of(storageProbe), ...now.of(localProbe)];
  const failed = tries.find((reading) => reading.kind === 'failed');
  return {
    columns: COLUMNS,
    rows: rowsOf(scene),
    empty:
      failed?.kind === 'failed'
        ? clean(`${failed.failure.where}: ${failed.failure.what}. ${failed.failure.means}`)
        : 'No answer yet.',
  };
}

function metrics(now: Now): readonly Metric[] {
  const fresh = picture(now).filter((pool) => !isStale(pool));
  const known = new Map(
    fresh.flatMap((pool) => pool.repositories.map((one) => [one.sr.uuid, one] as const)),
  );
  return [...known.values()].flatMap(({ sr, label }): Metric[] => {
    if (sr.size === undefined) return [];
    const value = sr.used ?? 0;
    return [{ key: usedMetric(sr.uuid), label: clean(`${label} used`), value, unit: 'bytes' }];
  });
}
