import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StorageGraph } from '../../../source/core/graph.js';
import { chainOf } from '../../../source/stacks/imgstorage/chain.js';
import { imgstorage } from '../../../source/stacks/imgstorage/index.js';
import { newestOf } from '../../../source/stacks/imgstorage/newest.js';
import { nodeIds } from '../../../source/stacks/imgstorage/nodes.js';
import { picture, type Image } from '../../../source/stacks/imgstorage/view.js';
import { recordedNow } from '../../support/recordings.js';

async function codes(situation: string): Promise<readonly string[]> {
  const now = await recordedNow(imgstorage, situation);
  return imgstorage.diagnose(now).map(({ code, subject }) => `${code} ${subject}`);
}

async function imageIn(situation: string, subject: string): Promise<Image> {
  const now = await recordedNow(imgstorage, situation);
  const image = picture(now).images.find((one) => one.subject === subject);
  assert.ok(image, subject);
  return image;
}

test('a cluster in which an image is in every phase of its life has no problem, and nothing unread', async () => {
  const now = await recordedNow(imgstorage, 'calm');
  assert.deepEqual(imgstorage.diagnose(now), []);
  const unread = now.readings.flatMap((reading) => ('unread' in reading ? reading.unread : []));
  assert.deepEqual(unread, []);
  const phases = picture(now).images.map((image) => `${image.subject} ${chainOf(image).phase}`);
  assert.deepEqual(phases, [
    'nas-0-0:vm-hpc-0-vol local',
    'nas-0-0:vm-hpc-1-vol merging',
    'nas-0-0:vm-hpc-2-vol unmapped',
    'nas-0-0:vm-hpc-3-vol sending',
    'nas-0-1:compute-0-14-0-vol direct',
  ]);
});

test('every link of a healthy chain is there or rightly none, and all of them were looked at', async () => {
  const now = await recordedNow(imgstorage, 'calm');
  for (const image of picture(now).images) {
    const { links, broken, unknown } = chainOf(image);
    assert.deepEqual([broken, unknown], [undefined, []], image.subject);
    assert.ok(links.every(({ standing }) => standing === 'there' || standing === 'none'));
  }
});

test('where the newest data is follows the phase, in words and bytes', async () => {
  const now = await recordedNow(imgstorage, 'calm');
  const newest = picture(now).images.map((image) => newestOf(image));
  assert.deepEqual(
    newest.map(({ where, unsaved }) => [where, unsaved]),
    [
      ['container', 212 * 1024 ** 2],
      ['container', 100 * 1024 ** 2 + (9099712 - 17760) * 512],
      ['nas', 0],
      ['both', (13312 - 32) * 512],
      ['nas', 0],
    ],
  );
  assert.match(newest[3]?.says ?? '', /6\.5 MiB written since lie on compute-0-3/);
});

test('a lock is told only where nothing goes on that it is held for', async () => {
  assert.deepEqual(await codes('lock-of-a-dead-call'), [
    'IMGSTORAGE_LOCK_HELD nas-0-0:vm-hpc-2-vol',
  ]);
});

test('a target at which another host is logged in is an alert, whatever else is right', async () => {
  assert.deepEqual(await codes('target-in-use-elsewhere'), [
    'IMGSTORAGE_TARGET_ELSEWHERE nas-0-1:compute-0-14-0-vol',
  ]);
});

test('of a container that is not among the hosts nothing is said to be missing', async () => {
  assert.deepEqual(await codes('container-gone'), [
    'IMGSTORAGE_CHAIN_BROKEN nas-0-1:build-vol',
    'IMGSTORAGE_NOT_WATCHED vm-container-0-9',
  ]);
  const image = await imageIn('container-gone', 'nas-0-1:build-vol');
  const { links, broken } = chainOf(image);
  assert.deepEqual([broken?.part, broken?.says.split(': ')[1]], ['target', 'nobody is logged in']);
  const far = links.slice(3).map(({ standing }) => standing);
  assert.deepEqual(far, ['not looked at', 'not looked at', 'not looked at', 'not looked at']);
});

test('a NAS that was restarted while it sent leaves an image half mapped', async () => {
  assert.deepEqual(await codes('nas-restarted-in-mid-sync'), [
    'IMGSTORAGE_INTERRUPTED nas-0-0:vm-hpc-3-vol',
  ]);
  const image = await imageIn('nas-restarted-in-mid-sync', 'nas-0-0:vm-hpc-3-vol');
  assert.equal(newestOf(image).where, 'both');
});

test('a snapshot that is Invalid is an alert, and only the NAS is said to have data', async () => {
  assert.deepEqual(await codes('snapshot-invalid'), [
    'IMGSTORAGE_SNAPSHOT_LOST nas-0-0:vm-hpc-1-vol',
  ]);
});

test('what a half clean-up left on the container is named, and that it may be all there is', async () => {
  assert.deepEqual(await codes('half-cleaned'), ['IMGSTORAGE_LEFT_OVER nas-0-0:vm-hpc-1-vol']);
  const image = await imageIn('half-cleaned', 'nas-0-0:vm-hpc-1-vol');
  assert.equal(newestOf(image).where, 'container');
});

test('a temp-write volume without a mapping is named as what it is', async () => {
  assert.deepEqual(await codes('temp-write-left'), ['IMGSTORAGE_LEFT_OVER nas-0-0:vm-hpc-2-vol']);
  const { links } = chainOf(await imageIn('temp-write-left', 'nas-0-0:vm-hpc-2-vol'));
  assert.equal(links.at(-1)?.says, 'compute-0-1: tank2/vm-hpc-2-vol-temp-write');
});

test('a last copy that failed is told with what only the container has', async () => {
  const now = await recordedNow(imgstorage, 'not-returned');
  const [finding, ...more] = imgstorage.diagnose(now);
  assert.deepEqual([finding?.code, more.length], ['IMGSTORAGE_NOT_RETURNED', 0]);
  assert.match(finding?.means ?? '', /212 MiB .* written since the last copy to nas-0-0/);
});

test('an unmapping that waits for an open device says so, and its lock is no fault', async () => {
  assert.deepEqual(await codes('unmap-waits'), ['IMGSTORAGE_UNMAP_WAITS nas-0-0:vm-hpc-0-vol']);
});

test('a snapshot that nears its end, and a device that is suspended, are told before they fail', async () => {
  assert.deepEqual(await codes('snapshot-filling'), [
    'IMGSTORAGE_SNAPSHOT_FILLING nas-0-0:vm-hpc-3-vol',
  ]);
  assert.deepEqual(await codes('suspended'), ['IMGSTORAGE_DEVICE_SUSPENDED nas-0-0:vm-hpc-1-vol']);
});

test('daemons that died, that nobody reaches, and pools are each told once', async () => {
  assert.deepEqual([...(await codes('daemons-down'))].sort(), [
    'IMGSTORAGE_NOT_ALLOWED compute-0-3/tank2',
    'IMGSTORAGE_NOT_LISTENING compute-0-1',
    'IMGSTORAGE_POOL nas-0-0/tank',
    'IMGSTORAGE_SERVICE_DOWN nas-0-1/img-storage-nas',
    'IMGSTORAGE_SERVICE_DOWN nas-0-1/tgtd',
  ]);
});

test('a guest over iSCSI dies with its NAS; one with its own volume only lacks its copy', async () => {
  const now = await recordedNow(imgstorage, 'calm');
  const graph = new StorageGraph([imgstorage.graph(now)]);
  assert.deepEqual(graph.contradictions, []);
  const fates = (pool: string) =>
    ['vm-hpc-0', 'vm-hpc-1', 'vm-hpc-3', 'compute-0-14-0'].map(
      (vm) => `${vm} ${graph.whatIf([pool]).get(nodeIds.vm(vm)) ?? 'untouched'}`,
    );
  assert.deepEqual(fates(nodeIds.pool('nas-0-1', 'tank')).slice(3), ['compute-0-14-0 dead']);
  assert.deepEqual(fates(nodeIds.pool('nas-0-0', 'tank')), [
    'vm-hpc-0 degraded',
    'vm-hpc-1 degraded',
    'vm-hpc-3 dead',
    'compute-0-14-0 untouched',
  ]);
  assert.deepEqual(graph.guestsOn([nodeIds.pool('compute-0-1', 'tank2')]), ['vm-hpc-0']);
});

/** The devices of a container, as its details tell them: the words of each row. */
async function devicesTold(situation: string, container: string): Promise<readonly string[][]> {
  const now = await recordedNow(imgstorage, situation);
  const row = imgstorage.pane.draw(now).rows.find(({ id }) => id === `container ${container}`);
  const block = row?.details().blocks.find((one) => 'label' in one && one.label === 'devices');
  assert.ok(block?.kind === 'table', `${container}: ${block?.kind ?? 'no devices'}`);
  return block.rows.map((cells) => cells.map(({ text }) => text));
}

test('the devices of a container are told with their target, their merge and what is beside', async () => {
  const [local] = await devicesTold('calm', 'compute-0-1');
  assert.deepEqual(local?.slice(0, 5), ['vm-hpc-0-vol-snap', 'linear', '35.0 GiB', '–', '–']);
  const [merging] = await devicesTold('calm', 'compute-0-3');
  assert.deepEqual(merging?.slice(1, 5), ['snapshot-merge', '35.0 GiB', 'begun', '4.3 GiB (12 %)']);
  const lost = await devicesTold('snapshot-invalid', 'compute-0-3');
  assert.ok(
    lost.some((cells) => cells[4] === 'Invalid'),
    JSON.stringify(lost),
  );
});

test('a device that is held back says so, with what it stands on', async () => {
  const told = await devicesTold('zfs-suspended', 'fiori');
  assert.deepEqual(
    told.find(([device]) => device === 'vol1-snap'),
    [
      ...['vol1-snap', 'snapshot, held', '96.0 MiB', 'begun', '12.0 MiB (13 %)'],
      '/dev/sda and /dev/zvol/tank/vol1-temp-write',
    ],
  );
});
