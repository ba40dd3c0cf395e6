import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestHeld } from '../../../source/demo/fleet/rocks/held.js';
import { setService } from '../../../source/demo/fleet/rocks/roll/services.js';
import { kill } from '../../../source/demo/fleet/machines.js';
import { machineNamed, type Fleet } from '../../../source/demo/fleet/state.js';
import { cluster, containerNamed, nasNamed, run, start, stateIn, volumesOn } from './cluster.js';

const IMAGE = 'compute-0-1-1-vol';
const ADD = `rocks add host storagemap nas-0-0 tank ${IMAGE} vm-container-0-1 8 remotepool=tank`;
const REMOVE = `rocks remove host storagemap nas-0-0 ${IMAGE}`;

function guest(fleet: Fleet, name: string, running: boolean): void {
  const vm = machineNamed(fleet, 'vm-container-0-1')?.vms.find((one) => one.name === name);
  assert.ok(vm);
  vm.running = running;
}

test('an image is mapped, copied, merged and at last alone on its container; then it goes back whole', async () => {
  const fleet = cluster();
  const [nas, here] = [nasNamed(fleet), containerNamed(fleet)];
  const added = await run(fleet, 'frontend', ADD);
  assert.equal(
    added.stdout,
    `mapping  nas-0-0 : tank / ${IMAGE}  on  vm-container-0-1\n/dev/mapper/${IMAGE}-snap\n`,
  );
  guest(fleet, 'compute-0-1-1', true);
  fleet.advance(20_000);
  assert.equal(await stateIn(fleet, IMAGE), 'NAS->VM');
  assert.ok(volumesOn(here).includes(`${IMAGE}-temp-write`));
  assert.match(
    (await run(fleet, here.machine, 'dmsetup status', 0)).stdout,
    / snapshot \d+\/16777216 \d+\n/,
  );

  const before = newestHeld(fleet, IMAGE);
  fleet.advance(400_000);
  assert.equal(await stateIn(fleet, IMAGE), 'mapped');
  assert.deepEqual([nas.targets.length, here.sessions.length], [0, 0]);
  assert.ok(!volumesOn(here).includes(`${IMAGE}-temp-write`));
  assert.ok(newestHeld(fleet, IMAGE) > before);

  guest(fleet, 'compute-0-1-1', false);
  const newest = newestHeld(fleet, IMAGE);
  const removed = await run(fleet, 'frontend', REMOVE, 1000);
  assert.equal(removed.stdout, `unmapping   nas-0-0 : ${IMAGE}\nSuccess\n`);
  // Success is said before what was written is back.
  assert.equal(await stateIn(fleet, IMAGE), 'NAS<-VM');
  assert.ok(volumesOn(here).includes(IMAGE));
  fleet.advance(60_000);
  assert.equal(await stateIn(fleet, IMAGE), 'unmapped');
  assert.ok(!volumesOn(here).includes(IMAGE));
  assert.equal(newestHeld(fleet, IMAGE), newest);
});

test('an image that is written to all the time is merged all the same, and nothing of it is lost', async () => {
  const fleet = cluster();
  await run(fleet, 'frontend', ADD);
  guest(fleet, 'compute-0-1-1', true);
  let newest = newestHeld(fleet, IMAGE);
  for (let minute = 0; minute < 15; minute += 1) {
    fleet.advance(60_000);
    const now = newestHeld(fleet, IMAGE);
    assert.ok(now > newest, `minute ${minute}`);
    newest = now;
  }
});

test('a guest that still runs keeps the unmap waiting, and with it all that its container is asked', async () => {
  const fleet = cluster();
  const calls = nasNamed(fleet).database.zvol_calls.rows;
  const ending = new AbortController();
  const waits = start(
    fleet,
    'frontend',
    'rocks remove host storagemap nas-0-0 compute-0-1-0-vol',
    ending.signal,
  );
  fleet.advance(60_000);
  assert.equal(calls[0]?.zvol, 'compute-0-1-0-vol');
  const other = start(
    fleet,
    'frontend',
    'rocks list host storagedev vm-container-0-1',
    ending.signal,
  );
  fleet.advance(60_000);
  ending.abort();
  assert.deepEqual([(await waits).exit, (await other).exit], [130, 130]);
  // Nobody waits any more, and the lock stays until the guest lets go.
  assert.equal(calls.length, 1);
  guest(fleet, 'compute-0-1-0', false);
  fleet.advance(120_000);
  assert.equal(calls.length, 0);
  assert.equal(await stateIn(fleet, 'compute-0-1-0-vol'), 'unmapped');
});

const REFUSALS: readonly (readonly [string, string, string])[] = [
  [
    'add host storagemap nas-0-0 tank compute-0-1-0-vol vm-container-0-2 36 remotepool=tank',
    'maps',
    'Error when mapping zvol: already mapped',
  ],
  [
    `add host storagemap nas-0-0 tank ${IMAGE} vm-9 36 remotepool=tank img_sync=yes`,
    'maps',
    'Host vm-9 is unknown',
  ],
  [
    `add host storagemap nas-0-0 tank ${IMAGE} vm-container-0-1 36`,
    'maps',
    'img_sync was true but not remotepool was specified',
  ],
  ['remove host storagemap nas-0-0 nothing', 'maps', 'ZVol nothing not found in database'],
  [`remove host storagemap nas-0-0 ${IMAGE}`, 'maps', `ZVol ${IMAGE} is not mapped`],
  [
    'remove host storageimg nas-0-0 tank compute-0-1-0-vol',
    'maps',
    'Error deleting zvol compute-0-1-0-vol: is mapped',
  ],
  [
    'add host storagemap nas-0-0 tank compute-0-1-0-vol vm-container-0-1 36 remotepool=tank',
    'maps-locked',
    'ZVol compute-0-1-0-vol is busy',
  ],
  ['list host storagemap nas-9', 'maps', 'Message could not be delivered'],
  [
    'remove host storagemap nas-0-0 compute-0-1-0-vol',
    'maps-stale-row',
    'Error detaching iSCSI target from compute node: Error executing dmsetup: device-mapper: remove ioctl on compute-0-1-0-vol-snap failed: No such device or address\nCommand failed\n',
  ],
];

for (const [line, scenario, says] of REFUSALS) {
  test(`rocks says no to ${line.split(' ').slice(0, 3).join(' ')} of ${line.split(' ')[5] ?? line.split(' ')[4] ?? ''}: ${says.slice(0, 60)}`, async () => {
    const ran = await run(cluster(scenario), 'frontend', `rocks ${line}`);
    assert.deepEqual([ran.stderr, ran.exit], [`error - ${says}\n`, 255]);
  });
}

test('an answer that is an error is printed as Python has it, before its words', async () => {
  const ran = await run(cluster(), 'frontend', 'rocks remove host storagemap nas-0-0 nothing');
  assert.equal(
    ran.stdout,
    "unmapping   nas-0-0 : nothing\nXXX:  {u'action': u'zvol_unmapped', u'status': u'error', u'error': u'ZVol nothing not found in database'}\n",
  );
});

test('a container that is gone leaves the lock of whoever wanted to unmap', async () => {
  const fleet = cluster();
  kill(fleet, 'vm-container-0-1');
  const ran = await run(
    fleet,
    'frontend',
    'rocks remove host storagemap nas-0-0 compute-0-1-0-vol',
  );
  assert.match(ran.stderr, /Compute node vm-container-0-1 is unavailable/);
  assert.equal(nasNamed(fleet).database.zvol_calls.rows.length, 1);
  const again = start(fleet, 'frontend', 'rocks remove host storagemap nas-0-0 compute-0-1-0-vol');
  let ended = false;
  void again.then(() => (ended = true));
  fleet.advance(600_000);
  await Promise.resolve();
  assert.equal(ended, false, 'it waits for ever');
});

test('a container that is gone when it is mapped leaves nothing behind', async () => {
  const fleet = cluster();
  kill(fleet, 'vm-container-0-1');
  const ran = await run(fleet, 'frontend', ADD);
  assert.match(ran.stderr, /Compute node vm-container-0-1 is unavailable/);
  const { database, targets } = nasNamed(fleet);
  assert.deepEqual([database.zvol_calls.rows.length, targets.length], [0, 0]);
  assert.equal(await stateIn(fleet, IMAGE), 'unmapped');
});

test('a NAS whose daemon is restarted forgets its copies, and takes the lock of nobody away', async () => {
  const fleet = cluster('maps-nas-restarted');
  const { database } = nasNamed(fleet);
  assert.ok(!database.sync_queue.rows.some((row) => row.zvol === IMAGE));
  assert.equal(database.zvol_calls.rows.length, 1);
  assert.equal(await stateIn(fleet, IMAGE), 'mapped');
});

test('a tgtd that is restarted has no targets, and the sessions wait for them', async () => {
  const fleet = cluster();
  setService(fleet, 'nas-0-1', 'tgtd', false);
  setService(fleet, 'nas-0-1', 'tgtd', true);
  const shown = await run(fleet, 'nas-0-1', 'tgtadm --lld iscsi --mode target --op show', 0);
  assert.equal(shown.stdout, '');
  const sessions = await run(fleet, 'vm-container-0-2', 'iscsiadm -m session -P 3', 0);
  assert.match(sessions.stdout, /TRANSPORT WAIT[\s\S]*Session State: FREE/);
});
