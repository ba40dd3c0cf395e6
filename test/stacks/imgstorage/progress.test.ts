import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Now } from '../../../source/core/probe.js';
import { imgstorage } from '../../../source/stacks/imgstorage/index.js';
import {
  leftMetric,
  progressOf,
  receivedMetric,
  receivedOf,
  returnedMetric,
} from '../../../source/stacks/imgstorage/progress.js';
import { picture, type Image } from '../../../source/stacks/imgstorage/view.js';
import { recordedNow } from '../../support/recordings.js';

const MIB = 1024 ** 2;

/** The calm cluster, with what was remembered of its copies. */
async function remembered(
  paces: ReadonlyMap<string, number>,
  peaks: ReadonlyMap<string, number> = new Map(),
): Promise<Now> {
  const now = await recordedNow(imgstorage, 'calm');
  return new Now(now.at, now.hosts, now.readings, peaks, paces);
}

function imageIn(now: Now, zvol: string): Image {
  const image = picture(now).images.find((one) => one.zvol === zvol);
  assert.ok(image);
  return image;
}

const KEYS = {
  merge: 'imgstorage.nas-0-0:vm-hpc-1-vol.toMerge',
  copy: 'imgstorage.nas-0-0:vm-hpc-3-vol.received',
  back: 'imgstorage.nas-0-0:vm-hpc-0-vol.returned',
};

test('the rate of a merge is that of its falling blocks, its share of the most that was seen', async () => {
  const left = (9099712 - 17760) * 512;
  const now = await remembered(
    new Map([[KEYS.merge, -10 * MIB]]),
    new Map([[KEYS.merge, left * 4]]),
  );
  const image = imageIn(now, 'vm-hpc-1-vol');
  assert.equal(leftMetric(image), KEYS.merge);
  const progress = progressOf(now, image);
  assert.equal(progress?.left, left);
  assert.equal(progress.share, 0.75);
  assert.equal(progress.bytesPerSecond, 10 * MIB);
  assert.equal(progress.secondsLeft, left / (10 * MIB));
});

test('of a merge that was seen once nothing is said of its rate or its share', async () => {
  const now = await remembered(new Map());
  const progress = progressOf(now, imageIn(now, 'vm-hpc-1-vol'));
  assert.deepEqual(
    [progress?.share, progress?.bytesPerSecond, progress?.secondsLeft, progress?.stalled],
    [undefined, undefined, undefined, false],
  );
});

test('a copy is measured by what the container received against what the NAS has', async () => {
  const now = await remembered(new Map([[KEYS.copy, 90 * MIB]]));
  const image = imageIn(now, 'vm-hpc-3-vol');
  assert.equal(receivedMetric(image), KEYS.copy);
  const progress = progressOf(now, image);
  assert.equal(Math.round((progress?.share ?? 0) * 100), 25);
  assert.equal(Math.round(progress?.secondsLeft ?? 0), Math.round((2.7 * 1024) / 90));
});

test('room that ZFS keeps for a volume is not taken for what it has received', async () => {
  const now = await remembered(new Map());
  const { far } = imageIn(now, 'vm-hpc-3-vol');
  assert.ok(far?.local);
  const reserved = far.local;
  assert.ok((reserved.used ?? 0) > 35 * 1024 * MIB, 'nothing is reserved for it');
  assert.equal(receivedOf(reserved), Math.round(0.9 * 1024 * MIB));
  assert.equal(receivedOf({ ...reserved, beneath: 0 }), 12_288);
  assert.equal(receivedOf({ ...reserved, beneath: 0, holds: 2 * MIB }), 2 * MIB);
  assert.equal(receivedOf({ ...reserved, beneath: null, holds: null }), undefined);
  assert.equal(receivedOf(undefined), undefined);
});

test('a copy back is measured by what lies beneath the NAS’s volume against the snapshots that it lacks', async () => {
  const now = await remembered(new Map([[KEYS.back, 10 * MIB]]));
  const image = imageIn(now, 'vm-hpc-0-vol');
  const { far, row, volume } = image;
  assert.ok(far?.local && row && volume);
  const last = far.snapshots.at(-1);
  assert.ok(last);
  const made = {
    ...last,
    name: 'tank2/vm-hpc-0-vol@IMG-STORAGE-new',
    guid: '777',
    written: 400 * MIB,
  };
  const going: Image = {
    ...image,
    job: {
      ...{ zvol: image.zvol, zpool: 'tank', remoteHost: row.remoteHost, remotePool: 'tank2' },
      ...{ way: 'to-nas', last: false, since: 0 },
    },
    volume: { ...volume, beneath: 100 * MIB },
    far: { ...far, snapshots: [...far.snapshots, made] },
  };
  assert.equal(returnedMetric(going), KEYS.back);
  const progress = progressOf(now, going);
  assert.equal(progress?.phase, 'copying back');
  assert.equal(progress.share, 0.25);
  assert.equal(progress.secondsLeft, 30);
  assert.equal(progressOf(now, { ...going, volume })?.done, undefined);
});

test('a merge and a copy that stand still are told, and one that moves is not', async () => {
  const still = await remembered(
    new Map([
      [KEYS.merge, 0],
      [KEYS.copy, 0],
    ]),
  );
  assert.deepEqual(
    imgstorage.diagnose(still).map(({ code, subject }) => `${code} ${subject}`),
    [
      'IMGSTORAGE_MERGE_STALLED nas-0-0:vm-hpc-1-vol',
      'IMGSTORAGE_COPY_STALLED nas-0-0:vm-hpc-3-vol',
    ],
  );
  const moving = await remembered(
    new Map([
      [KEYS.merge, -1],
      [KEYS.copy, 1],
    ]),
  );
  assert.deepEqual(imgstorage.diagnose(moving), []);
});

test('what is under way is on the overview with its way, its rate and the time left', async () => {
  const now = await remembered(new Map([[KEYS.copy, 90 * MIB]]));
  assert.deepEqual(
    imgstorage.pane.running(now).map(({ title }) => title),
    ['merging vm-hpc-1-vol  on compute-0-3', 'sending vm-hpc-3-vol  nas-0-0 → compute-0-3'],
  );
});
