import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentsOf } from '../../../source/demo/fleet/incidents.js';
import { ShellFleet } from '../../support/shell-fleet.js';
import { foundIn } from './found.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const IMAGE = 'nas-0-0:compute-0-1-1-vol';

/** Lets things happen, each with the time that the fleet is left alone after it. */
function happen(box: ShellFleet, ...story: readonly (readonly [id: string, after: number])[]) {
  for (const [id, after] of story) {
    const incident = incidentsOf(box.fleet).find((one) => one.id === id);
    assert.ok(incident, id);
    incident.run();
    box.fleet.advance(after);
  }
}

test('an image that is mapped is copied, merged, and nothing is wrong', async () => {
  const box = await ShellFleet.start('maps');
  happen(box, ['image-map', 5 * MINUTE]);
  assert.deepEqual(await foundIn(box), []);
});

test('a device that is suspended in the middle of its merge is found, and goes on when it is resumed', async () => {
  const box = await ShellFleet.start('maps');
  happen(box, ['image-map', 20 * SECOND], ['image-burst', 60 * SECOND], ['merge-suspend', MINUTE]);
  assert.deepEqual(await foundIn(box), [`IMGSTORAGE_DEVICE_SUSPENDED ${IMAGE}`]);
  happen(box, ['merge-resume', 5 * MINUTE]);
  assert.deepEqual(await foundIn(box), []);
});

test('a daemon that is restarted in the middle of a copy leaves it to nobody', async () => {
  const box = await ShellFleet.start('maps');
  happen(box, ['image-map', 30 * SECOND], ['nas-restart', 5 * MINUTE]);
  assert.deepEqual(await foundIn(box), [`IMGSTORAGE_INTERRUPTED ${IMAGE}`]);
});

test('what is written beside an image in a full pool is lost', async () => {
  const box = await ShellFleet.start('maps');
  happen(box, ['image-map', 15 * SECOND], ['pool-fill', 5 * SECOND], ['image-burst', MINUTE]);
  const found = await foundIn(box);
  assert.ok(found.includes(`IMGSTORAGE_SNAPSHOT_LOST ${IMAGE}`), found.join(', '));
});

test('an unmap that is broken off leaves its lock', async () => {
  const box = await ShellFleet.start('maps');
  happen(box, ['unmap-break', 20 * MINUTE]);
  const [found] = await foundIn(box);
  assert.match(found ?? '', /^IMGSTORAGE_(LOCK_HELD|UNMAP_WAITS) nas-0-0:compute-0-1-0-vol$/);
});
