import type { Block, Details } from '../../../core/pane.js';
import { count, grouped } from '../../../core/text.js';
import type { GoalState } from '../findings/chunks.js';
import { chunksNode } from '../nodes.js';
import { queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import { details, facts, line } from './facts.js';
import { matrixBlocks } from './matrix.js';
import type { Scene } from './scene.js';

/** A goal's chunks laid open. */
export function goalDetails(scene: Scene, state: GoalState): Details {
  const { goal, definition, shape, safe, endangered, lost, total } = state;
  const health = scene.seen.cluster && valueOf(scene.seen.cluster.value.health);
  const replication = health?.replication.find((entry) => entry.goal === goal)?.counts ?? [];
  const deletion = health?.deletion.find((entry) => entry.goal === goal)?.counts ?? [];
  return details(scene, chunksNode(goal), {
    title: `${scene.seen.words.title} › goal ${goal}`,
    state: lost > 0 ? 'chunks cannot be read' : state.single ? 'one copy' : 'readable',
    blocks: [
      facts([
        definition === undefined ? undefined : ['definition', definition],
        shape ? ['outlives the loss of', count(shape.survives, 'server')] : undefined,
        shape ? ['needs', count(shape.servers, 'server')] : undefined,
        ['chunks', grouped(total)],
        ['safe', grouped(safe)],
        [
          'endangered',
          state.single ? `${grouped(endangered)} (always so with one copy)` : grouped(endangered),
        ],
        ['lost', { text: grouped(lost), tone: lost > 0 ? 'alert' : 'plain' }],
      ]),
      ...backlogTable(replication, deletion),
      ...matrixBlocks(scene.seen),
    ],
    commands: [
      ...line(scene, 'all goals', queries.health),
      ...line(scene, 'what the goals are', queries.goals),
      ...line(scene, 'the files concerned (may lag an hour)', {
        ...queries.health,
        words: ['list-defective-files'],
        moose: { ...queries.health.moose, option: '-SMF' },
      }),
    ],
  });
}

function backlogTable(
  replication: readonly number[],
  deletion: readonly number[],
): readonly Block[] {
  const rows = replication
    .map((n, parts) => ({ parts, n, d: deletion[parts] ?? 0 }))
    .filter(({ parts, n, d }) => parts > 0 && n + d > 0);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      label: 'Chunks by parts to make or to delete',
      columns: [
        { title: 'parts', min: 10, align: 'right' },
        { title: 'to make', min: 10, align: 'right' },
        { title: 'to delete', min: 10, align: 'right' },
      ],
      rows: rows.map(({ parts, n, d }) => [
        { text: parts === 10 ? '10 or more' : String(parts) },
        { text: grouped(n) },
        { text: grouped(d) },
      ]),
    },
  ];
}
