import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, WayOut } from '../../../source/core/recovery.js';
import { newestHeld } from '../../../source/demo/fleet/rocks/held.js';
import { whyFailed } from '../../support/shell-fleet.js';
import { ask, carryOut, draftedBy, draftOf, startStuck, STUCK, watchOver } from './stuck.js';

/*
 * No path through the guide destroys a pool, what belongs to another image, or data that nobody else has
 * and whose loss was not typed: every way of every scenario is carried out. The way that a person takes
 * first is in recovery.test.ts.
 */
for (const [scenario, zvol] of STUCK) {
  test(`${scenario}: no way out loses what was not typed, nor touches anything else`, async () => {
    const first = await startStuck(scenario);
    const found = await ask(first, zvol);
    assert.ok(found.ways.length > 0);
    for (const way of found.ways) {
      const { value } = way;
      isToldAndTyped(found, way);
      const box = await startStuck(scenario);
      const isSafe = watchOver(box, zvol);
      const draft = draftOf(await ask(box, zvol), value);
      const before = newestHeld(box.fleet, zvol);
      const ran = await carryOut(box, draft);
      // One that stops must have lost nothing either.
      isSafe(draft);
      if (draft.loses.length > 0) continue;
      assert.equal(newestHeld(box.fleet, zvol), before, `${value}: ${whyFailed(ran)}`);
    }
  });
}

/** What loses data is never recommended, and every volume that goes with it is typed. */
function isToldAndTyped({ recommended }: Case, way: WayOut): void {
  const draft = draftedBy(way);
  if (!draft || way.loses.length === 0) return;
  assert.notEqual(recommended?.value, way.value);
  assert.ok(draft.confirmations.length > 0, way.value);
  if (way.value !== 'discard') return;
  const typed = draft.confirmations.map(({ word }) => word);
  const gone = draft.steps.filter(({ kind }) => kind === 'zfs.destroy-volume');
  assert.deepEqual(gone.map(({ params }) => nameIn(params)).toSorted(), typed.toSorted());
}

function nameIn(params: unknown): string {
  assert.ok(typeof params === 'object' && params !== null && 'volume' in params);
  return String(params.volume);
}
