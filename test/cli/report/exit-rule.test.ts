import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitFor } from '../../../source/cli/report/exit-rule.js';
import { failureOf, fakeProbe } from '../../support/fleet.js';
import { hostUp, problem, world, WORLD_AT } from '../../support/world.js';

const down = hostUp('torchio', { phase: 'down', failure: failureOf('no answer') });
const alert = problem('A', { severity: 'alert' });
const warning = problem('W', { severity: 'warning' });
const reading = { probe: fakeProbe('p', 'host'), host: 'fiori', asked: [], at: WORLD_AT };

test('all known and nothing wrong is 0, and so is a notice', () => {
  assert.equal(exitFor(world()), 0);
  assert.equal(exitFor(world({ problems: [problem('N', { severity: 'notice' })] })), 0);
});

test('a warning is 1, an alert is 2, and the alert counts', () => {
  assert.equal(exitFor(world({ problems: [warning] })), 1);
  assert.equal(exitFor(world({ problems: [alert, warning] })), 2);
});

test('a consequence and an acknowledged problem do not count', () => {
  const muted = { ...alert, causedBy: 'W/it' };
  const seen = { ...alert, acknowledged: { at: 0, until: WORLD_AT * 2 } };
  assert.equal(exitFor(world({ problems: [muted, warning] })), 1);
  assert.equal(exitFor(world({ problems: [seen] })), 0);
});

test('a cause counts as grave as what it brings about', () => {
  assert.equal(exitFor(world({ problems: [{ ...warning, severity: 'alert' }] })), 2);
});

test('when no host answers nothing is known, whatever is said of the hosts', () => {
  assert.equal(exitFor(world({ hosts: [down], problems: [alert] })), 3);
  assert.equal(exitFor(world({ hosts: [] })), 3);
});

test('when no storage system is found, or not everything answered in time, it is 3', () => {
  assert.equal(exitFor(world({ stacks: [] })), 3);
  assert.equal(exitFor(world({ complete: false })), 3);
  assert.equal(exitFor(world({ hosts: [hostUp('fiori'), down] })), 3);
});

test('a reading that failed, is old or only a part is 3; what is not there is no loss', () => {
  const failure = failureOf('it hung');
  const fresh = { ...reading, kind: 'fresh', value: 1, unread: [] } as const;
  assert.equal(exitFor(world({ readings: [{ ...reading, kind: 'failed', failure }] })), 3);
  assert.equal(exitFor(world({ readings: [{ ...fresh, partial: failure }] })), 3);
  const stale = { ...fresh, kind: 'stale', failure, failedAt: WORLD_AT } as const;
  assert.equal(exitFor(world({ readings: [stale] })), 3);
  const absent = { ...reading, kind: 'absent', because: 'not installed' } as const;
  assert.equal(exitFor(world({ readings: [fresh, absent] })), 0);
});

test('a gap beside a known alert does not hide the alert', () => {
  assert.equal(exitFor(world({ hosts: [hostUp('fiori'), down], problems: [alert] })), 2);
});
