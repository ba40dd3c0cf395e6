import assert from 'node:assert/strict';
import type { Case, WayOut } from '../../../source/core/recovery.js';
import type { Draft } from '../../../source/core/wizard.js';
import { systemClock } from '../../../source/engine/clock.js';
import { makePlan } from '../../../source/engine/run/make-plan.js';
import { stuckMapRecovery } from '../../../source/stacks/imgstorage/recovery/recovery.js';
import { ShellFleet, type ShellRun } from '../../support/shell-fleet.js';

export const LOCAL = 'compute-0-1-0-vol';
export const FRESH = 'compute-0-1-1-vol';

/** The scenarios in which something is stuck, and the image that it is about. */
export const STUCK: readonly (readonly [scenario: string, zvol: string, verdict: string])[] = [
  ['maps-locked', LOCAL, 'lock of a dead call'],
  ['maps-in-use', FRESH, 'target in use by another host'],
  ['maps-container-gone', LOCAL, 'container gone'],
  ['maps-nas-restarted', FRESH, 'half mapped, and nobody goes on'],
  ['maps-stalled', FRESH, 'merge stalled'],
  ['maps-invalid', FRESH, 'snapshot Invalid'],
  ['maps-overflow', FRESH, 'snapshot Overflow'],
  ['maps-stale-row', LOCAL, 'row without anything behind it'],
  ['maps-temp-write', FRESH, 'half mapped, and nobody goes on'],
  ['maps-mismatch', LOCAL, 'device missing'],
];

/** What the guide finds out about an image of the first NAS. */
export function ask(box: ShellFleet, zvol: string, nas = 'nas-0-0'): Promise<Case> {
  const guide = stuckMapRecovery(() => box.fleet.clock.now);
  return guide.gather(`${nas}:${zvol}`, new Map(box.hosts.map((host) => [host.name, host])));
}

/** The plan of a way; the guide must make one. */
export function draftOf(found: Case, value: string): Draft {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${found.verdict} has the ways ${found.ways.map((one) => one.value).join(', ')}`);
  const drafted = draftedBy(way);
  assert.ok(drafted, value);
  return drafted;
}

export function draftedBy(way: WayOut): Draft | undefined {
  const drafted = way.plan({ keepCopy: false });
  return drafted.ok ? drafted.draft : undefined;
}

export function carryOut(box: ShellFleet, draft: Draft): Promise<ShellRun> {
  const origin = { kind: 'recovery', id: 'imgstorage.stuck', answers: {} } as const;
  const about = { origin, cluster: 'demo', madeBy: 'me@here' };
  return box.apply(makePlan(draft, about, systemClock));
}
