import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import type { Plan } from '../../../../source/core/plan.js';
import { kill, revive } from '../../../../source/demo/fleet/machines.js';
import {
  metadataServerOn,
  servingMasters,
} from '../../../../source/demo/fleet/metadata-servers.js';
import { goalHealth } from '../../../../source/demo/programs/lizardfs/figures.js';
import { lostMaster } from '../../../../source/stacks/lizardfs/recoveries/lost-master/recovery.js';
import { Killed } from '../../../support/mark-host.js';
import {
  planned,
  ShellConsole,
  shellFleet,
  type ShellFleet,
} from '../../../support/lizard-console.js';

const gather = ({ hosts }: ShellFleet): Promise<Case> => lostMaster.gather('master', hosts);

function planOf(found: Case, value: string): Plan {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `no way out by ${value}: ${found.happened}`);
  const drafted = way.plan({ keepCopy: false });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  return planned(drafted.draft, lostMaster.id);
}

function faultsOf(found: Case, value: string): string {
  const drafted = found.ways.find((one) => one.value === value)?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok);
  return drafted.faults.map(({ says }) => says).join('; ');
}

/**
 * Machines that are a master, or would be one as soon as their server is started or reads its config
 * again: two of them are two masters after any reboot.
 */
async function mastersNowOrLater({ fleet, sh }: ShellFleet): Promise<readonly string[]> {
  const found = new Set(servingMasters(fleet).map(({ machine }) => machine));
  for (const name of ['xs-1', 'xs-2']) {
    const says = await sh(name, 'grep ^PERSONALITY /etc/mfs/mfsmaster.cfg');
    if (says.includes('master')) found.add(name);
  }
  return [...found];
}

test('while a master answers nothing is promoted, and it is said which', async () => {
  const found = await gather(await shellFleet('calm'));
  assert.deepEqual([found.verdict, found.mendable, found.ways], ['a master answers', false, []]);
  assert.match(found.happened, /xs-1 serves as master \(10\.20\.0\.11\)/);
});

test('two masters are told and left alone', async () => {
  const at = await shellFleet('calm');
  const other = metadataServerOn(at.fleet, 'xs-2');
  if (other) other.personality = 'master';
  const found = await gather(at);
  assert.deepEqual([found.verdict, found.mendable], ['two masters', false]);
});

test('the evidence has who was master, all versions, the newest change on each disk, and the lock', async () => {
  const found = await gather(await shellFleet('lost-master'));
  assert.equal(found.verdict, 'no master');
  assert.match(
    found.happened,
    /xs-1 was to be the master[\s\S]*xs-2 \(version 1[^a-z]*204[^a-z]*233, current\)/,
  );
  const [sides] = found.blocks;
  assert.ok(sides?.kind === 'sides');
  const row = (label: string) =>
    sides.rows.find((one) => one.label === label)?.values.map(({ text }) => text);
  assert.deepEqual(sides.sides, ['xs-1', 'xs-2']);
  assert.deepEqual(row('its server'), ['does not run', 'runs']);
  assert.deepEqual(row('it answers'), ['nothing', 'shadow, disconnected']);
  assert.deepEqual(row('lock file')?.[0], '/var/lib/mfs/metadata.mfs.lock');
  assert.deepEqual(found.recommended?.value, 'xs-2');
});

test('a current shadow becomes the master, everybody follows it, and no chunk is lost at the end', async () => {
  const at = await shellFleet('lost-master');
  const plan = planOf(await gather(at), 'xs-2');
  assert.deepEqual([plan.confirmations, plan.loses], [[], []]);
  assert.match(plan.warnings.join('\n'), /xs-1: \/mnt\/lizardfs hangs until it is mounted anew/);
  const run = new ShellConsole(at, plan);
  assert.deepEqual(await run.run(), { kind: 'finished' });
  assert.deepEqual(
    servingMasters(at.fleet).map(({ machine }) => machine),
    ['xs-2'],
  );
  assert.deepEqual(await mastersNowOrLater(at), ['xs-2']);
  assert.deepEqual(
    goalHealth(at.fleet).filter(({ lost }) => lost > 0),
    [],
  );
  for (const name of ['xs-1', 'xs-2', 'lfs-3']) {
    assert.match(await at.sh(name, 'getent ahostsv4 mfsmaster'), /^10\.20\.0\.12 /);
  }
});

test('the password of the metadata servers is in no plan and no journal', async () => {
  const at = await shellFleet('lost-master');
  const run = new ShellConsole(at, planOf(await gather(at), 'xs-2'));
  await run.run();
  assert.doesNotMatch(JSON.stringify(run.lines), /simulated"|= simulated/);
  assert.match(await at.sh('xs-2', 'cat /etc/mfs/mfsmaster.cfg'), /ADMIN_PASSWORD = simulated/);
});

test('at no instant are there two masters, nor would any reboot make a second one', async () => {
  const at = await shellFleet('lost-master');
  const plan = planOf(await gather(at), 'xs-2');
  let instants = 0;
  at.instant = async () => {
    instants += 1;
    const found = await mastersNowOrLater(at);
    assert.ok(found.length <= 1, `instant ${instants}: ${found.join(', ')}`);
  };
  await new ShellConsole(at, plan).run();
  assert.ok(instants > 10);
});

test('no order of the steps that their needs allow has two masters', async () => {
  const at = await shellFleet('lost-master');
  const { steps } = planOf(await gather(at), 'xs-2');
  const on = (host: string, kind: string) =>
    steps.filter((step) => step.host === host && step.kind === kind).map(({ id }) => id);
  const above = (id: string): ReadonlySet<string> => {
    const needs = steps.find((step) => step.id === id)?.needs ?? [];
    return new Set(needs.flatMap((need) => [need, ...above(need)]));
  };
  const [promoted = ''] = on('xs-2', 'lizardfs.promote');
  const before = above(promoted);
  const fence = steps.filter(({ host, id }) => host === 'xs-1' && before.has(id));
  assert.deepEqual(
    fence.map(({ kind }) => kind),
    ['lizardfs.move-edit', 'service.action'],
  );
  const [own = ''] = on('xs-2', 'lizardfs.move-edit');
  for (const { id } of fence)
    assert.ok(above(own).has(id), 'its config is edited behind the fence');
  const rest = steps.filter(({ id }) => id !== promoted && !before.has(id));
  assert.ok(rest.length > 3 && rest.every(({ id }) => above(id).has(promoted)));
});

test('killed after any command and gone on with, it ends with one master, and never had two', async () => {
  // Odd instants are before a command: the journal alone tells them from the one before.
  for (let nth = 2; ; nth += 2) {
    const at = await shellFleet('lost-master');
    const plan = planOf(await gather(at), 'xs-2');
    let instants = 0;
    at.instant = async () => {
      assert.ok((await mastersNowOrLater(at)).length <= 1);
      instants += 1;
      if (instants === nth) throw new Killed();
    };
    const first = new ShellConsole(at, plan);
    if ((await first.run()) !== undefined) break;
    const again = new ShellConsole(at, plan, first.lines);
    assert.deepEqual(await again.run(), { kind: 'finished' }, `killed at ${nth}`);
    assert.deepEqual(await mastersNowOrLater(at), ['xs-2']);
    assert.deepEqual(
      goalHealth(at.fleet).filter(({ lost }) => lost > 0),
      [],
    );
  }
});

test('a fence is taken away by undo before the promotion, and stays after it', async () => {
  const at = await shellFleet('lost-master');
  const plan = planOf(await gather(at), 'xs-2');
  let reached = 0;
  at.instant = () => {
    reached += 1;
    if (reached === 5) throw new Killed();
  };
  const before = new ShellConsole(at, plan);
  await before.run();
  at.instant = () => undefined;
  assert.deepEqual(await before.undo(), { kind: 'finished' });
  assert.match(await at.sh('xs-1', 'cat /etc/mfs/mfsmaster.cfg'), /PERSONALITY = master/);

  const done = new ShellConsole(at, planOf(await gather(at), 'xs-2'));
  await done.run();
  assert.deepEqual(await done.undo(), { kind: 'finished' });
  assert.deepEqual(await mastersNowOrLater(at), ['xs-2']);
  assert.match(await at.sh('xs-1', 'cat /etc/mfs/mfsmaster.cfg'), /PERSONALITY = shadow/);
});

test('an old master that is back when the plan is carried out makes it stale', async () => {
  const at = await shellFleet('lost-master');
  const plan = planOf(await gather(at), 'xs-2');
  const old = metadataServerOn(at.fleet, 'xs-1');
  if (old) old.running = true;
  const end = await new ShellConsole(at, plan).run();
  assert.ok(end?.kind === 'failed');
  assert.match(end.failure.what, /the plan is stale: that no master answers/);
  assert.match(await at.sh('xs-1', 'cat /etc/mfs/mfsmaster.cfg'), /PERSONALITY = master/);
});

test('a shadow that is behind is promoted only by typing how much is lost', async () => {
  const at = await shellFleet('lost-master-behind');
  const found = await gather(at);
  assert.equal(found.recommended, undefined);
  assert.match(found.ways[0]?.says ?? '', /4,?.?211 changes behind/);
  const plan = planOf(found, 'xs-2');
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['4211'],
  );
  assert.match(plan.loses.join(), /newest 4.?211 changes .*xs-1 knows/);
});

test('a shadow without metadata in its memory is refused: its process would end', async () => {
  const at = await shellFleet('lost-master');
  const shadow = metadataServerOn(at.fleet, 'xs-2');
  if (shadow) shadow.empty = true;
  assert.match(faultsOf(await gather(at), 'xs-2'), /no metadata in its memory/);
});

test('a host that cannot be looked at must be said to be off, by its name', async () => {
  const at = await shellFleet('lost-master');
  kill(at.fleet, 'xs-1');
  const found = await gather(at);
  assert.equal(found.recommended, undefined);
  const plan = planOf(found, 'xs-2');
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['xs-1'],
  );
  assert.match(plan.warnings.join('\n'), /not fenced: xs-1/);
  assert.ok(plan.steps.every(({ host }) => host !== 'xs-1'));
  assert.deepEqual(await new ShellConsole(at, plan).run(), { kind: 'finished' });
  assert.deepEqual(
    servingMasters(at.fleet).map(({ machine }) => machine),
    ['xs-2'],
  );

  revive(at.fleet, 'xs-1');
  const later = await gather(at);
  assert.equal(later.verdict, 'a server stands aside');
  assert.match(later.happened, /xs-2 serves as master.*xs-1 \(its config says master/);
  const back = new ShellConsole(at, planOf(later, 'xs-1'));
  assert.deepEqual(await back.run(), { kind: 'finished' });
  assert.deepEqual(await mastersNowOrLater(at), ['xs-2']);
  const old = metadataServerOn(at.fleet, 'xs-1');
  assert.deepEqual([old?.personality, old?.running, old?.empty], ['shadow', true, false]);
  assert.equal((await gather(at)).verdict, 'a master answers');
});

test('what the old master alone had is kept as a copy before it comes back as a shadow', async () => {
  const at = await shellFleet('lost-master-behind');
  await new ShellConsole(at, planOf(await gather(at), 'xs-2')).run();
  const found = await gather(at);
  const plan = planOf(found, 'xs-1');
  assert.match(plan.warnings.join(), /4.?211 changes that xs-2/);
  assert.deepEqual(await new ShellConsole(at, plan).run(), { kind: 'finished' });
  assert.match(await at.sh('xs-1', 'ls /var/lib'), /mfs\.holdfast-1204233/);
});
