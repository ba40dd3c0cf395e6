import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import type { Plan } from '../../../../source/core/plan.js';
import { chunksOn, damageDisk } from '../../../../source/demo/fleet/lizardfs.js';
import { goalHealth } from '../../../../source/demo/programs/lizardfs/figures.js';
import { diskDrain } from '../../../../source/stacks/lizardfs/recoveries/disk-drain/recovery.js';
import { Killed } from '../../../support/mark-host.js';
import {
  planned,
  ShellConsole,
  shellFleet,
  type ShellFleet,
} from '../../../support/lizard-console.js';

const PATH = '/mnt/ata-CT250MX200SSD1_15372c';
const SUBJECT = `10.20.0.12:9422 ${PATH}/`;

const gather = ({ hosts }: ShellFleet): Promise<Case> => diskDrain.gather(SUBJECT, hosts);

function planOf(found: Case): Plan {
  const drafted = found.ways[0]?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, JSON.stringify(drafted));
  return planned(drafted.draft, diskDrain.id);
}

function faultsOf(found: Case): string {
  const drafted = found.ways[0]?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok);
  return drafted.faults.map(({ says }) => says).join('; ');
}

/** Few chunks, so that a drain is short. */
async function shortDrain(): Promise<ShellFleet> {
  const at = await shellFleet('disk-errors');
  for (const group of at.fleet.lizardfs.groups) group.count = Math.ceil(group.count / 20);
  return at;
}

const hdd = ({ sh }: ShellFleet): Promise<string> => sh('xs-2', 'cat /etc/mfs/mfshdd.cfg');

async function assertOut(at: ShellFleet): Promise<void> {
  assert.doesNotMatch(await hdd(at), /15372c/);
  assert.doesNotMatch(await at.sh('xs-2', 'cat /etc/fstab; cat /proc/mounts'), /15372c/);
  const disks = at.fleet.lizardfs.chunkservers.flatMap((server) => server.disks);
  assert.equal(
    disks.some(({ id }) => id === 'xs-2:1'),
    false,
  );
  const sick = goalHealth(at.fleet).filter(({ lost, replicate }) => lost + (replicate[1] ?? 0) > 0);
  assert.deepEqual(sick, []);
}

test('a disk is marked, emptied, taken out of the list, unmounted, and out of fstab', async () => {
  const at = await shortDrain();
  const found = await gather(at);
  assert.deepEqual([found.verdict, found.recommended?.value], ['disk in use', 'drain']);
  const plan = planOf(found);
  assert.deepEqual(
    plan.steps.map(({ kind }) => kind),
    [
      'file.edit',
      'lizardfs.reload-disks',
      'lizardfs.wait-for-drain',
      'file.edit',
      'lizardfs.reload-disks',
      'wait.until',
      'file-system.unmount',
      'file.edit',
    ],
  );
  const run = new ShellConsole(at, plan);
  assert.deepEqual(await run.run(), { kind: 'finished' });
  assert.ok(
    run.said.some((says) => /^\d+ chunk parts left, \d+ a minute$/.test(says)),
    run.said.join('\n'),
  );
  await assertOut(at);
});

test('killed at any instant of a drain and gone on with, the disk is out and nothing is missing', async () => {
  for (let nth = 1; ; nth += 1) {
    const at = await shortDrain();
    const plan = planOf(await gather(at));
    let instants = 0;
    at.instant = () => {
      instants += 1;
      if (instants === nth) throw new Killed();
    };
    const first = new ShellConsole(at, plan);
    if ((await first.run()) !== undefined) break;
    assert.deepEqual(await new ShellConsole(at, plan, first.lines).run(), { kind: 'finished' });
    await assertOut(at);
  }
});

test('a drain that is left goes on by itself, and undo takes the mark away', async () => {
  const at = await shortDrain();
  const run = new ShellConsole(at, planOf(await gather(at)));
  at.instant = () => {
    if (at.fleet.lizardfs.chunkservers.some(({ disks }) => disks.some((one) => one.draining))) {
      run.abort.abort();
    }
  };
  assert.deepEqual(await run.run(), { kind: 'stopped' });
  assert.match(await hdd(at), new RegExp(`^\\*${PATH}$`, 'm'));
  const before = chunksOn(at.fleet.lizardfs, 'xs-2:1');
  at.fleet.advance(60_000);
  assert.ok(chunksOn(at.fleet.lizardfs, 'xs-2:1') < before);
  const back = new ShellConsole(at, planOf(await gather(at)), run.lines);
  assert.deepEqual(await back.undo(), { kind: 'finished' });
  assert.match(await hdd(at), new RegExp(`^${PATH}$`, 'm'));
  assert.ok(
    at.fleet.lizardfs.chunkservers.every(({ disks }) =>
      disks.every((one) => one.draining !== true),
    ),
  );
});

test('a drain that could never end is refused: three copies need three servers beside this one', async () => {
  const found = await gather(await shellFleet('calm'));
  assert.equal(found.recommended, undefined);
  assert.match(faultsOf(found), /goal 3 needs 3 servers beside this one.* there are 2/);
});

test('a drain is refused while the other servers have no room', async () => {
  const at = await shellFleet('disk-errors');
  for (const server of at.fleet.lizardfs.chunkservers) {
    if (server.machine === 'xs-2') continue;
    server.disks = server.disks.map((disk) => ({ ...disk, total: 80_000_000_000 }));
  }
  assert.match(faultsOf(await gather(at)), /the other servers have .* free, and .* are on it/);
});

test('a damaged disk is taken out once its chunks have their copies again, and nothing is moved', async () => {
  const at = await shortDrain();
  damageDisk(at.fleet, 'xs-2:1', true);
  const found = await gather(at);
  assert.equal(found.verdict, 'disk damaged');
  const plan = planOf(found);
  assert.deepEqual(plan.steps[0]?.kind, 'lizardfs.wait-for-drain');
  assert.deepEqual(await new ShellConsole(at, plan).run(), { kind: 'finished' });
  await assertOut(at);
});

test('a damaged disk is never taken out while chunks cannot be read without it', async () => {
  const at = await shortDrain();
  damageDisk(at.fleet, 'xs-2:1', true);
  for (const id of ['xs-1:0', 'xs-1:1', 'lfs-3:0', 'lfs-3:1']) damageDisk(at.fleet, id, true);
  assert.match(faultsOf(await gather(at)), /cannot be read, and may be on this disk alone/);
});

test('a disk that nobody lists is told, with those that are', async () => {
  const { hosts } = await shellFleet('calm');
  const found = await diskDrain.gather('10.20.0.12:9422 /mnt/other/', hosts);
  assert.deepEqual([found.verdict, found.mendable], ['no such disk', false]);
  assert.match(found.todo, /10\.20\.0\.12:9422 \/mnt\/ata/);
});
