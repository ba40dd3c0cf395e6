import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../source/core/recovery.js';
import { machineNamed } from '../../../source/demo/fleet/state.js';
import { FIRST_UNIT } from '../../../source/demo/fleet/xapi.js';
import { xapi } from '../../../source/stacks/xapi/index.js';
import { assertFinished, Carried, draftOf, failureOf } from '../../support/carry-out.js';
import { machineHosts } from '../../support/machines.js';
import { fleetIn, madeSituations } from './situations.js';

const SUBJECT = 'LizardFS on xs-2';
const POINT = '/mnt/lizardfs';

async function scene(situation: string, recovery: string, subject = SUBJECT) {
  const fleet = fleetIn('calm');
  const hosts = await machineHosts(fleet, ['xs-1', 'xs-2']);
  madeSituations[situation]?.make(fleet);
  const found = xapi.recoveries?.find(({ id }) => id === recovery);
  assert.ok(found);
  const gather = (): Promise<Case> => found.gather(subject, hosts);
  const machine = machineNamed(fleet, 'xs-2');
  assert.ok(machine);
  const [pool] = fleet.pools;
  assert.ok(pool);
  const shown = () => machine.mounts.find(({ target }) => target.startsWith('/run/sr-mount/'));
  const made = await gather();
  const carried = (value?: string): Carried => {
    const way = made.ways.find((one) => value === undefined || one.value === value);
    assert.ok(way, made.happened);
    return new Carried(draftOf(way.plan({ keepCopy: false })), xapi, hosts);
  };
  return { fleet, hosts, machine, pool, made, gather, carried, shown };
}

test('every remedy that a finding names is there', () => {
  const ids = new Set(xapi.recoveries?.map(({ id }) => id));
  assert.deepEqual([...ids], ['xapi.pbd-unplugged', 'xapi.empty-folder', 'xapi.hook-lost']);
});

test('an unplugged repository is attached again; then there is nothing to mend', async () => {
  const { made, carried, gather, pool, shown } = await scene('pbd-unplugged', 'xapi.pbd-unplugged');
  assert.equal(made.verdict, 'unplugged');
  assert.match(made.recommended?.reasons[0] ?? '', /is there: \/mnt\/lizardfs\/sr on mfs/);
  const run = carried();
  assertFinished(await run.apply());
  assert.ok(pool.pbds.every(({ attached }) => attached));
  assert.equal(shown()?.type, 'fuse');
  assert.equal((await gather()).mendable, false);
  assertFinished(await run.undo());
  assert.equal(pool.pbds.at(-1)?.attached, false);
});

test('an empty folder: detached, what was written kept, mounted, attached', async () => {
  const { made, carried, machine, hosts, shown, gather } = await scene(
    'location-not-mounted',
    'xapi.empty-folder',
  );
  assert.match(made.happened, /written there meanwhile \(1 file\) is kept, never deleted/);
  assert.equal(shown()?.type, 'ext3');
  const run = carried();
  assertFinished(await run.apply());
  assert.ok(machine.mounts.some(({ target, type }) => target === POINT && type === 'fuse'));
  assert.deepEqual([shown()?.type, shown()?.root], ['fuse', '/sr']);
  const kept = await hosts.get('xs-2')?.run({
    argv: ['sh', '-c', 'ls -A /mnt/lizardfs.kept-*'],
    effect: 'reads',
    deadline: 1,
  });
  assert.match(kept?.kind === 'exited' ? kept.stdout : '', /^c5f2b781-.*\.vhd\n$/);
  assert.equal((await gather()).mendable, false);
});

test('a repository attached before the mount is detached and attached, and the rest told', async () => {
  const { made, carried, shown } = await scene('bound-beneath', 'xapi.empty-folder');
  assert.match(made.happened, /before \/mnt\/lizardfs was mounted/);
  assert.ok(
    made.blocks.some(
      (block) => block.kind === 'lines' && block.label.includes('Written meanwhile'),
    ),
  );
  assertFinished(await carried().apply());
  assert.deepEqual([shown()?.type, shown()?.root], ['fuse', '/sr']);
});

test('a repository that a virtual machine of the host uses is not detached, in xapi’s own words', async () => {
  const { made, carried, pool, shown } = await scene('location-not-mounted', 'xapi.empty-folder');
  const [vm] = pool.vms;
  assert.ok(vm && made.mendable);
  vm.host = pool.hosts[1]?.uuid ?? '';
  assert.match(
    failureOf(await carried().apply()),
    /VDI is in use by some other operation: vdi c5f2b781/,
  );
  assert.equal(shown()?.type, 'ext3');
});

test('a lost hook is put back as a unit, and undo takes only that back', async () => {
  const { made, carried, machine, gather } = await scene('hook-lost', 'xapi.hook-lost');
  assert.equal(made.verdict, 'boot hook lost');
  const run = carried('unit');
  assertFinished(await run.apply());
  assert.ok(machine.enabled.has(FIRST_UNIT));
  assert.equal((await gather()).mendable, false);
  assertFinished(await run.undo());
  assert.ok(!machine.enabled.has(FIRST_UNIT));
});

test('what is in order, or is not there, is a near miss', async () => {
  for (const recovery of ['xapi.pbd-unplugged', 'xapi.empty-folder', 'xapi.hook-lost']) {
    const { made } = await scene('calm', recovery);
    assert.deepEqual([made.mendable, made.ways], [false, []], recovery);
    const other = await scene('calm', recovery, 'nothing on xs-9');
    assert.equal(other.made.verdict, 'not found');
  }
});
