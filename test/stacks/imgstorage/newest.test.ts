import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestOf, type Newest } from '../../../source/stacks/imgstorage/newest.js';
import { lookAtAll } from '../../../source/stacks/imgstorage/recovery/look.js';
import { picture, type Image } from '../../../source/stacks/imgstorage/view.js';
import { parseMemory, type MemoryLook } from '../../../source/tools/snapshot-memory.js';
import { readersOf } from './readers.js';
import { AT, calm, containerIn, drop, nasIn, type World } from './world.js';

const MIB = 1024 ** 2;
const LOCAL = 'vm-hpc-0-vol';
const MERGING = 'vm-hpc-1-vol';
const SENDING = 'vm-hpc-3-vol';

async function imageOf(zvol: string, change: (world: World) => void = () => undefined) {
  const world = calm();
  change(world);
  const now = await lookAtAll(readersOf(world), () => AT * 1000);
  const image = picture(now).images.find((one) => one.zvol === zvol);
  assert.ok(image);
  return image;
}

async function newest(
  zvol: string,
  change?: (world: World) => void,
  memory?: MemoryLook,
): Promise<readonly [Newest['where'], number | undefined]> {
  const { where, unsaved } = newestOf(await imageOf(zvol, change), memory);
  return [where, unsaved];
}

const holds = (bytes: number, valid = true, more = false): MemoryLook => ({
  ok: true,
  memory: { valid, bytes, more },
});

function withoutDevice(zvol: string) {
  return (world: World): void => {
    drop(containerIn(world, 'compute-0-3').devices, (one) => one.zvol === zvol);
  };
}

test('the kind of the device says which parts are whole together', async () => {
  assert.deepEqual(await newest(SENDING), ['both', (13312 - 32) * 512]);
  assert.deepEqual(await newest(MERGING), ['container', 100 * MIB + (9099712 - 17760) * 512]);
  assert.deepEqual(await newest(LOCAL), ['container', 212 * MIB]);
  assert.deepEqual(await newest('vm-hpc-2-vol'), ['nas', 0]);
  assert.deepEqual(await newest('compute-0-14-0-vol'), ['nas', 0]);
});

test('nothing written beside means that the NAS has all', async () => {
  const idle = await newest(SENDING, (world) => {
    const device = containerIn(world, 'compute-0-3').devices.find(({ zvol }) => zvol === SENDING);
    if (device) device.status = '32/73400320 32';
  });
  assert.deepEqual(idle, ['nas', 0]);
});

test('a snapshot in common is known by its guid, never by its name', async () => {
  const renamed = await newest(LOCAL, (world) => {
    for (const set of nasIn(world, 'nas-0-0').sets) {
      if (set.name.startsWith(`tank/${LOCAL}@`)) set.name += '-renamed';
    }
  });
  assert.deepEqual(renamed, ['container', 212 * MIB]);
  const alike = await newest(LOCAL, (world) => {
    for (const set of nasIn(world, 'nas-0-0').sets) {
      if (set.name.startsWith(`tank/${LOCAL}@`)) set.guid = 1 + (set.guid ?? 0) * 1000;
    }
  });
  assert.deepEqual(
    alike,
    ['container', undefined],
    'how much is ahead was taken from the wrong one',
  );
});

test('snapshots of the container after the one in common count with what was written since', async () => {
  const ahead = await newest(LOCAL, (world) => {
    const name = `tank2/${LOCAL}@IMG-STORAGE-newer`;
    const size = { used: 0, refer: 3 * MIB, written: 3 * MIB, created: AT - 10, guid: 999 };
    containerIn(world, 'compute-0-1').sets.push({ name, type: 'snapshot', ...size });
  });
  assert.deepEqual(ahead, ['container', 215 * MIB]);
});

test('where both sides were written on since, nobody is newest', async () => {
  const wrote = (world: World): void => {
    const set = nasIn(world, 'nas-0-0').sets.find(({ name }) => name === `tank/${LOCAL}`);
    if (set) set.written = 4096;
  };
  assert.deepEqual(await newest(LOCAL, wrote), ['not known', undefined]);
});

test('a ZFS that does not tell what was written makes the amount unknown, and not nothing', async () => {
  const image = await imageOf(LOCAL);
  const far = image.far;
  assert.ok(far?.local);
  const old: Image = { ...image, far: { ...far, local: { ...far.local, written: null } } };
  const found = newestOf(old);
  assert.deepEqual([found.where, found.unsaved], ['container', undefined]);
});

test('without a device the memory itself says what lies beside', async () => {
  const change = withoutDevice(SENDING);
  assert.deepEqual(await newest(SENDING, change, holds(8 * MIB)), ['both', 8 * MIB]);
  assert.deepEqual(await newest(SENDING, change, holds(8 * MIB, true, true)), ['both', undefined]);
  assert.deepEqual(await newest(SENDING, change, holds(0)), ['nas', 0]);
  const merging = await newest(MERGING, withoutDevice(MERGING), holds(8 * MIB));
  assert.deepEqual(merging, ['container', 108 * MIB]);
});

test('a memory that was not read, or was given up by the kernel, is no proof of anything', async () => {
  const change = withoutDevice(SENDING);
  assert.deepEqual(await newest(SENDING, change), ['not known', undefined]);
  const unread: MemoryLook = { ok: false, because: 'its tables could not be read' };
  assert.deepEqual(await newest(SENDING, change, unread), ['not known', undefined]);
  assert.deepEqual(await newest(SENDING, change, holds(0, false)), ['not known', undefined]);
});

test('what lies beside fits nothing once the mapping is gone and the NAS’s image may have changed', async () => {
  const unmapped = (world: World): void => {
    withoutDevice(SENDING)(world);
    const row = nasIn(world, 'nas-0-0').rows.find(({ zvol }) => zvol === SENDING);
    if (row) Object.assign(row, { host: null, target: null });
  };
  assert.deepEqual(await newest(SENDING, unmapped, holds(8 * MIB)), ['not known', undefined]);
  const live = (world: World): void => {
    const row = nasIn(world, 'nas-0-0').rows.find(({ zvol }) => zvol === SENDING);
    if (row) Object.assign(row, { host: null, target: null });
  };
  assert.deepEqual(await newest(SENDING, live), ['not known', undefined]);
});

test('the memory on the disk is read as the kernel writes it; what is none is told from an empty one', () => {
  assert.deepEqual(parseMemory('memory 1 12582912 all\n'), holds(12582912));
  assert.deepEqual(parseMemory('memory 0 8192 more\n'), holds(8192, false, true));
  for (const text of ['no device', 'no memory', 'odd 7', '', 'memory 1 x all', '\u001B[2J']) {
    assert.equal(parseMemory(text).ok, false, text);
  }
});
