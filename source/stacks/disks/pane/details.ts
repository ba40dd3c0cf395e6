import { StorageGraph, type GraphNode, type NodeId } from '../../../core/graph.js';
import type { Block, Details } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, listed } from '../../../core/text.js';
import { graph } from '../graph.js';
import type { Thing } from './rows.js';

/** A thing laid open: what is wrong with it, what it is, what stands on it and what it stands on. */
export function detailsOf(now: Now, thing: Thing): Details {
  const { title, state, row, facts, findings, commands } = thing;
  const known: readonly (readonly [string, string])[] = [...facts, ...standing(now, thing.node)];
  return {
    title: clean(title),
    state: clean(state),
    tone: row.tone,
    blocks: [
      ...findings.map(({ title: label, says, means, todo }): Block => {
        return { kind: 'text', label, text: `${says} ${means} ${todo}` };
      }),
      {
        kind: 'facts',
        rows: known
          .filter(([, text]) => text !== '')
          .map(([label, text]) => ({ label, value: { text: clean(text) } })),
      },
      ...findings.flatMap(({ evidence }) => evidence.map(quoted)),
    ],
    commands: commands.map(({ says, line }) => ({ says, line: clean(line) })),
  };
}

function quoted({
  host,
  command,
  lines,
}: {
  host: string;
  command: string;
  lines: readonly string[];
}): Block {
  return { kind: 'lines', label: `${host}: ${command}`, lines };
}

/** The disk beneath and the mount on top, and what is between, nearest first. */
function standing(now: Now, id: NodeId): readonly (readonly [string, string])[] {
  if (id.startsWith('host:')) return [];
  const whole = new StorageGraph([graph(now)]);
  return [
    ['stands on it', named(whole, whole.above([id]))],
    ['stands on', named(whole, whole.beneath([id]))],
  ];
}

function named(whole: StorageGraph, ids: ReadonlySet<NodeId>): string {
  const nodes = [...ids].flatMap((id): readonly GraphNode[] => {
    const node = whole.node(id);
    // The disk as all hosts know it stands beneath the same disk as this host knows it.
    return node?.host !== undefined ? [node] : [];
  });
  return listed(
    nodes.map(({ kind, name }) => (name.startsWith(kind) ? name : `${kind} ${name}`)),
    8,
  );
}
