import { bySeverity, type Finding } from '../../../core/finding.js';
import {
  toneOf,
  type Cell,
  type Column,
  type Drawing,
  type Metric,
  type Pane,
  type Running,
  type Summary,
} from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count, grouped } from '../../../core/text.js';
import { bytes, duration, percent } from '../../../core/units.js';
import type { GoalState } from '../findings/chunks.js';
import { diagnosePicture, goalStates } from '../findings/diagnose.js';
import { picture, versionMetric, type Picture } from '../picture.js';
import { valueOf } from '../tools/question.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import { rowsOf, usedMetric } from './rows.js';
import { backlogMetric, canCopy, paceOf } from './replication.js';
import type { Scene } from './scene.js';

const COLUMNS: readonly Column[] = [
  { title: 'name', min: 21, grow: 3, cut: 'middle' },
  { title: 'state', min: 14, grow: 1 },
  { title: 'label', min: 8, drop: 2 },
  { title: 'chunks', min: 6, align: 'right' },
  { title: 'used', min: 8, align: 'right' },
  { title: 'total', min: 8, align: 'right', drop: 3 },
  { title: 'full', min: 5, align: 'right' },
  { title: 'note', min: 16, grow: 1, drop: 1 },
];

/** What LizardFS shows. */
export const pane: Pane = { summary, draw, running, metrics };

function sceneOf(now: Now): Scene {
  const seen = picture(now);
  return { seen, findings: diagnosePicture(seen), stale: seen.cluster?.kind !== 'fresh' };
}

function serversOf({ cluster }: Picture): readonly Chunkserver[] {
  return (cluster && valueOf(cluster.value.chunkservers)?.servers) ?? [];
}

function summary(now: Now): Summary {
  const { seen, findings, stale } = sceneOf(now);
  const [worst] = findings.toSorted((a, b) => bySeverity(a.severity, b.severity));
  if (!seen.cluster) {
    return {
      tone: worst ? toneOf(worst.severity) : 'unknown',
      first: { text: masterWord(findings) ?? 'no answer yet', tone: 'unknown' },
      second: { text: '' },
      third: { text: '' },
    };
  }
  const servers = serversOf(seen);
  const connected = servers.filter((server) => server.connected).length;
  const text = masterWord(findings) ?? `${connected}/${servers.length} servers`;
  const tone = worst === undefined && stale ? 'unknown' : toneOf(worst?.severity);
  return {
    tone,
    first: { text, ...(connected < servers.length && { tone: 'alert' }) },
    second: stale ? { text: `from ${ageOf(seen)} ago`, tone: 'unknown' } : chunkWord(seen),
    third: spaceWord(seen),
  };
}

/** Masters come before all else: without exactly one nothing else counts. */
function masterWord(findings: readonly Finding[]): string | undefined {
  const words: Readonly<Record<string, string>> = {
    LIZARDFS_TWO_MASTERS: 'two masters',
    LIZARDFS_NO_MASTER: 'no master',
    LIZARDFS_ASKED_SHADOW: 'master not found',
  };
  for (const { code } of findings) if (Object.hasOwn(words, code)) return words[code];
  return undefined;
}

function chunkWord(seen: Picture): Cell {
  const states = goalStates(seen);
  const lost = total(states, (state) => state.lost);
  const endangered = total(states, endangeredOf);
  const below = total(states, (state) => state.toReplicate);
  if (lost > 0) return { text: `${count(lost, 'chunk')} lost`, tone: 'alert' };
  if (endangered > 0) return { text: `${count(endangered, 'chunk')} endangered`, tone: 'alert' };
  if (below > 0) return { text: `${count(below, 'chunk')} below goal`, tone: 'warning' };
  return states.length > 0
    ? {
        text: `all ${count(
          total(states, (s) => s.total),
          'chunk',
        )} at goal`,
      }
    : { text: '' };
}

function spaceWord(seen: Picture): Cell {
  const copying = total(
    goalStates(seen).filter((state) => canCopy(seen, state)),
    (s) => s.toReplicate,
  );
  if (copying > 0) return { text: `copying ${count(copying, 'chunk')}`, tone: 'working' };
  const info = seen.cluster && valueOf(seen.cluster.value.info);
  if (!info || info.totalBytes === 0) return { text: '' };
  return { text: `${percent(1 - info.availableBytes / info.totalBytes)} used` };
}

function total(states: readonly GoalState[], of: (state: GoalState) => number): number {
  return states.reduce((sum, state) => sum + of(state), 0);
}

/** Chunks with one copy by intention are not counted: they never stop being endangered. */
function endangeredOf(state: GoalState): number {
  return state.single ? 0 : state.endangered;
}

function ageOf(seen: Picture): string {
  return duration((seen.now.at - (seen.cluster?.at ?? seen.now.at)) / 1000);
}

function draw(now: Now): Drawing {
  const scene = sceneOf(now);
  const failure = scene.seen.tries.find((reading) => reading.kind === 'failed');
  const absent = scene.seen.tries.find((reading) => reading.kind === 'absent');
  return {
    columns: COLUMNS,
    rows: rowsOf(scene),
    head: headOf(scene),
    empty:
      failure?.kind === 'failed'
        ? clean(`${failure.failure.where}: ${failure.failure.what}. ${failure.failure.means}`)
        : absent?.kind === 'absent'
          ? clean(`Nothing to show: ${absent.because}.`)
          : 'No answer yet.',
  };
}

function headOf({ seen, stale }: Scene): readonly Cell[] {
  const { cluster } = seen;
  if (!cluster) return [];
  const info = valueOf(cluster.value.info);
  const old: Cell[] = stale
    ? [{ text: `The last answer of a master is ${ageOf(seen)} old.`, tone: 'unknown' }]
    : [];
  if (!info) return old;
  const { totalBytes, availableBytes, chunks, copies, files, trashBytes, version } = info;
  const used = totalBytes - availableBytes;
  const share = totalBytes > 0 ? `, ${percent(used / totalBytes)}` : '';
  return [
    ...old,
    {
      text: `${bytes(used)} of ${bytes(totalBytes)} used${share}`,
      tone: stale ? 'unknown' : 'plain',
    },
    { text: `${count(files, 'file')}, ${count(chunks, 'chunk')}, ${grouped(copies)} copies` },
    ...chunkTotals(seen),
    { text: `${bytes(trashBytes)} in the trash` },
    { text: clean(`version ${version}`), tone: 'muted' },
  ];
}

/** The sums of the matrix, and how the copying goes on over all goals. */
function chunkTotals(seen: Picture): readonly Cell[] {
  const states = goalStates(seen);
  if (states.length === 0) return [];
  const endangered = total(states, endangeredOf);
  const lost = total(states, (state) => state.lost);
  const single = total(states, (state) => (state.single ? state.endangered : 0));
  const copying = total(states, (state) => state.toReplicate);
  const words = [
    `${grouped(total(states, (state) => state.safe))} safe`,
    ...(single > 0 ? [`${grouped(single)} in one copy`] : []),
    `${grouped(endangered)} endangered`,
    `${grouped(lost)} lost`,
  ];
  return [
    { text: words.join(', '), tone: endangered + lost > 0 ? 'alert' : 'plain' },
    { text: `${grouped(copying)} to copy`, tone: copying > 0 ? 'working' : 'plain' },
  ];
}

function running(now: Now): readonly Running[] {
  const seen = picture(now);
  if (seen.cluster?.kind !== 'fresh') return [];
  return goalStates(seen)
    .filter((state) => canCopy(seen, state))
    .map((state) => {
      const pace = paceOf(seen, state);
      return {
        id: `lizardfs.replication.${state.goal}`,
        title: clean(`replication goal ${state.goal}  ${count(state.toReplicate, 'chunk')} left`),
        share: 1 - state.toReplicate / Math.max(state.total, state.toReplicate),
        ...(pace?.secondsLeft !== undefined && { secondsLeft: pace.secondsLeft }),
        ...(pace?.perSecond === 0 && { stalled: true }),
      };
    });
}

function metrics(now: Now): readonly Metric[] {
  const seen = picture(now);
  const { cluster } = seen;
  if (cluster?.kind !== 'fresh') return [];
  const states = goalStates(seen);
  const info = valueOf(cluster.value.info);
  const chunks = (what: string, label: string, of: (state: GoalState) => number): Metric => ({
    key: `lizardfs.chunks.${what}`,
    label,
    value: total(states, of),
    unit: 'count',
  });
  return [
    ...(valueOf(cluster.value.health)
      ? [
          chunks('endangered', 'chunks endangered', endangeredOf),
          chunks('lost', 'chunks lost', (state) => state.lost),
          chunks('toReplicate', 'chunks to replicate', (state) => state.toReplicate),
          ...states.map((state) => ({
            key: backlogMetric(state.goal),
            label: clean(`goal ${state.goal} to replicate`),
            value: state.toReplicate,
            unit: 'count' as const,
          })),
        ]
      : []),
    ...(info
      ? [
          {
            key: 'lizardfs.space.used',
            label: 'space used',
            value: info.totalBytes - info.availableBytes,
            unit: 'bytes' as const,
          },
        ]
      : []),
    ...seen.metadataServers.flatMap(({ place, metadataVersion }) =>
      metadataVersion === undefined
        ? []
        : [
            {
              key: versionMetric(place),
              label: clean(`${place} metadata version`),
              value: metadataVersion,
              unit: 'count' as const,
            },
          ],
    ),
    ...serversOf(seen)
      .filter((server) => server.connected)
      .map(({ address, usedBytes }) => ({
        key: usedMetric(address),
        label: `${address} used`,
        value: usedBytes,
        unit: 'bytes' as const,
      })),
  ];
}
