import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Fleet } from '../../source/demo/fleet/state.js';

/**
 * Lets a fleet's time pass, a second a turn of the event loop, until something is so.
 *
 * @param most seconds of the fleet's time
 */
export async function passUntil(fleet: Fleet, so: () => boolean, most = 600): Promise<void> {
  for (let passed = 0; !so(); passed += 1) {
    assert.ok(passed < most, `not within ${most} s: ${so.toString()}`);
    fleet.advance(1000);
    await setImmediate();
  }
}
