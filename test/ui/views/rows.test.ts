import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterRows, sortRows } from '../../../source/ui/views/parts/rows.js';
import { aRow } from '../../support/world.js';

const ids = (rows: readonly { readonly id: string }[]): string =>
  rows.map(({ id }) => id).join(' ');

const tree = [
  aRow('server-a', ['server-a']),
  aRow('disk10', ['disk10'], { depth: 1 }),
  aRow('disk9', ['disk9'], { depth: 1 }),
  aRow('server-b', ['server-b']),
  aRow('disk1', ['disk1'], { depth: 1 }),
];

test('rows sort as people count, and stay beneath what they stand beneath', () => {
  assert.equal(
    ids(sortRows(tree, { column: 0, reverse: false })),
    'server-a disk9 disk10 server-b disk1',
  );
  assert.equal(
    ids(sortRows(tree, { column: 0, reverse: true })),
    'server-b disk1 server-a disk10 disk9',
  );
});

test('cells with a number to sort by are sorted by it', () => {
  const rows = [900, 5, 70].map((n) =>
    aRow(`r${n}`, [], { cells: [{ text: `${n} GiB`, sort: n }] }),
  );
  assert.equal(ids(sortRows(rows, { column: 0, reverse: false })), 'r5 r70 r900');
});

test('a match is shown with what it stands beneath', () => {
  const { rows, matches } = filterRows(tree, 'DISK1');
  assert.equal(ids(rows), 'server-a disk10 server-b disk1');
  assert.equal(matches, 2);
});

test('all words of a filter must occur', () => {
  const rows = [aRow('r0', ['r0', 'StandAlone']), aRow('r1', ['r1', 'Connected'])];
  assert.equal(ids(filterRows(rows, 'r stand').rows), 'r0');
  assert.equal(filterRows(rows, 'r0 connected').matches, 0);
});
