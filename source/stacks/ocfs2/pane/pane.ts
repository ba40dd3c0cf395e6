import { bySeverity, type Finding } from '../../../core/finding.js';
import {
  toneOf,
  UNREAD_SUMMARY,
  type Cell,
  type Pane,
  type Row,
  type Tone,
} from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count, listed } from '../../../core/text.js';
import { diagnose } from '../diagnose.js';
import { memberNode, volumeNode } from '../nodes.js';
import { viewOf, type NodeView, type View, type Volume } from '../view.js';
import { nodeDetails, volumeDetails } from './details.js';

/** A node that could not be asked counts neither as online nor as offline. */
function onlineWords(nodes: readonly NodeView[]): string {
  const told = nodes.filter(({ facts }) => facts.online !== undefined);
  if (told.length === 0) return count(nodes.length, 'node');
  const online = told.filter(({ facts }) => facts.online === true).length;
  return `${online}/${count(nodes.length, 'node')} online`;
}

/** The file systems with who has them mounted, and beneath them the nodes. */
export const pane: Pane = {
  summary: (now) => {
    const { nodes, volumes } = viewOf(now);
    if (nodes.length === 0) return UNREAD_SUMMARY;
    const [worst] = sorted(diagnose(now));
    return {
      tone: toneOf(worst?.severity),
      first: { text: onlineWords(nodes) },
      second: worst ? { text: `${worst.subject}: ${worst.title}` } : { text: '' },
      third: { text: count(volumes.length, 'file system') },
    };
  },
  draw: (now) => {
    const view = viewOf(now);
    return {
      columns: [
        { title: 'NAME', min: 12, grow: 2, cut: 'middle' },
        { title: 'STATE', min: 14, grow: 1 },
        { title: 'MOUNTED ON', min: 12, grow: 2 },
        { title: 'SLOTS', min: 5, align: 'right' },
        { title: 'HEARTBEAT', min: 9, align: 'right' },
        { title: 'AT', min: 8, grow: 1, cut: 'middle', drop: 1 },
      ],
      rows: [
        ...view.volumes.map((volume) => volumeRow(volume, view, now)),
        ...view.nodes.map((node) => nodeRow(node, view, now)),
      ],
      empty: 'No host has told of an OCFS2 cluster yet.',
    };
  },
  running: () => [],
  metrics: () => [],
};

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => bySeverity(a.severity, b.severity));
}

function volumeRow(volume: Volume, view: View, now: Now): Row {
  const { uuid, mounts, seen } = volume;
  const findings = sorted(diagnose(now)).filter(({ about }) => about.includes(volumeNode(uuid)));
  const stale = mounts.some(({ node }) => node.stale);
  const tone: Tone = stale ? 'unknown' : toneOf(findings[0]?.severity);
  const beats = mounts.flatMap(({ beat }) => beat?.elapsed ?? []);
  const slowest = beats.length > 0 ? Math.max(...beats) / 1000 : undefined;
  const used = volume.holders?.length ?? mounts.length;
  const state = findings[0] ? findings[0].title.replace(/^OCFS2 /, '') : mounted(volume);
  return {
    id: uuid,
    tone,
    hosts: [...new Set([...mounts.map(({ node }) => node.host), ...seen.map(({ host }) => host)])],
    cells: [
      { text: clean(volume.name) },
      { text: stale ? 'last seen so' : state, tone },
      { text: listed(mounts.map(({ node }) => node.host)) || 'nowhere' },
      { text: volume.slots === undefined ? `${used}` : `${used}/${volume.slots}`, sort: used },
      slowest === undefined
        ? { text: '–', sort: 0 }
        : { text: `${slowest.toFixed(1)} s`, sort: slowest },
      { text: clean(mounts[0]?.entry.point ?? seen[0]?.device ?? '') },
    ],
    details: () => volumeDetails(volume, view, findings, tone),
  };
}

function mounted({ mounts }: Volume): string {
  return mounts.length === 0 ? 'not mounted' : 'mounted';
}

function nodeRow(node: NodeView, view: View, now: Now): Row {
  const { host, stale } = node;
  const findings = sorted(diagnose(now)).filter(({ about }) => about.includes(memberNode(host)));
  const tone: Tone = stale ? 'unknown' : toneOf(findings[0]?.severity);
  const own = view.volumes.filter(({ mounts }) => mounts.some((one) => one.node.host === host));
  return {
    id: `node ${host}`,
    tone,
    hosts: [host],
    cells: [
      { text: `node ${host}` },
      stateCell(node, tone),
      { text: clean(listed(own.map(({ name }) => name))) || '–' },
      { text: node.number === undefined ? '–' : `#${node.number}`, sort: node.number ?? 0 },
      { text: '' },
      { text: clean(node.cluster ?? '') },
    ],
    details: () => nodeDetails(node, findings, tone),
  };
}

function stateCell({ facts, stale }: NodeView, tone: Tone): Cell {
  if (stale) return { text: 'last seen so', tone };
  if (facts.online === undefined) return { text: 'not known', tone: 'unknown' };
  return { text: facts.online ? 'online' : 'offline', tone: facts.online ? tone : 'muted' };
}
