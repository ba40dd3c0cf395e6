import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host, Outcome } from '../../../source/core/host.js';
import { waitForDisks } from '../../../source/stacks/lizardfs/steps/wait-for-disks.js';

function step() {
  const bound = waitForDisks.bind({
    admin: 'lizardfs-admin',
    place: { host: '10.0.0.9', port: 9421 },
    wanted: [
      { host: 'xs-1', addresses: ['10.0.0.1'], paths: ['/mnt/a', '/mnt/b'] },
      { host: 'xs-2', addresses: ['10.0.0.2', '10.1.0.2'], paths: ['/mnt/a'] },
    ],
  });
  assert.ok(bound.ok);
  return bound.step;
}

const A1 = '10.0.0.1:9422 /mnt/a/ no no yes 0 0 378124288 48672768 0';
const B1 = '10.0.0.1:9422 /mnt/b/ no no no 0 0 378124288 48672768 0';
const A2 = '10.1.0.2:9422 /mnt/a/ no no no 0 0 378124288 48672768 0';

function listing(lines: readonly string[], code = 0): Host {
  const stdout = lines.map((line) => `${line}\n`).join('');
  const outcome: Outcome = { kind: 'exited', code, stdout, stderr: code === 0 ? '' : 'timeout' };
  return { name: 'xs-1', run: () => Promise.resolve(outcome) };
}

test('it is done when the master lists every new disk on its own host', async () => {
  assert.deepEqual(await step().check(listing([A1, B1, A2])), { kind: 'done' });
  assert.deepEqual(await step().check(listing([A1, B1])), { kind: 'notYet' });
});

test('the same path on another host does not count', async () => {
  const other = A2.replace('10.1.0.2', '10.0.0.7');
  assert.deepEqual(await step().check(listing([A1, B1, other])), { kind: 'notYet' });
});

test('a disk that the chunkserver takes for damaged ends the wait', async () => {
  const damaged = B1.replace('no no no', 'no yes no');
  const verdict = await step().check(listing([A1, damaged, A2]));
  assert.ok(verdict.kind === 'refused' && verdict.because.includes('xs-1:/mnt/b'));
});

test('a part of the answer is enough where another server hangs', async () => {
  assert.deepEqual(await step().check(listing([A1, B1, A2], 1)), { kind: 'done' });
});

test('its progress counts the disks that are listed', async () => {
  const progress = await step().wait?.progress(listing([A1]));
  assert.deepEqual(progress, { says: '1 of 3 disks listed', share: 1 / 3 });
  const silent = await step().wait?.progress(listing([], 1));
  assert.deepEqual(silent, { says: 'the master does not answer' });
});
