import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUEST, StorageGraph } from '../../source/core/graph.js';
import type { Details } from '../../source/core/pane.js';
import { withGuests } from '../../source/engine/watch/with-guests.js';

const details: Details = { title: 'r0', tone: 'good', state: '', blocks: [], commands: [] };
const nothing = { text: '' };

/** What the rows of a view say that they carry. */
function carried(about: readonly string[] | undefined): readonly string[] {
  const node = (id: string, kind: string) => ({ id, kind, name: id });
  const graph = new StorageGraph([
    {
      nodes: [
        node('r0', 'resource'),
        node('m', 'mount'),
        node('web-1', GUEST),
        node('mail', GUEST),
      ],
      edges: [
        { upper: 'm', lower: 'r0', group: 'device', needs: 1 },
        { upper: 'web-1', lower: 'm', group: 'vda', needs: 1 },
        { upper: 'mail', lower: 'm', group: 'vda', needs: 1 },
      ],
    },
  ]);
  const row = { id: 'r0', tone: 'good' as const, cells: [], hosts: [], details: () => details };
  const view = withGuests(
    {
      id: 'drbd',
      title: 'DRBD',
      summary: { tone: 'good', first: nothing, second: nothing, third: nothing },
      drawing: { columns: [], rows: [{ ...row, ...(about && { about }) }], empty: '' },
    },
    graph,
  );
  const blocks = view.drawing.rows[0]?.details().blocks ?? [];
  return blocks.flatMap((block) =>
    block.kind === 'facts' ? block.rows.map(({ value }) => value.text) : [],
  );
}

test('a thing laid open says which virtual machines stand on it, known to another stack', () => {
  assert.deepEqual(carried(['r0']), ['2 guests: mail and web-1']);
});

test('what carries none, or is no node, says nothing of it', () => {
  assert.deepEqual(carried(['web-1']), []);
  assert.deepEqual(carried(undefined), []);
});
