import { bySeverity, type Finding } from '../../core/finding.js';
import {
  toneOf,
  type Cell,
  type Details,
  type Pane,
  type Row,
  type Tone,
} from '../../core/pane.js';
import type { Now } from '../../core/probe.js';
import { clean, count } from '../../core/text.js';
import { bytes, percent } from '../../core/units.js';
import { diagnose } from './findings.js';
import { biggest, storageViews, type OnNode, type StorageView } from './view.js';

/** The storages of all nodes: active where, how full. */
export const pane: Pane = {
  summary: (now) => {
    const views = storageViews(now);
    const nodes = views.flatMap((view) => view.nodes);
    const active = nodes.filter(({ status }) => status === 'active').length;
    const wanted = nodes.filter(({ status }) => status !== 'disabled').length;
    return {
      tone: views.length === 0 ? 'unknown' : worst(diagnose(now)),
      first: { text: count(views.length, 'storage') },
      second: { text: `${active}/${wanted} active` },
      third: { text: '' },
    };
  },
  draw: (now) => ({
    columns: [
      { title: 'STORAGE', min: 12, grow: 2, cut: 'middle' },
      { title: 'TYPE', min: 8 },
      { title: 'ON', min: 10, grow: 1 },
      { title: 'ACTIVE', min: 8 },
      { title: 'USED', min: 6, align: 'right' },
      { title: 'SIZE', min: 9, align: 'right' },
    ],
    rows: storageViews(now).map((view) => rowOf(view, now)),
    empty: 'No node has told of a storage yet.',
  }),
  running: () => [],
  metrics: (now) =>
    storageViews(now).flatMap((view) => {
      const { used = 0, total = 0 } = biggest(view) ?? {};
      if (total === 0) return [];
      const key = `proxmox.${view.id}.used`;
      return [
        { key, label: `${clean(view.name)} used`, value: used / total, unit: 'share' as const },
      ];
    }),
};

function worst(findings: readonly Finding[]): Tone {
  return toneOf(findings.map(({ severity }) => severity).toSorted(bySeverity)[0]);
}

function rowOf(view: StorageView, now: Now): Row {
  const findings = diagnose(now).filter(({ subject }) => subject === view.id);
  const stale = view.nodes.some((node) => node.stale);
  const tone = stale ? 'unknown' : worst(findings);
  const node = biggest(view);
  const active = view.nodes.filter(({ status }) => status === 'active').length;
  const [only] = view.nodes;
  return {
    id: view.id,
    tone,
    hosts: view.nodes.map(({ host }) => host),
    metrics: [`proxmox.${view.id}.used`],
    cells: [
      { text: clean(view.name) },
      { text: clean(view.type) },
      { text: view.shared ? 'all nodes' : (only?.host ?? '') },
      { text: `${active}/${view.nodes.length}`, ...(active < view.nodes.length && { tone }) },
      usedCell(node),
      { text: node && node.total > 0 ? bytes(node.total) : '–', sort: node?.total ?? 0 },
    ],
    details: () => detailsOf(view, findings, tone),
  };
}

function usedCell(node: OnNode | undefined): Cell {
  if (!node || node.total === 0) return { text: '–', sort: 0 };
  return { text: percent(node.used / node.total), sort: node.used / node.total };
}

function detailsOf(view: StorageView, findings: readonly Finding[], tone: Tone): Details {
  const [first] = findings;
  const settings = [...(view.config?.settings ?? [])];
  return {
    title: `storage ${clean(view.name)}`,
    tone,
    state: first?.title ?? 'in order',
    blocks: [
      ...findings.map(({ title, says, means, todo }) => ({
        kind: 'text' as const,
        label: title,
        text: `${says} ${means} ${todo}`,
      })),
      {
        kind: 'table',
        label: 'nodes',
        columns: [
          { title: 'NODE', min: 10, grow: 1 },
          { title: 'STATUS', min: 9 },
          { title: 'FREE', min: 9, align: 'right' },
        ],
        rows: view.nodes.map(({ host, status, available }) => [
          { text: host },
          { text: status },
          { text: bytes(available) },
        ]),
      },
      {
        kind: 'facts',
        rows: settings.map(([key, value]) => ({
          label: clean(key),
          value: { text: clean(value) || 'yes' },
        })),
      },
    ],
    commands: [
      { says: 'state on this node', line: 'pvesm status' },
      { says: 'what lies on it', line: clean(`pvesm list ${view.name}`) },
    ],
  };
}
