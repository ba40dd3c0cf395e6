import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { recordedNow, situations } from '../../support/recordings.js';

/** Exactly what each recorded situation must be called. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  calm: [],
  'compared-ext4': ['DRBD_SPLIT_BRAIN'],
  'config-broken': ['DRBD_CONFIG_BROKEN'],
  'disk-detached': ['DRBD_DISKLESS'],
  diverged: ['DRBD_SPLIT_BRAIN'],
  'drbd83-resync': ['DRBD_SYNC_RUNNING'],
  'drbd9-mounted': [],
  'drbd9-peer-down': ['DRBD_DISKLESS', 'DRBD_NOT_UP'],
  'drbd9-quorum-lost': [
    'DRBD_WAITING_FOR_PEER',
    'DRBD_WAITING_FOR_PEER',
    'DRBD_IO_SUSPENDED',
    'DRBD_QUORUM_LOST',
  ],
  'drbd9-secrets-differ': ['DRBD_STANDALONE', 'DRBD_STANDALONE'],
  'drbd9-split-brain': ['DRBD_SPLIT_BRAIN', 'DRBD_SPLIT_BRAIN'],
  'drbd9-standalone': ['DRBD_STANDALONE'],
  'drbd9-syncing': ['DRBD_SYNC_RUNNING'],
  'drbd9-three-nodes': ['DRBD_SYNC_RUNNING'],
  'drbd9-three-ways': ['DRBD_SPLIT_BRAIN', 'DRBD_SPLIT_BRAIN', 'DRBD_SPLIT_BRAIN'],
  'drbd9-tiebreaker': [],
  'drbd9-verified-different': [],
  'dual-primary': [],
  'dual-primary-ext4': ['DRBD_DUAL_PRIMARY_WITHOUT_CLUSTER_FS'],
  'io-suspended': ['DRBD_IO_SUSPENDED'],
  'link-cut': ['DRBD_SPLIT_BRAIN'],
  'no-module': ['DRBD_MODULE_MISSING', 'DRBD_NOT_UP'],
  'not-up': ['DRBD_NOT_UP'],
  paused: ['DRBD_SYNC_PAUSED'],
  'peer-down': ['DRBD_WAITING_FOR_PEER'],
  resync: ['DRBD_SYNC_RUNNING'],
  'split-brain': ['DRBD_SPLIT_BRAIN'],
  'split-brain-one-waiting': ['DRBD_SPLIT_BRAIN'],
  'standalone-no-split-brain': ['DRBD_STANDALONE'],
  'verified-different': ['DRBD_OUT_OF_SYNC'],
  verify: ['DRBD_VERIFY_RUNNING'],
};

test('every recorded situation has its findings listed here', () => {
  assert.deepEqual(Object.keys(EXPECTED).sort(), [...situations('drbd')].sort());
});

for (const situation of situations('drbd')) {
  test(`${situation}: everything is read, and it is called by its name`, async () => {
    const now = await recordedNow(drbd, situation);
    for (const probe of drbd.probes) {
      for (const reading of now.of(probe)) {
        assert.equal(reading.kind, 'fresh', `${reading.host} ${probe.id}`);
        assert.deepEqual(reading.unread, []);
      }
    }
    const findings = drbd.diagnose(now);
    assert.deepEqual(
      findings.map(({ code }) => code),
      EXPECTED[situation],
    );
    const judged = judge(findings, new StorageGraph([drbd.graph(now)]));
    const muted = judged.filter(({ causedBy }) => causedBy !== undefined);
    assert.deepEqual(
      muted.map(({ finding }) => finding.code),
      situation === 'no-module' ? ['DRBD_NOT_UP'] : [],
    );
    assert.ok(drbd.pane.draw(now).rows.length > 0);
  });
}

test('every inspector reads its own sample to the last line', () => {
  for (const inspector of drbd.inspectors) {
    const result = inspector.inspect(inspector.sample);
    assert.ok(result.ok, inspector.id);
    assert.deepEqual(result.unread, [], inspector.id);
  }
});

test('an inspector judges a capture that stands alone', () => {
  const proc = drbd.inspectors.find(({ id }) => id === 'drbd.proc');
  const result = proc?.inspect(
    'version: 8.4.8-1 (api:1/proto:86-101)\n 0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----\n',
  );
  assert.ok(result?.ok);
  assert.deepEqual(
    result.value.findings.map(({ code }) => code),
    ['DRBD_STANDALONE'],
  );
});
