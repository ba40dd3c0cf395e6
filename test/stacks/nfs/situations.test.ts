import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountNode, StorageGraph } from '../../../source/core/graph.js';
import { Now } from '../../../source/core/probe.js';
import { nfs } from '../../../source/stacks/nfs/index.js';
import { recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation is to be called. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  served: [],
  'nothing-exported': [],
  'blank-before-options': ['NFS_EXPORT_LOOSE', 'NFS_EXPORT_WORLD'],
  'bad-lines': [
    'NFS_EXPORTS_FAULT',
    'NFS_EXPORTS_FAULT',
    'NFS_EXPORT_DIFFERS',
    'NFS_EXPORT_DIFFERS',
    'NFS_EXPORT_DIFFERS',
  ],
  'not-serving': ['NFS_NOT_SERVING'],
  'not-mounted': ['NFS_EXPORT_NOT_MOUNTED'],
};

test('every situation has its expectation', () => {
  assert.deepEqual([...situations('nfs')].sort(), Object.keys(EXPECTED).sort());
});

for (const [situation, codes] of Object.entries(EXPECTED)) {
  test(`${situation}: ${codes.length === 0 ? 'no findings' : codes.join(', ')}`, async () => {
    const now = await recordedNow(nfs, situation);
    assert.deepEqual(
      nfs
        .diagnose(now)
        .map(({ code }) => code)
        .sort(),
      codes,
    );
    for (const probe of nfs.probes) {
      for (const { unread } of now.known(probe)) assert.deepEqual(unread, [], probe.id);
    }
  });
}

test('an export is drawn with whom it is for, what it lies on and who is there', async () => {
  const now = await recordedNow(nfs, 'served');
  const rows = nfs.pane.draw(now).rows.map(({ cells }) => cells.map(({ text }) => text));
  assert.deepEqual(rows, [['/mnt/data', 'torchio', '192.0.2.0/25', 'rw', 'ocfs2 /mnt/data', '1']]);
});

test('what a client has mounted dies with the mount that its server exports', async () => {
  const now = await recordedNow(nfs, 'served');
  const mount = { id: mountNode('torchio', '/mnt/data'), kind: 'mount', name: '/mnt/data' };
  const graph = new StorageGraph([nfs.graph(now), { nodes: [mount], edges: [] }]);
  assert.equal(graph.whatIf([mount.id]).get(mountNode('fiori', '/mnt/pub')), 'dead');
});

test('of what could not be read nothing is counted', () => {
  const { tone, ...cells } = nfs.pane.summary(new Now(0, [], []));
  const texts = Object.values(cells).map(({ text }) => text);
  assert.deepEqual([tone, ...texts], ['unknown', 'not read', '', '']);
});
