import type { Finding } from '../../../core/finding.js';
import { toneOf, type Column, type Row } from '../../../core/pane.js';
import { clean, count, grouped, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { clientIo } from './client-io.js';
import { findingsOf } from '../diagnose.js';
import {
  clusterDetails,
  findingDetails,
  groupsDetails,
  monitorsDetails,
  unansweredDetails,
} from './details.js';
import { spareMonitors } from '../monitors.js';
import { osdRows } from './rows-osds.js';
import { byClass, CLASS_TONES, moving, type ClassCount } from '../placement.js';
import { usedShare } from '../rules/make.js';
import { METRICS } from './running.js';
import { current, gathered, healthTone } from './tones.js';
import type { Unanswered, View } from '../view.js';

/** 80 cells wide at the least; the last column takes what is left. */
export const COLUMNS: readonly Column[] = [
  { title: 'Part', min: 20, grow: 1, cut: 'middle' },
  { title: 'State', min: 14 },
  { title: 'What', min: 30, grow: 4 },
];

/** The whole pane of a cluster that answered. */
export function rowsOf(view: View): readonly Row[] {
  return [
    clusterRow(view),
    ...findingsOf(view).map((finding) => findingRow(view, finding)),
    ...monitorsRow(view),
    ...managerRow(view),
    clientRow(view),
    ...objectsRow(view),
    ...groupsRows(view),
    ...osdRows(view),
  ];
}

/** A host that was asked and got no answer from the cluster. */
export function unansweredRow(missing: Unanswered): Row {
  const isQuorum = missing.kind === 'no quorum';
  return {
    id: `unanswered:${missing.host}`,
    tone: isQuorum ? 'alert' : 'unknown',
    cells: [
      { text: missing.host },
      { text: isQuorum ? 'no quorum' : 'no answer' },
      { text: clean(missing.failure.what) },
    ],
    hosts: [missing.host],
    details: () => unansweredDetails(missing),
  };
}

function clusterRow(view: View): Row {
  const { health, usage } = view.status;
  const used = usedShare(view);
  const space =
    usage && used !== undefined
      ? `${percent(used)} used, ${bytes(usage.usedBytes)} of ${bytes(usage.totalBytes)}`
      : 'no OSD has reported its space';
  const tone = current(view, healthTone(health));
  return {
    id: 'cluster',
    tone,
    cells: [{ text: 'cluster' }, { text: clean(health ?? 'not said'), tone }, { text: space }],
    hosts: [view.host],
    metrics: METRICS.usage,
    details: () => clusterDetails(view, tone),
  };
}

function findingRow(view: View, finding: Finding): Row {
  const tone = current(view, toneOf(finding.severity));
  const sentence = finding.code === 'CEPH_HEALTH_SUMMARY' ? finding.subject : '';
  return {
    id: `finding:${finding.code}${sentence}`,
    depth: 1,
    tone,
    cells: [
      { text: finding.code.replace(/^CEPH_/, '') },
      { text: finding.severity, tone },
      { text: finding.says },
    ],
    hosts: finding.hosts,
    details: () => findingDetails(view, finding, tone),
  };
}

function monitorsRow(view: View): readonly Row[] {
  const { monitors, quorumNames } = view.status;
  if (!monitors) return [];
  const { inQuorum, total } = monitors;
  const isWhole = total === null || inQuorum >= total;
  const spare = spareMonitors(view.status);
  const spareWords = spare === undefined ? '' : `, ${spare > 0 ? spare : 'none'} to spare`;
  const tone = current(view, isWhole ? 'good' : spare === 0 ? 'alert' : 'warning');
  const names = quorumNames.filter((name) => name !== '').map(clean);
  return [
    {
      id: 'monitors',
      tone,
      cells: [
        { text: 'monitors' },
        { text: total === null ? `${inQuorum} in quorum` : `${inQuorum} of ${total}`, tone },
        { text: `quorum ${listed(names) || 'not named'}${spareWords}` },
      ],
      hosts: [],
      details: () => monitorsDetails(view, tone),
    },
  ];
}

function managerRow(view: View): readonly Row[] {
  const { manager } = view.status;
  if (!manager) return [];
  const isActive = manager.available && !view.frozen;
  const tone = current(view, isActive ? 'good' : 'warning');
  const name = manager.name === undefined || manager.name === '' ? '' : `${clean(manager.name)}, `;
  return [
    {
      id: 'manager',
      tone,
      cells: [
        { text: 'manager' },
        { text: isActive ? 'active' : 'none active', tone },
        { text: `${name}${count(manager.standbys, 'standby', 'standbys')}` },
      ],
      hosts: [],
      details: () => monitorsDetails(view, tone),
    },
  ];
}

function clientRow(view: View): Row {
  const { state, text, tone } = clientIo(view);
  return {
    id: 'client',
    tone,
    cells: [{ text: 'clients' }, { text: state, tone }, { text }],
    hosts: [],
    metrics: METRICS.client,
    details: () => clusterDetails(view, tone),
  };
}

function objectsRow(view: View): readonly Row[] {
  const { degraded, misplaced, unfound, copies } = view.status.objects;
  if (degraded + misplaced + unfound === 0) return [];
  const share = (n: number): string => (copies ? ` (${percent(n / copies)})` : '');
  const parts = [
    unfound > 0 ? `${grouped(unfound)} not found` : '',
    degraded > 0 ? `${grouped(degraded)} copies missing${share(degraded)}` : '',
    misplaced > 0 ? `${grouped(misplaced)} copies to be moved${share(misplaced)}` : '',
  ].filter((part) => part !== '');
  const moves = moving(view.status).now > 0 ? 'working' : 'notice';
  const tone = gathered(view, unfound > 0 ? 'alert' : degraded > 0 ? 'warning' : moves);
  const state = unfound > 0 ? 'unfound' : degraded > 0 ? 'degraded' : 'misplaced';
  return [
    {
      id: 'objects',
      tone,
      cells: [{ text: 'objects' }, { text: state, tone }, { text: parts.join(', ') }],
      hosts: [],
      metrics: METRICS.objects,
      details: () => clusterDetails(view, tone),
    },
  ];
}

function groupsRows(view: View): readonly Row[] {
  const { pgs } = view.status;
  const classes = byClass(view.status);
  const worst = classes[0];
  if (!pgs || !worst) return [];
  const cleanCount = classes.find(({ name }) => name === 'clean')?.count ?? 0;
  const tone = gathered(view, CLASS_TONES[worst.name]);
  const summary: Row = {
    id: 'pgs',
    tone,
    cells: [
      { text: 'placement groups' },
      { text: worst.name === 'clean' ? 'clean' : worst.name, tone },
      { text: `${grouped(cleanCount)} of ${grouped(pgs.total)} clean` },
    ],
    hosts: [],
    details: () => groupsDetails(view, tone),
  };
  if (worst.name === 'clean') return [summary];
  return [summary, ...classes.map((one) => classRow(view, one))];
}

function classRow(view: View, one: ClassCount): Row {
  const tone = gathered(view, CLASS_TONES[one.name]);
  const states = one.states.map(([state, n]) => `${grouped(n)} ${clean(state)}`);
  return {
    id: `pgs:${one.name}`,
    depth: 1,
    tone,
    cells: [{ text: one.name, tone }, { text: grouped(one.count) }, { text: listed(states, 3) }],
    hosts: [],
    details: () => groupsDetails(view, tone),
  };
}
