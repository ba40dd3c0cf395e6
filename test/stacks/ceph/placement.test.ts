import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byClass, classOf, inactive, moving } from '../../../source/stacks/ceph/placement.js';
import { said } from './views.js';

function states(...pairs: readonly (readonly [string, number])[]): ReturnType<typeof said> {
  const pgs_by_state = pairs.map(([state_name, count]) => ({ state_name, count }));
  return said({ pgmap: { pgs_by_state } });
}

test('a placement group is as bad as its worst word', () => {
  const expected = {
    'active+clean': 'clean',
    'active+clean+scrubbing+deep': 'clean',
    'active+clean+snaptrim': 'clean',
    'active+pondering': 'clean',
    'active+remapped+backfilling': 'busy',
    'active+recovery_wait': 'busy',
    peering: 'busy',
    'activating+undersized+degraded': 'warning',
    'active+undersized+degraded': 'warning',
    'active+recovering+degraded': 'warning',
    'active+remapped+backfill_toofull': 'critical',
    'active+recovery_unfound+degraded': 'critical',
    'active+clean+inconsistent': 'critical',
    'active+clean+snaptrim_error': 'critical',
    'undersized+degraded+peered': 'critical',
    'stale+active+clean': 'critical',
    'down+peering': 'critical',
    'remapped+incomplete': 'critical',
    unknown: 'unknown',
    pondering: 'unknown',
  };
  assert.deepEqual(
    Object.fromEntries(Object.keys(expected).map((state) => [state, classOf(state)])),
    expected,
  );
});

test('groups that pass through peering are told from those that stay without I/O', () => {
  const status = states(
    ['active+clean', 10],
    ['peering', 4],
    ['undersized+degraded+peered', 3],
    ['stale+active+clean', 2],
    ['unknown', 1],
  );
  assert.deepEqual(inactive(status), {
    stuck: 5,
    passing: 4,
    unknown: 1,
    states: ['peering', 'undersized+degraded+peered', 'stale+active+clean', 'unknown'],
  });
});

test('without states the total is not known, which is not clean', () => {
  const status = said({ pgmap: { pgs_by_state: undefined, num_pgs: 129 } });
  assert.deepEqual(byClass(status), [
    { name: 'unknown', count: 129, states: [['state not said', 129]] },
  ]);
});

test('groups that copy are told from those that wait for their turn', () => {
  const status = states(
    ['active+recovering+degraded', 2],
    ['active+recovery_wait+degraded', 28],
    ['active+undersized+remapped+backfill_wait', 1],
    ['active+clean', 3],
  );
  assert.deepEqual(moving(status), { now: 2, waiting: 29 });
});
