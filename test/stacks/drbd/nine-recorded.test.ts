import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Case } from '../../../source/core/recovery.js';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { recordedHost } from '../../../source/transport/recorded.js';
import { parseStatusJson } from '../../../source/stacks/drbd/read/status-json.js';
import { sideOf9 } from '../../../source/stacks/drbd/steps/side-9.js';
import { fixture, fixturesFolder, recordedNow } from '../../support/recordings.js';

const THREE = ['fiori', 'pavone', 'torchio'];

async function ask(id: string, situation: string, subject = 'data'): Promise<Case> {
  const recovery = drbd.recoveries?.find((one) => one.id === id);
  assert.ok(recovery);
  const hosts = await Promise.all(
    THREE.map(async (name) => {
      return [
        name,
        await recordedHost(name, join(fixturesFolder, 'drbd', situation, name)),
      ] as const;
    }),
  );
  return recovery.gather(subject, new Map(hosts));
}

async function firstRow(situation: string): Promise<readonly string[]> {
  const [row] = drbd.pane.draw(await recordedNow(drbd, situation)).rows;
  return (row?.cells ?? []).map(({ text }) => text);
}

async function findingsOf(situation: string) {
  return drbd.diagnose(await recordedNow(drbd, situation));
}

test('two against one are two parties, whoever of the two is asked', async () => {
  const found = await ask('drbd.split-brain', 'drbd9-split-brain');
  assert.equal(found.verdict, 'split brain', found.happened);
  assert.match(found.happened, /2 parties went on alone: fiori and torchio – pavone/);
  assert.deepEqual(found.ways.map(({ value }) => value).sort(), ['fiori+torchio', 'pavone']);
  assert.equal((await firstRow('drbd9-split-brain'))[2], 'split brain');
});

test('a node that took part in a peer’s generation has it since then, not since it was made', async () => {
  const found = await ask('drbd.split-brain', 'drbd9-split-brain');
  const two = found.ways.find(({ value }) => value === 'fiori+torchio');
  const [a = NaN, b = NaN] = (two?.loses ?? []).map((line) => {
    const [, h, m, s] = /since (\d\d):(\d\d):(\d\d)/.exec(line) ?? [];
    return Number(h) * 3600 + Number(m) * 60 + Number(s);
  });
  // The hosts were read within seconds of each other; midnight may lie between.
  const apart = Math.abs(a - b);
  assert.ok(Math.min(apart, 86_400 - apart) < 30, String(two?.loses));
});

test('three that wrote alone are three parties, and nobody is recommended', async () => {
  const found = await ask('drbd.split-brain', 'drbd9-three-ways');
  assert.equal(found.ways.length, 3, found.happened);
  assert.equal(found.recommended, undefined);
});

test('a volume that waits while it is copied from another peer is no paused resync', async () => {
  const [finding, ...more] = await findingsOf('drbd9-syncing');
  assert.deepEqual(more, []);
  assert.equal(finding?.subject, 'data/0 fiori–pavone');
  assert.equal((await firstRow('drbd9-syncing'))[2], 'SyncSource');
  const found = await ask('drbd.slow-resync', 'drbd9-syncing');
  assert.match(found.happened, /copied fiori → pavone/);
});

test('the kernel log is heard for the peer that it is about', async () => {
  const found = await findingsOf('drbd9-secrets-differ');
  assert.deepEqual(
    found.map(({ subject, means }) => [subject, /data (\w+): Authentication/.exec(means)?.[1]]),
    [
      ['data fiori–pavone', 'pavone'],
      ['data pavone–torchio', 'torchio'],
    ],
  );
});

test('a lost disk of one of three is not told as healed', async () => {
  const found = await ask('drbd.split-brain', 'drbd9-peer-down');
  assert.notEqual(found.verdict, 'healed');
  const calm = await ask('drbd.split-brain', 'drbd9-mounted');
  assert.equal(calm.verdict, 'healed');
  assert.match(calm.happened, /on all its sides/);
});

test('lost quorum says who is not reached, and that I/O is held back', async () => {
  const found = await findingsOf('drbd9-quorum-lost');
  const says = (code: string) => found.find((one) => one.code === code)?.says ?? '';
  assert.match(says('DRBD_QUORUM_LOST'), /does not reach pavone and torchio/);
  assert.match(says('DRBD_IO_SUSPENDED'), /suspended on fiori: it has no quorum/);
  assert.deepEqual((await firstRow('drbd9-quorum-lost')).slice(1, 3), ['I/O held', 'no quorum']);
});

test('what a verify found is known by the log alone, and is copied whole', async () => {
  const found = await ask(
    'drbd.verify-differences',
    'drbd9-verified-different',
    'data fiori–pavone',
  );
  assert.equal(found.verdict, 'copies differ, not marked');
  assert.match(found.happened, /192 KiB of data .* between fiori and pavone/);
  assert.deepEqual(
    found.ways.map(({ value }) => value),
    ['fiori', 'pavone', 'verify'],
  );
  assert.equal(found.recommended?.value, 'pavone');
  const other = await ask(
    'drbd.verify-differences',
    'drbd9-verified-different',
    'data fiori–torchio',
  );
  assert.equal(other.verdict, 'no difference known');
});

test('a step that waits for one of several sources tells of the copying, and not of a pause', () => {
  const read = parseStatusJson(fixture('drbd/drbd9-syncing/pavone/status-json.txt'));
  const [resource] = read.ok ? read.value.resources : [];
  assert.ok(resource);
  const towards = (peer?: string) => sideOf9(resource, peer)?.volumes[0]?.activity;
  assert.deepEqual(
    [towards(), towards('fiori'), towards('torchio')],
    ['syncing', 'syncing', 'queued'],
  );
});
