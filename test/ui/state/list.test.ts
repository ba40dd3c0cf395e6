import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSort, scrolled, selectedIndex } from '../../../source/ui/state/list.js';

const list = { index: 1, top: 0, filter: '', selected: 'b' };

test('the selection stays on its thing when lines move', () => {
  assert.equal(selectedIndex(list, ['a', 'b', 'c']), 1);
  assert.equal(selectedIndex(list, ['x', 'y', 'a', 'b']), 3);
});

test('when its thing goes away the selection stays in its place', () => {
  assert.equal(selectedIndex(list, ['a', 'c', 'd']), 1);
  assert.equal(selectedIndex(list, ['a']), 0);
  assert.equal(selectedIndex(list, []), 0);
});

test('the list scrolls as little as it must', () => {
  const lines = { total: 100, height: 10 };
  assert.equal(scrolled(0, lines, { from: 5, to: 5 }), 0);
  assert.equal(scrolled(0, lines, { from: 12, to: 13 }), 4);
  assert.equal(scrolled(50, lines, { from: 20, to: 20 }), 20);
});

test('no line of the screen is wasted after the end', () => {
  assert.equal(scrolled(99, { total: 100, height: 10 }), 90);
  assert.equal(scrolled(5, { total: 3, height: 10 }), 0);
});

test('sorting goes through the columns and back to how the rows came', () => {
  const first = nextSort(undefined, [0, 1]);
  assert.deepEqual(first, { column: 0, reverse: false });
  const second = nextSort(first, [0, 1]);
  assert.deepEqual(second, { column: 1, reverse: false });
  assert.equal(nextSort(second, [0, 1]), undefined);
});
