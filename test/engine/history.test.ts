import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paces, remember, type History } from '../../source/engine/watch/history.js';

function historyOf(...samples: readonly (readonly [at: number, value: number])[]): History {
  return samples.reduce<History>(
    (history, [at, value]) =>
      remember(history, [{ key: 'k', label: 'k', value, unit: 'count' }], at),
    new Map(),
  );
}

test('a pace is the change a second over the last minute, and what is older does not count', () => {
  const history = historyOf([0, 1000], [60_000, 90], [80_000, 50], [100_000, 10]);
  assert.equal(paces(history, 100_000).get('k'), -2);
});

test('what stands still has the pace 0, and what is known for seconds only has none', () => {
  assert.equal(paces(historyOf([0, 7], [20_000, 7]), 20_000).get('k'), 0);
  assert.equal(paces(historyOf([0, 7], [6000, 9]), 6000).has('k'), false);
});
