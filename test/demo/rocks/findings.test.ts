import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShellFleet } from '../../support/shell-fleet.js';
import { foundIn } from './found.js';

/** What the watch finds in each scenario, whether it waits before it says so or not. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  maps: [],
  'maps-first-roll': [],
  'maps-locked': ['IMGSTORAGE_LOCK_HELD nas-0-0:compute-0-1-0-vol'],
  'maps-in-use': ['IMGSTORAGE_TARGET_ELSEWHERE nas-0-0:compute-0-1-1-vol'],
  'maps-container-gone': [
    'IMGSTORAGE_LOCK_HELD nas-0-0:compute-0-1-0-vol',
    'IMGSTORAGE_NOT_WATCHED vm-container-0-1',
  ],
  'maps-nas-restarted': ['IMGSTORAGE_INTERRUPTED nas-0-0:compute-0-1-1-vol'],
  'maps-stalled': ['IMGSTORAGE_DEVICE_SUSPENDED nas-0-0:compute-0-1-1-vol'],
  'maps-invalid': ['IMGSTORAGE_SNAPSHOT_LOST nas-0-0:compute-0-1-1-vol'],
  'maps-overflow': ['IMGSTORAGE_SNAPSHOT_LOST nas-0-0:compute-0-1-1-vol'],
  'maps-stale-row': ['IMGSTORAGE_CHAIN_BROKEN nas-0-0:compute-0-1-0-vol'],
  'maps-temp-write': ['IMGSTORAGE_INTERRUPTED nas-0-0:compute-0-1-1-vol'],
  'maps-mismatch': [
    'IMGSTORAGE_CHAIN_BROKEN nas-0-0:compute-0-1-0-vol',
    'IMGSTORAGE_LEFT_OVER nas-0-1:compute-0-0-1-vol',
  ],
};

for (const [scenario, expected] of Object.entries(FOUND)) {
  test(`${scenario}: the watch finds ${expected.length === 0 ? 'nothing' : 'what is wrong, and nothing else'}`, async () => {
    assert.deepEqual(await foundIn(await ShellFleet.start(scenario)), expected);
  });
}
