import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestHeld } from '../../../source/demo/fleet/rocks/held.js';
import { writeOn } from '../../../source/demo/fleet/rocks/guests.js';
import { datasetNamed } from '../../../source/demo/fleet/rocks/storage/zfs.js';
import { ShellFleet, whyFailed } from '../../support/shell-fleet.js';
import { containerNamed, nasNamed, run, stateIn, volumesOn } from './cluster.js';
import {
  ask,
  carryOut,
  draftedBy,
  draftOf,
  FRESH,
  LOCAL,
  startStuck,
  STUCK,
  watchOver,
} from './stuck.js';

/** The way out that a person takes where nothing is to be lost. */
const TAKEN: Readonly<Record<string, string>> = {
  'maps-container-gone': 'give-up',
  'maps-invalid': 'keep',
  'maps-stale-row': 'clear',
  'maps-temp-write': 'clear',
};

for (const [scenario, zvol, verdict] of STUCK) {
  const taken = TAKEN[scenario] ?? 'save';
  test(`${scenario}: the guide sees “${verdict}”, and by “${taken}” the image is free again`, async () => {
    const box = await startStuck(scenario);
    const before = newestHeld(box.fleet, zvol);
    const found = await ask(box, zvol);
    assert.deepEqual([found.verdict, found.mendable], [verdict, true], found.happened);
    const isSafe = watchOver(box, zvol);
    const draft = draftOf(found, taken);
    const ran = await carryOut(box, draft);
    assert.deepEqual(ran.end, { kind: 'finished' }, whyFailed(ran));
    isSafe(draft);
    if (taken !== 'give-up') assert.equal(newestHeld(box.fleet, zvol), before);
    assert.equal(await stateIn(box.fleet, zvol), 'unmapped');
    const { database, targets } = nasNamed(box.fleet);
    assert.ok(!database.zvol_calls.rows.some((row) => row.zvol === zvol), 'no lock');
    assert.ok(!targets.some(({ iqn }) => iqn.endsWith(zvol)), 'no target');
    const after = await ask(box, zvol);
    assert.equal(after.mendable, taken === 'give-up' ? after.mendable : false, after.happened);
    const to = taken === 'give-up' ? 'vm-container-0-0' : 'vm-container-0-1';
    // The pool that had no room has some again.
    if (scenario === 'maps-invalid') await box.says(to, 'zfs', 'destroy', 'tank/scratch');
    const add = `rocks add host storagemap nas-0-0 tank ${zvol} ${to} ${zvol === FRESH ? 8 : 36} remotepool=tank`;
    const added = await run(box.fleet, 'frontend', add);
    assert.match(added.stdout, /\n\/dev\/mapper\/[\w-]+-snap\n$/, added.stderr);
  });
}

test('the lock alone is released where nothing else is wrong; the image stays where it is', async () => {
  const box = await ShellFleet.start('maps-locked');
  const found = await ask(box, LOCAL);
  assert.equal(found.recommended?.value, 'release');
  const ran = await carryOut(box, draftOf(found, 'release'));
  assert.deepEqual(ran.end, { kind: 'finished' }, whyFailed(ran));
  assert.equal(await stateIn(box.fleet, LOCAL), 'mapped');
  const removed = await run(box.fleet, 'frontend', `rocks remove host storagemap nas-0-0 ${LOCAL}`);
  assert.match(removed.stdout, /Success\n$/);
});

test('a device without a row: nothing is done beneath a guest that runs, and the guide says who has it', async () => {
  const box = await ShellFleet.start('maps-mismatch');
  const found = await ask(box, 'compute-0-0-1-vol', 'nas-0-1');
  assert.equal(found.mendable, true, found.happened);
  assert.equal(found.verdict, 'left over of a mapping');
});

test('in a calm cluster the guide mends nothing', async () => {
  const box = await ShellFleet.start('maps');
  for (const zvol of [LOCAL, FRESH]) {
    const found = await ask(box, zvol);
    assert.deepEqual([found.mendable, found.ways.length], [false, 0], found.happened);
  }
});

test('what is written between the review and the run is not destroyed', async () => {
  const box = await ShellFleet.start('maps-temp-write');
  const here = containerNamed(box.fleet);
  const draft = draftOf(await ask(box, FRESH), 'clear');
  const local = datasetNamed(here, `tank/${FRESH}`);
  assert.ok(local);
  local.content = { image: FRESH, writes: 900_000 };
  writeOn(box.fleet, here, `/dev/zvol/tank/${FRESH}`, 2 ** 20);
  const ran = await carryOut(box, draft);
  assert.equal(ran.end.kind, 'failed', 'it was destroyed');
  assert.ok(volumesOn(here).includes(FRESH));
  assert.equal(newestHeld(box.fleet, FRESH), 900_001);
});

test('a host that uses the image elsewhere keeps it: no plan is made before it let go', async () => {
  const box = await ShellFleet.start('maps-in-use');
  const found = await ask(box, FRESH);
  for (const way of found.ways) assert.equal(draftedBy(way), undefined, way.value);
  const [first] = found.ways;
  assert.match(JSON.stringify(first?.plan({ keepCopy: false })), /mounted at \/mnt\/look/);
  assert.equal(found.recommended, undefined);
});
