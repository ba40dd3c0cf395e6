import { bySeverity, type Finding } from '../../core/finding.js';
import { deviceNode } from '../../core/graph.js';
import {
  toneOf,
  type Cell,
  type Column,
  type Drawing,
  type Metric,
  type Pane,
  type Row,
  type Summary,
  type Tone,
} from '../../core/pane.js';
import type { Now, Reading } from '../../core/probe.js';
import { clean, count, listed } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { mapDetails, pathDetails, sessionDetails } from './details.js';
import { multipathFindings } from './findings.js';
import { queuesNow, type Condition } from './map.js';
import { mapsProbe, type HostMaps } from './probes.js';
import { bareSessions, portalsAway } from './session-rules.js';
import { mapViews, usableKey, type MapView, type PathView, type SessionView } from './view.js';

/** At 80 cells: map, host, paths, state and portal. */
const COLUMNS: readonly Column[] = [
  { title: 'Map / path', min: 18, grow: 2, cut: 'middle' },
  { title: 'Host', min: 8, grow: 1, cut: 'middle', drop: 1 },
  { title: 'Paths', min: 5, align: 'right' },
  { title: 'State', min: 21, grow: 1 },
  { title: 'Portal, session', min: 18, grow: 1, cut: 'end', drop: 2 },
  { title: 'Size', min: 8, align: 'right', drop: 3 },
  { title: 'No path', min: 7, drop: 4 },
  { title: 'Access', min: 6, drop: 5 },
];

const PATH_TONE: Readonly<Record<Condition, Tone>> = {
  usable: 'good',
  lost: 'alert',
  wavering: 'warning',
  unchecked: 'unknown',
  unknown: 'warning',
};

const SESSION_TONE = { up: 'good', down: 'alert', unknown: 'unknown' } as const;

type BySubject = ReadonlyMap<string, readonly Finding[]>;

/** Findings by what they are about, the gravest first. */
function bySubject(findings: readonly Finding[]): BySubject {
  const map = new Map<string, Finding[]>();
  for (const finding of findings.toSorted((a, b) => bySeverity(a.severity, b.severity))) {
    const list = map.get(finding.subject);
    if (list) list.push(finding);
    else map.set(finding.subject, [finding]);
  }
  return map;
}

const NOT_READ: Summary = {
  tone: 'unknown',
  first: { text: 'not read yet', tone: 'unknown' },
  second: { text: '' },
  third: { text: '' },
};

function summary(now: Now): Summary {
  const views = mapViews(now);
  const readings = now.of(mapsProbe);
  const findings = multipathFindings(now).toSorted((a, b) => bySeverity(a.severity, b.severity));
  const [worst] = findings;
  const unread = readings.filter(({ kind }) => kind === 'failed' || kind === 'stale');
  const usable = views.reduce((sum, view) => sum + view.usable, 0);
  const total = views.reduce((sum, view) => sum + view.paths.length, 0);
  if (readings.length === 0) return NOT_READ;
  const tone: Tone = worst ? toneOf(worst.severity) : unread.length > 0 ? 'unknown' : 'good';
  return {
    tone: views.length === 0 && tone === 'good' ? 'muted' : tone,
    first: { text: views.length === 0 ? 'no maps' : `${usable} of ${count(total, 'path')}` },
    second: { text: worst ? `${worst.title} ${worst.subject}` : summaryOfGood(views) },
    third: thirdOf(now, unread),
  };
}

function summaryOfGood(views: readonly MapView[]): string {
  return views.length === 0 ? '' : count(views.length, 'map');
}

function thirdOf(now: Now, unread: readonly Reading<HostMaps>[]): Cell {
  const away = portalsAway(now).map(([view]) => view?.portal ?? '');
  if (away.length === 1) return { text: `portal ${listed(away)} away`, tone: 'warning' };
  if (away.length > 1) return { text: `${away.length} portals away`, tone: 'warning' };
  if (unread.length > 0)
    return { text: `${count(unread.length, 'host')} not read`, tone: 'unknown' };
  return { text: '' };
}

function draw(now: Now): Drawing {
  const findings = bySubject(multipathFindings(now));
  const rows = [
    ...mapViews(now).flatMap((view) => [
      mapRow(now, view, findings.get(view.subject) ?? []),
      ...view.paths.map((path, index) => pathRow(view, path, index)),
    ]),
    ...bareSessions(now).map(sessionRow),
    ...now.of(mapsProbe).flatMap(hostRow),
  ];
  const read = now.of(mapsProbe).length > 0;
  const empty = read ? 'No multipath maps on these hosts.' : 'Not read yet.';
  return { columns: COLUMNS, rows, empty };
}

function isStale(view: MapView): boolean {
  return view.reading?.kind === 'stale';
}

function mapRow(now: Now, view: MapView, findings: readonly Finding[]): Row {
  const [worst] = findings;
  const stale = isStale(view);
  const tone: Tone = worst ? toneOf(worst.severity) : stale ? 'unknown' : 'good';
  const { map, paths, usable } = view;
  const state = `${worst?.title ?? 'all paths usable'}${stale ? ' (old)' : ''}`;
  return {
    id: view.id,
    tone,
    hosts: [view.host],
    about: [deviceNode(view.host, `/dev/mapper/${view.map.alias}`)],
    metrics: [usableKey(view.host, view.map)],
    cells: [
      { text: view.name },
      { text: view.host },
      { text: `${usable}/${paths.length}`, sort: usable - paths.length, tone },
      { text: state, tone },
      { text: clean(`${map.vendor ?? ''} ${map.product ?? ''}`.trim()), tone: 'muted' },
      { text: view.sizeBytes === null ? '' : bytes(view.sizeBytes), sort: view.sizeBytes ?? 0 },
      { text: noPathCell(view) },
      { text: clean(map.access ?? ''), ...(map.access === 'ro' && { tone: 'warning' as const }) },
    ],
    details: () => mapDetails(now, view, findings, tone),
  };
}

/** What happens to I/O while there is no path. */
function noPathCell({ map }: MapView): string {
  if (map.queueing === null) return '';
  return queuesNow(map) ? 'waits' : 'fails';
}

function pathRow(view: MapView, path: PathView, index: number): Row {
  const stale = isStale(view);
  const good = path.condition === 'usable';
  const tone = stale && good ? 'unknown' : PATH_TONE[path.condition];
  const { session } = path;
  return {
    id: `${view.id}/${index}/${path.name}`,
    tone,
    depth: 1,
    hosts: [view.host],
    cells: [
      { text: `${path.hctl} ${path.name}`.trim() },
      { text: '' },
      { text: '' },
      { text: path.states, tone },
      sessionCell(session ? session.portal : '', session?.standing),
      { text: '' },
      { text: '' },
      { text: '' },
    ],
    details: () => pathDetails(view, path, tone),
  };
}

function sessionCell(portal: string, standing: 'up' | 'down' | 'unknown' | undefined): Cell {
  if (standing === 'down') return { text: `${portal} down`, tone: 'alert' };
  return { text: portal };
}

/** A session whose disks stand in no map: there is one way to them, and it belongs in the list. */
function sessionRow(view: SessionView): Row {
  const tone: Tone = SESSION_TONE[view.standing];
  return {
    id: view.id,
    tone,
    hosts: [view.host],
    cells: [
      { text: clean(view.session.target) },
      { text: view.host },
      { text: '' },
      { text: view.states, tone },
      sessionCell(view.portal, view.standing),
      ...[1, 2, 3].map(() => ({ text: '' })),
    ],
    details: () => sessionDetails(view, tone),
  };
}

/** A host whose maps were never read stands in the list, so that nothing seems well by silence. */
function hostRow(reading: Reading<HostMaps>): readonly Row[] {
  if (reading.kind !== 'failed') return [];
  const { host, failure } = reading;
  return [
    {
      id: `multipath.host:${host}`,
      tone: 'unknown',
      hosts: [host],
      cells: [
        { text: 'not read' },
        { text: host },
        { text: '?', sort: -1 },
        { text: clean(failure.what), tone: 'unknown' },
        ...[1, 2, 3, 4].map(() => ({ text: '' })),
      ],
      details: () => ({
        title: `multipath on ${host}`,
        tone: 'unknown',
        state: 'not read',
        blocks: [
          { kind: 'text', label: 'What happened', text: clean(failure.what) },
          { kind: 'text', label: 'What it means', text: clean(failure.means) },
          { kind: 'text', label: 'What to do', text: clean(failure.todo) },
        ],
        commands: [{ says: 'ask the host itself', line: 'multipath -ll' }],
      }),
    },
  ];
}

function metrics(now: Now): readonly Metric[] {
  return mapViews(now)
    .filter((view) => !isStale(view))
    .map((view) => ({
      key: usableKey(view.host, view.map),
      label: `usable paths of ${view.subject}`,
      value: view.usable,
      unit: 'count',
    }));
}

/** The multipath pane: each map with its paths beneath it. */
export const multipathPane: Pane = { summary, draw, running: () => [], metrics };
