import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SideNow, VolumeNow } from '../../../source/stacks/drbd/steps/side.js';
import { progressOf } from '../../../source/stacks/drbd/steps/wait.js';

function side(volume: Partial<VolumeNow>): SideNow {
  const base: VolumeNow = {
    ...{ minor: 0, disk: 'UpToDate', peerDisk: 'UpToDate', activity: 'syncing' },
    ...{ percent: 16, kibPerSecond: 2048, secondsLeft: 60, outOfSyncKiB: 1024, pausedBy: [] },
  };
  const volumes = [{ ...base, ...volume }];
  return { role: 'Primary', connection: 'Connected', link: 'in touch', touches: true, volumes };
}

test('of a resync what is left is told; a verify does not take what differs for that', () => {
  assert.equal(progressOf(side({})).says, '16 %, 1.0 MiB left, 2.0 MiB/s');
  const verifying = progressOf(side({ activity: 'verifying', outOfSyncKiB: 0 }));
  assert.equal(verifying.says, '16 %, 2.0 MiB/s');
});
