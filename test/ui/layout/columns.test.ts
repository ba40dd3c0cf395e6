import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GAP, placeColumns } from '../../../source/ui/layout/columns.js';
import { shareOut } from '../../../source/ui/layout/share-out.js';

const widths = (columns: Parameters<typeof placeColumns>[0], width: number): readonly string[] =>
  placeColumns(columns, width).map((placed) => `${placed.column.title} ${placed.width}`);

test('columns stand at their least width and the growing ones share the rest', () => {
  const columns = [
    { title: 'a', min: 10, grow: 1 },
    { title: 'b', min: 10 },
    { title: 'c', min: 10, grow: 3 },
  ];
  assert.deepEqual(widths(columns, 30 + 2 * GAP + 8), ['a 12', 'b 10', 'c 16']);
});

test('all of the width is given away, whatever the rounding', () => {
  const columns = [1, 2, 3].map((n) => ({ title: String(n), min: 5, grow: 1 }));
  const placed = placeColumns(columns, 15 + 2 * GAP + 8);
  assert.equal(
    placed.reduce((sum, { width }) => sum + width, 0),
    23,
  );
});

test('on a narrow screen the columns with the highest number go first', () => {
  const columns = [
    { title: 'name', min: 10 },
    { title: 'size', min: 10, drop: 1 },
    { title: 'version', min: 10, drop: 2 },
  ];
  assert.deepEqual(widths(columns, 25), ['name 10', 'size 10']);
  assert.deepEqual(widths(columns, 12), ['name 10']);
});

test('columns that may not go shrink alike', () => {
  const placed = placeColumns(
    [
      { title: 'a', min: 20 },
      { title: 'b', min: 20 },
    ],
    22,
  );
  assert.deepEqual(
    placed.map(({ width }) => width),
    [10, 10],
  );
});

test('columns by need: what one does not need goes to those that need more, and no cell is lost', () => {
  const shared = (room: number, ...needs: readonly number[]) =>
    shareOut(
      room,
      needs.map((need) => ({ need, share: 1 })),
    );
  assert.deepEqual(shared(60, 10, 10, 10), [10, 10, 40]);
  assert.deepEqual(shared(60, 10, 40, 30), [10, 25, 25]);
  assert.deepEqual(shared(60, 10, 15, 90), [10, 15, 35]);
  assert.deepEqual(shared(10, 90, 90, 90), [3, 3, 4]);
  assert.deepEqual(shared(-4, 9, 9), [0, 0]);
});
