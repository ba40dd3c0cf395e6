import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../../../source/core/plan.js';
import type { Case } from '../../../../source/core/recovery.js';
import { servingMasters } from '../../../../source/demo/fleet/metadata-servers.js';
import { hasAddress, nicNamed } from '../../../../source/demo/fleet/nics.js';
import { machineNamed, type Machine } from '../../../../source/demo/fleet/state.js';
import { goalHealth } from '../../../../source/demo/programs/lizardfs/figures.js';
import { lostMaster } from '../../../../source/stacks/lizardfs/recoveries/lost-master/recovery.js';
import {
  planned,
  ShellConsole,
  shellFleet,
  type ShellFleet,
} from '../../../support/lizard-console.js';
import { Killed } from '../../../support/mark-host.js';

const FLOATING = '10.20.0.50';
const URAFT = [
  'URAFT_FLOATING_IP = 10.20.0.50',
  'URAFT_FLOATING_NETMASK = 24',
  'URAFT_FLOATING_IFACE = eth0',
].join('\\n');

/** A lost master of a cluster that lizardfs-uraft set up, and whose election is off. */
async function managed(): Promise<ShellFleet> {
  const at = await shellFleet('lost-master');
  for (const name of ['xs-1', 'xs-2']) {
    await at.sh(
      name,
      `sed -i 's/^PERSONALITY.*/PERSONALITY = ha-cluster-managed/' /etc/mfs/mfsmaster.cfg; printf '${URAFT}\n' > /etc/mfs/lizardfs-uraft.cfg`,
    );
  }
  nicNamed(machineOf(at, 'xs-1'), 'eth0')?.addresses.push(`${FLOATING}/24`);
  return at;
}

function machineOf({ fleet }: ShellFleet, name: string): Machine {
  const machine = machineNamed(fleet, name);
  assert.ok(machine);
  return machine;
}

const holders = (at: ShellFleet): readonly string[] =>
  ['xs-1', 'xs-2', 'lfs-3'].filter((name) => hasAddress(machineOf(at, name), FLOATING));

const gather = ({ hosts }: ShellFleet): Promise<Case> => lostMaster.gather('master', hosts);

async function planFor(at: ShellFleet): Promise<Plan> {
  const way = (await gather(at)).ways.find(({ value }) => value === 'xs-2');
  const drafted = way?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, JSON.stringify(drafted));
  return planned(drafted.draft, lostMaster.id);
}

const serving = ({ fleet }: ShellFleet): readonly string[] =>
  servingMasters(fleet).map(({ machine }) => machine);

test('a managed shadow is promoted by the tool, with its config left to uraft, and the address goes over', async () => {
  const at = await managed();
  const plan = await planFor(at);
  const kinds = plan.steps.map(({ host, kind }) => `${host} ${kind}`);
  assert.deepEqual(kinds.slice(0, 4), [
    'xs-1 service.action',
    'xs-2 lizardfs.promote',
    'xs-1 command.run',
    'xs-2 command.run',
  ]);
  assert.match(JSON.stringify(plan.steps[1]?.params), /promote-shadow/);
  const run = new ShellConsole(at, plan);
  assert.deepEqual(await run.run(), { kind: 'finished' });
  assert.deepEqual([serving(at), holders(at)], [['xs-2'], ['xs-2']]);
  assert.match(
    await at.sh('xs-2', 'cat /etc/mfs/mfsmaster.cfg'),
    /^PERSONALITY = ha-cluster-managed$/m,
  );
  // All of them find it by the address that moves, so that the next move changes no name.
  assert.match(await at.sh('lfs-3', 'getent ahostsv4 mfsmaster'), /^10\.20\.0\.50 /);
  const lost = goalHealth(at.fleet).filter((goal) => goal.lost > 0);
  assert.deepEqual(lost, []);
});

test('killed after any command and gone on with, neither master nor address is ever at two', async () => {
  for (let nth = 2; ; nth += 2) {
    const at = await managed();
    const plan = await planFor(at);
    let instants = 0;
    at.instant = () => {
      assert.ok(serving(at).length <= 1, `two masters at ${instants}`);
      assert.ok(holders(at).length <= 1, `two holders at ${instants}`);
      instants += 1;
      if (instants === nth) throw new Killed();
    };
    const first = new ShellConsole(at, plan);
    if ((await first.run()) !== undefined) break;
    const again = new ShellConsole(at, plan, first.lines);
    assert.deepEqual(await again.run(), { kind: 'finished' }, `killed at ${nth}`);
    assert.deepEqual([serving(at), holders(at)], [['xs-2'], ['xs-2']]);
  }
});

test('while the election runs nothing is promoted by hand', async () => {
  const at = await managed();
  machineNamed(at.fleet, 'xs-2')?.processes.push('/usr/sbin/lizardfs-uraft');
  const found = await gather(at);
  assert.deepEqual([found.verdict, found.mendable, found.ways], ['uraft elects', false, []]);
  assert.match(found.happened, /lizardfs-uraft runs on xs-2/);
});

test('a metalogger that has more than the shadow tells how much would be lost', async () => {
  const at = await shellFleet('lost-master');
  await at.sh('xs-1', 'true');
  const before = await gather(at);
  assert.equal(before.recommended?.value, 'xs-2');
  await at.sh('lfs-3', "printf '1204299: 1777593600|ACCESS(1)\n' > /var/lib/mfs/changelog_ml.mfs");
  const found = await gather(at);
  assert.equal(found.recommended, undefined);
  assert.match(
    found.happened,
    /newest metadata .* version 1.?204.?300, on lfs-3 .*changelog_ml\.mfs/,
  );
  const [sides] = found.blocks;
  assert.ok(sides?.kind === 'sides');
  const row = sides.rows.find(({ label }) => label === 'metalogger has');
  assert.match(row?.values.at(-1)?.text ?? '', /^1.?204.?300$/);
  const plan = await planFor(at);
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['67'],
  );
  assert.match(plan.loses.join(), /newest 67 changes .*lfs-3 knows .*2026-05-01 00:00 UTC/);
});
