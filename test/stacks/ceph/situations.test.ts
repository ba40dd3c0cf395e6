import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { ceph } from '../../../source/stacks/ceph/index.js';
import { recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation must come to: the findings, and those that are only consequences. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  healthy: [],
  'healthy-under-io': [],
  'one-osd-down': [
    'CEPH_OSD_DOWN alert',
    'CEPH_OSD_HOST_DOWN consequence',
    'CEPH_PG_DEGRADED consequence',
  ],
  'two-osd-down': [
    'CEPH_OSD_DOWN alert',
    'CEPH_OSD_HOST_DOWN consequence',
    'CEPH_PGS_INACTIVE consequence',
    'CEPH_PG_DEGRADED consequence',
  ],
  recovery: ['CEPH_PG_DEGRADED warning'],
  'osd-out': ['CEPH_OBJECT_MISPLACED notice'],
  full: ['CEPH_OSD_FULL alert', 'CEPH_POOL_FULL consequence', 'CEPH_USAGE_HIGH consequence'],
  'mgr-down': ['CEPH_MGR_DOWN warning'],
  'mon-down': ['CEPH_NO_QUORUM alert'],
  'keyring-missing': ['CEPH_NO_ACCESS warning'],
  'keyring-wrong': ['CEPH_NO_ACCESS warning'],
  noout: ['CEPH_OSDMAP_FLAGS warning'],
  jewel: [
    'CEPH_HEALTH_SUMMARY consequence',
    'CEPH_HEALTH_SUMMARY consequence',
    'CEPH_HEALTH_SUMMARY consequence',
    'CEPH_HEALTH_SUMMARY consequence',
    'CEPH_HEALTH_SUMMARY warning',
    'CEPH_OSD_DOWN alert',
  ],
  luminous: [
    'CEPH_MON_DOWN alert',
    'CEPH_POOL_APP_NOT_ENABLED warning',
    'CEPH_QUORUM_NO_SPARE consequence',
  ],
};

test('every recorded situation has its expectation', () => {
  assert.deepEqual([...situations('ceph')].sort(), Object.keys(EXPECTED).sort());
});

for (const [situation, expected] of Object.entries(EXPECTED)) {
  test(`${situation}: exactly these findings, nothing unread, everything can be drawn`, async () => {
    const now = await recordedNow(ceph, situation);
    const judged = judge(ceph.diagnose(now), new StorageGraph([ceph.graph(now)]));
    const found = judged.map(
      ({ finding, severity, causedBy }) =>
        `${finding.code} ${causedBy === undefined ? severity : 'consequence'}`,
    );
    assert.deepEqual(found.sort(), expected);
    assert.equal(new Set(judged.map(({ key }) => key)).size, judged.length, 'keys are unique');
    const unread = ceph.probes.flatMap((probe) => now.known(probe).flatMap((r) => r.unread));
    assert.deepEqual(unread, []);

    const { rows } = ceph.pane.draw(now);
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length, 'rows are unique');
    for (const row of rows) {
      const { title, blocks, commands } = row.details();
      assert.ok(title !== '' && blocks.length > 0 && commands.length > 0, row.id);
    }
    for (const { means, todo, evidence } of ceph.diagnose(now)) {
      assert.ok(means !== '' && todo !== '');
      assert.ok(evidence.every(({ lines }) => lines.length > 0));
    }
    const keys = ceph.pane.metrics(now).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length, 'metrics are unique');
  });
}

test('each inspector reads its own sample without a rest', () => {
  for (const { id, sample, inspect } of ceph.inspectors) {
    const result = inspect(sample);
    assert.ok(result.ok, id);
    assert.deepEqual(result.unread, [], id);
  }
});

test('an inspected status shows its findings without a host', () => {
  const inspector = ceph.inspectors.find(({ id }) => id === 'ceph.status-json');
  const result = inspector?.inspect(inspector.sample);
  assert.ok(result?.ok);
  assert.deepEqual(
    result.value.findings.map(({ code, severity }) => [code, severity]),
    [
      ['CEPH_OSD_DOWN', 'alert'],
      ['CEPH_OSD_HOST_DOWN', 'warning'],
      ['CEPH_PG_DEGRADED', 'warning'],
    ],
  );
});
