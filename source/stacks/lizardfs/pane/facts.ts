import type { Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import { toneOf, type Block, type Cell, type Details } from '../../../core/pane.js';
import { quoteAll } from '../../../core/quote.js';
import { clean } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { typedCommand, type Query } from '../tools/admin.js';
import { findingsAbout, type Scene } from './scene.js';

/** A line of the details. */
export type Fact = readonly [label: string, value: string | Cell];

/** Lines of what is known of a thing; what is undefined is left out. */
export function facts(rows: readonly (Fact | undefined)[]): Block {
  const known = rows.filter((row) => row !== undefined);
  return {
    kind: 'facts',
    rows: known.map(([label, value]) => ({
      label,
      value: typeof value === 'string' ? { text: clean(value) } : value,
    })),
  };
}

/** The findings of a thing in words, each with the lines that prove it. */
function findingBlocks(found: readonly Finding[]): readonly Block[] {
  return found.flatMap(({ title, says, means, todo, evidence }): readonly Block[] => [
    { kind: 'text', label: title, text: says },
    { kind: 'text', label: 'That means', text: means },
    { kind: 'text', label: 'To do', text: todo },
    ...evidence.map(({ host, command, lines }): Block => ({
      kind: 'lines',
      label: clean(`${host}: ${command}`),
      lines: lines.map(clean),
    })),
  ]);
}

/** A thing laid open, with what was found about it. */
export function details(
  scene: Scene,
  node: NodeId,
  spec: {
    readonly title: string;
    readonly state: string;
    readonly blocks: readonly Block[];
    readonly commands: Details['commands'];
  },
): Details {
  const found = findingsAbout(scene, node);
  const worst = found[0]?.severity;
  const tone = worst === undefined && scene.stale ? 'unknown' : toneOf(worst);
  return {
    title: clean(spec.title),
    tone,
    state: clean(spec.state),
    blocks: [...spec.blocks, ...findingBlocks(found)],
    commands: spec.commands,
  };
}

/** A question as it is typed, with the tool that is installed and the master that was asked. */
export function line({ seen }: Scene, says: string, query: Query<unknown>): Details['commands'] {
  const view = seen.cluster?.value;
  if (!view) return [];
  return [{ says, line: clean(quoteAll(typedCommand(view.admin, query, view.master))) }];
}

/** `3.1 GiB of 4 GiB, 78 %` */
export function space(used: number, total: number): string {
  return total > 0
    ? `${bytes(used)} of ${bytes(total)}, ${percent(used / total)}`
    : `${bytes(used)} of no space`;
}
