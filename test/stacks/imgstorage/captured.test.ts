import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Now } from '../../../source/core/probe.js';
import { chainOf } from '../../../source/stacks/imgstorage/chain.js';
import { imgstorage } from '../../../source/stacks/imgstorage/index.js';
import { newestOf } from '../../../source/stacks/imgstorage/newest.js';
import { permissionsProbe } from '../../../source/stacks/imgstorage/probes/volumes.js';
import { progressOf } from '../../../source/stacks/imgstorage/progress.js';
import { NEEDED_PERMISSIONS, ROLL_USER } from '../../../source/stacks/imgstorage/roll.js';
import { picture, type Image } from '../../../source/stacks/imgstorage/view.js';
import { recordedNow } from '../../support/recordings.js';
import { CAPTURED } from './situations.js';

const MIB = 1024 ** 2;

async function captured(situation: string): Promise<{ readonly now: Now; readonly image: Image }> {
  const now = await recordedNow(imgstorage, situation);
  const image = picture(now).images.find(({ subject }) => subject === 'torchio:vol1');
  assert.ok(image, 'the image is not seen');
  return { now, image };
}

for (const situation of CAPTURED) {
  test(`${situation}: all that real tools said is read`, async () => {
    const { now } = await captured(situation);
    for (const reading of now.readings) {
      assert.notEqual(reading.kind, 'failed', `${reading.probe.id} of ${reading.host}`);
      if (reading.kind === 'fresh') assert.deepEqual(reading.unread, [], reading.probe.id);
    }
    for (const { value } of now.known(permissionsProbe)) {
      const has = value.find(({ pool }) => pool === 'tank')?.users.get(ROLL_USER);
      assert.ok(NEEDED_PERMISSIONS.every((one) => has?.has(one)));
    }
  });
}

test('what was written beside is known to the byte, without the tables of the snapshot itself', async () => {
  const { image } = await captured('zfs-written-beside');
  assert.equal(chainOf(image).phase, 'interrupted');
  const { where, unsaved } = newestOf(image);
  assert.deepEqual([where, unsaved], ['both', 12 * MIB]);
});

test('a copy on its way is beneath the volume alone, whatever is reserved for it', async () => {
  const { now, image } = await captured('zfs-receiving');
  assert.ok((image.volume?.used ?? 0) > 96 * MIB, 'nothing is reserved');
  assert.equal(image.volume?.written, 0);
  const progress = progressOf(now, image);
  assert.equal(progress?.phase, 'copying back');
  assert.equal(progress.done, image.volume.beneath);
  assert.ok(progress.share !== undefined && progress.share > 0.1 && progress.share < 0.9);
});

test('what only the container has is what was written there since the snapshot that both have', async () => {
  const { image } = await captured('zfs-not-returned');
  assert.equal(chainOf(image).phase, 'not returned');
  const { where, unsaved } = newestOf(image);
  assert.equal(where, 'container');
  // 12 MiB that were merged and 6 that were written then, in blocks of 128 KiB.
  assert.ok(unsaved !== undefined && unsaved >= 18 * MIB && unsaved < 20 * MIB, String(unsaved));
});

test('a device that is suspended on its way to a merge is what it was before', async () => {
  const { image } = await captured('zfs-suspended');
  assert.equal(image.far?.device?.suspended, true);
  assert.equal(image.far.device.target, 'snapshot');
});
