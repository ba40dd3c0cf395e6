import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceNode, mountNode, StorageGraph } from '../../../source/core/graph.js';
import { Now } from '../../../source/core/probe.js';
import { ocfs2 } from '../../../source/stacks/ocfs2/index.js';
import { viewOf } from '../../../source/stacks/ocfs2/view.js';
import { recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation is to be called. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'mounted-on-both': [],
  'mounted-on-one': ['OCFS2_MOUNTED_ON_SOME'],
  apart: ['OCFS2_APART'],
  'node-fenced': ['OCFS2_EVICTED'],
  'no-cluster': [],
  'mounted-nowhere': [],
  'link-lost': [],
  'not-at-boot': ['OCFS2_NOT_AT_BOOT'],
  'differs-offline-secondary': [
    'OCFS2_CONFIG_DIFFERS',
    'OCFS2_DRBD_NOT_DUAL',
    'OCFS2_MOUNTED_ON_SOME',
    'OCFS2_OFFLINE',
  ],
  'wrong-name-and-no-tab': [
    'OCFS2_CONFIG_UNREADABLE',
    'OCFS2_NODE_NAME',
    'OCFS2_OFFLINE',
    'OCFS2_OFFLINE',
  ],
  'heartbeat-dead': ['OCFS2_HEARTBEAT_DEAD', 'OCFS2_READ_ONLY'],
};

test('every situation has its expectation', () => {
  assert.deepEqual([...situations('ocfs2')].sort(), Object.keys(EXPECTED).sort());
});

for (const [situation, codes] of Object.entries(EXPECTED)) {
  test(`${situation}: ${codes.length === 0 ? 'no findings' : codes.join(', ')}`, async () => {
    const now = await recordedNow(ocfs2, situation);
    const found = ocfs2.diagnose(now).map(({ code }) => code);
    assert.deepEqual(found.sort(), codes);
    for (const probe of ocfs2.probes) {
      for (const { unread } of now.known(probe)) assert.deepEqual(unread, [], probe.id);
    }
  });
}

test('who has it mounted, its slots and the slowest heartbeat are drawn; the disk beneath DRBD is not', async () => {
  const now = await recordedNow(ocfs2, 'mounted-on-both');
  const { volumes } = viewOf(now);
  assert.deepEqual(
    volumes.map(({ name, slots, holders, seen }) => [name, slots, holders, seen[0]?.device]),
    [['data', 2, ['fiori', 'torchio'], '/dev/drbd0']],
  );
  const rows = ocfs2.pane.draw(now).rows.map(({ cells }) => cells.map(({ text }) => text));
  assert.deepEqual(rows, [
    ['data', 'mounted', 'fiori and torchio', '2/2', '1.7 s', '/mnt/data'],
    ['node fiori', 'online', 'data', '#1', '', 'ocfs2'],
    ['node torchio', 'online', 'data', '#2', '', 'ocfs2'],
  ]);
});

test('a mount stands on its device and on the host as a node of the cluster', async () => {
  const now = await recordedNow(ocfs2, 'mounted-on-both');
  const graph = new StorageGraph([ocfs2.graph(now)]);
  const fates = graph.whatIf(['ocfs2.member:fiori']);
  assert.equal(fates.get(mountNode('fiori', '/mnt/data')), 'dead');
  assert.equal(fates.get(mountNode('torchio', '/mnt/data')), undefined);
  assert.ok(graph.above([deviceNode('torchio', 'drbd0')]).has(mountNode('torchio', '/mnt/data')));
});

test('each finding quotes the lines that prove it', async () => {
  const quotes: readonly (readonly [string, RegExp])[] = [
    ['apart', /o2dlm has evicted node 2/],
    ['node-fenced', /o2dlm has evicted node 2/],
    ['wrong-name-and-no-tab', /name = fornello/],
    ['heartbeat-dead', /elapsed \w+ 63000/],
    ['mounted-on-one', /mount .* ocfs2 \/dev\/drbd0/],
  ];
  for (const [situation, pattern] of quotes) {
    const findings = ocfs2.diagnose(await recordedNow(ocfs2, situation));
    const lines = findings.flatMap(({ evidence }) => evidence.flatMap((one) => one.lines));
    assert.ok(
      lines.some((line) => pattern.test(line)),
      `${situation}: ${lines.join('\n')}`,
    );
  }
});

test('of what could not be read nothing is counted', () => {
  const { tone, ...cells } = ocfs2.pane.summary(new Now(0, [], []));
  const texts = Object.values(cells).map(({ text }) => text);
  assert.deepEqual([tone, ...texts], ['unknown', 'not read', '', '']);
});
