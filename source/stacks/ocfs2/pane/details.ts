import type { Finding } from '../../../core/finding.js';
import type { Block, Details, Tone } from '../../../core/pane.js';
import { quote } from '../../../core/quote.js';
import { clean, listed } from '../../../core/text.js';
import { configured } from '../read/node-facts.js';
import type { NodeView, View, Volume } from '../view.js';

/** A file system laid open: its nodes next to each other. */
export function volumeDetails(
  volume: Volume,
  view: View,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const { uuid, name, mounts, holders, seen } = volume;
  const nodes = view.nodes.filter(
    ({ host }) => mounts.some((one) => one.node.host === host) || seen.some((s) => s.host === host),
  );
  const device = mounts[0]?.entry.source ?? seen[0]?.device ?? 'DEVICE';
  return {
    title: `file system ${clean(name)}`,
    tone,
    state: findings[0]?.title ?? (mounts.length > 0 ? 'in order' : 'not mounted'),
    blocks: [
      ...texts(findings),
      sides(volume, nodes),
      {
        kind: 'facts',
        rows: [
          { label: 'UUID', value: { text: clean(uuid) } },
          {
            label: 'slots held',
            value: { text: holders ? clean(listed(holders, 12)) || 'none' : 'not known' },
          },
          {
            label: 'slots',
            value: { text: volume.slots === undefined ? 'not known' : `${volume.slots}` },
          },
        ],
      },
    ],
    commands: [
      {
        says: 'who has it mounted, by its slots',
        line: clean(`mounted.ocfs2 -f ${quote(device)}`),
      },
      { says: 'whether the cluster is online', line: 'o2cb cluster-status' },
      { says: 'what the kernel said', line: "dmesg | grep -E 'o2(net|cb|hb|dlm)|ocfs2'" },
    ],
  };
}

function sides({ uuid, mounts, seen }: Volume, nodes: readonly NodeView[]): Block {
  const row = (label: string, value: (node: NodeView) => string) => ({
    label,
    values: nodes.map((node) => ({ text: clean(value(node)) })),
  });
  const at = (node: NodeView) => mounts.find((one) => one.node.host === node.host);
  return {
    kind: 'sides',
    sides: nodes.map(({ host }) => host),
    rows: [
      row('mounted at', (node) => at(node)?.entry.point ?? 'not'),
      row('device', ({ host }) => seen.find((one) => one.host === host)?.device ?? '–'),
      row('node', ({ number }) => (number === undefined ? '–' : `${number}`)),
      row('cluster', ({ facts }) => (facts.online === true ? 'online' : 'offline')),
      row('last beat', (node) => {
        const elapsed = at(node)?.beat?.elapsed;
        return elapsed === undefined ? '–' : `${(elapsed / 1000).toFixed(1)} s ago`;
      }),
      row('sees alive', ({ facts }) => facts.beats.get(uuid)?.alive.join(', ') ?? '–'),
    ],
  };
}

/** A node laid open: the nodes that its file and its kernel know. */
export function nodeDetails(node: NodeView, findings: readonly Finding[], tone: Tone): Details {
  const { facts, host } = node;
  const known = configured(facts).flatMap(({ nodes }) => nodes);
  const kernel = facts.clusters.flatMap(({ nodes }) => nodes);
  return {
    title: `node ${host}`,
    tone,
    state: findings[0]?.title ?? (facts.online === true ? 'online' : 'offline'),
    blocks: [
      ...texts(findings),
      {
        kind: 'table',
        label: 'nodes in cluster.conf',
        columns: [
          { title: 'NODE', min: 10, grow: 1 },
          { title: 'NUMBER', min: 6, align: 'right' },
          { title: 'ADDRESS', min: 15 },
          { title: 'LOADED', min: 6 },
        ],
        rows: known.map(({ name, number, address, port }) => [
          { text: clean(name) },
          { text: `${number}` },
          { text: clean(`${address}:${port}`) },
          { text: kernel.some((one) => one.name === name) ? 'yes' : 'no' },
        ]),
      },
      {
        kind: 'facts',
        rows: [...facts.settings].map(([key, value]) => ({
          label: clean(key),
          value: { text: clean(value) },
        })),
      },
    ],
    commands: [
      { says: 'whether the cluster is online', line: 'o2cb cluster-status' },
      { says: 'bring it online', line: 'systemctl restart o2cb' },
      { says: 'nodes that the file has', line: 'o2cb list-nodes --oneline' },
    ],
  };
}

function texts(findings: readonly Finding[]): readonly Block[] {
  return findings.map(({ title, says, means, todo }) => ({
    kind: 'text',
    label: title,
    text: `${says} ${means} ${todo}`,
  }));
}
