import assert from 'node:assert/strict';
import type { Plan } from '../../../source/core/plan.js';
import type { Case, WayOut } from '../../../source/core/recovery.js';
import type { Draft } from '../../../source/core/wizard.js';
import { newestHeld } from '../../../source/demo/fleet/rocks/held.js';
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

/** A scenario, with what a person has to do by hand before anything can be planned. */
export async function startStuck(scenario: string): Promise<ShellFleet> {
  const box = await ShellFleet.start(scenario);
  if (scenario === 'maps-in-use') await box.says('vm-container-0-2', 'umount', '/mnt/look');
  return box;
}

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

/** A draft of the guide as a plan. */
export function planOf(draft: Draft): Plan {
  const origin = { kind: 'recovery', id: 'imgstorage.stuck', answers: {} } as const;
  return makePlan(draft, { origin, cluster: 'demo', madeBy: 'me@here' }, systemClock);
}

export function carryOut(box: ShellFleet, draft: Draft): Promise<ShellRun> {
  return box.apply(planOf(draft));
}

/** All that a plan about one image must leave alone, and what nothing may be told to do. */
export function watchOver(box: ShellFleet, zvol: string): (draft: Draft) => void {
  const others = (): unknown => {
    const nodes = box.fleet.rocks?.nodes ?? [];
    return nodes.map(({ machine, pools, devices, database }) => ({
      machine,
      pools: pools.map(({ name, datasets }) => [
        name,
        datasets.map((one) => one.name).filter((name) => !name.includes(zvol)),
      ]),
      devices: devices.map(({ name }) => name).filter((name) => !name.startsWith(zvol)),
      rows: database.zvols.rows.filter((row) => row.zvol !== zvol).map((row) => ({ ...row })),
    }));
  };
  const before = others();
  const newest = newestHeld(box.fleet, zvol);
  return (draft) => {
    assert.deepEqual(others(), before, 'what belongs to others');
    const lost = newestHeld(box.fleet, zvol) < newest;
    const typed = draft.confirmations.map(({ word, accepts }) => `${word}: ${accepts}`).join('\n');
    if (lost) assert.ok(draft.loses.length > 0, `lost and not said: ${typed}`);
    if (lost) assert.match(typed, /^(?:tank\/|vm-container-)\S+: /, 'lost and not typed');
    for (const line of box.sent) {
      assert.doesNotMatch(line, /imgstorageadmin|storagemap.*nodetype|"clean"/);
      assert.doesNotMatch(line, /zfs destroy (?:-\w+ )*[a-z]+(?:[" ;]|$)/, 'a pool');
      assert.doesNotMatch(line, /zfs destroy (?:-\w*r|\S+ -r)/, 'whatever lies beneath');
      assert.doesNotMatch(line, /"destroy","(?:-r|[a-z]+)"/);
    }
  };
}
