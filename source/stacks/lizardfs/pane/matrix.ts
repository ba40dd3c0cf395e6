import type { Block, Cell } from '../../../core/pane.js';
import { clean, grouped } from '../../../core/text.js';
import type { GoalState } from '../findings/chunks.js';
import { goalStates } from '../findings/diagnose.js';
import type { Picture } from '../picture.js';
import type { Backlog } from '../tools/chunks-health.js';
import { valueOf } from '../tools/question.js';

/**
 * The chunk matrix of the web interfaces: for each goal what is safe, endangered and lost, and then,
 * as the tool tells it, how many copies there are (MooseFS) or how many parts are to be made.
 */
export function matrixBlocks(seen: Picture): readonly Block[] {
  const states = goalStates(seen);
  const health = seen.cluster && valueOf(seen.cluster.value.health);
  if (!health || states.length === 0) return [];
  const byCopies = health.copies !== undefined;
  const counts = countsOf(health.copies ?? health.replication);
  const widest = Math.max(0, ...states.map(({ goal }) => last(counts.get(goal) ?? [])));
  const numbers = Array.from({ length: widest + 1 }, (_, n) => n);
  return [
    {
      kind: 'table',
      label: byCopies
        ? 'Chunk matrix: goal by copies that there are'
        : 'Chunk matrix: goal by parts that are to be made',
      columns: [
        { title: 'goal', min: 6, grow: 1, cut: 'middle' },
        ...['safe', 'endangered', 'lost'].map((title) => ({
          title,
          min: Math.max(6, title.length),
          align: 'right' as const,
        })),
        ...numbers.map((n) => ({ title: titleOf(n, byCopies), min: 7, align: 'right' as const })),
      ],
      rows: states.map((state) => [
        ...classes(state),
        ...numbers.map((n): Cell => {
          const chunks = counts.get(state.goal)?.[n] ?? 0;
          return { text: chunks === 0 ? '-' : grouped(chunks) };
        }),
      ]),
    },
  ];
}

function countsOf(list: readonly Backlog[]): ReadonlyMap<string, readonly number[]> {
  return new Map(list.map(({ goal, counts }) => [goal, counts]));
}

function last(counts: readonly number[]): number {
  return counts.findLastIndex((n) => n > 0);
}

function titleOf(n: number, byCopies: boolean): string {
  const more = n === 10 ? '10+' : String(n);
  if (byCopies) return n === 1 ? '1 copy' : `${more} cop.`;
  return n === 0 ? 'none' : `${more} more`;
}

function classes({ goal, safe, endangered, lost, single }: GoalState): readonly Cell[] {
  return [
    { text: clean(goal) },
    { text: grouped(safe) },
    { text: grouped(endangered), tone: endangered > 0 && !single ? 'alert' : 'plain' },
    { text: grouped(lost), tone: lost > 0 ? 'alert' : 'plain' },
  ];
}
