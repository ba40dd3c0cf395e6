import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reader } from '../../source/core/host.js';
import type { Case } from '../../source/core/recovery.js';
import { endTo, nineOf } from '../../source/demo/fleet/nine/state.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { assertGolden } from '../support/carry-out.js';
import { draftText } from '../support/draft-text.js';
import { ShellFleet } from '../support/shell-fleet.js';

const HOSTS = ['kvm-1', 'kvm-2', 'kvm-3'];

async function ask(box: ShellFleet, id: string, subject = 'r0'): Promise<Case> {
  const recovery = drbd.recoveries?.find((one) => one.id === id);
  assert.ok(recovery);
  return recovery.gather(subject, new Map(HOSTS.map((name) => [name, box.host(name)])));
}

async function mend(box: ShellFleet, found: Case, value: string): Promise<readonly string[]> {
  const way = found.ways.find((one) => one.value === value);
  const drafted = way?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, `${found.happened} ${JSON.stringify(drafted)}`);
  const origin = { kind: 'recovery', id: 'drbd', answers: {} } as const;
  const about = { origin, cluster: 'demo', madeBy: 'me@here' };
  const { end } = await box.apply(makePlan(drafted.draft, about, systemClock));
  assert.deepEqual(end, { kind: 'finished' });
  return drafted.draft.confirmations.map(({ word }) => word);
}

/** Every node is UpToDate, has one data generation with the others, and is connected to all of them. */
function isWhole(box: ShellFleet): void {
  const [resource] = nineOf(box.fleet)?.resources ?? [];
  assert.ok(resource);
  const { nodes } = resource;
  const copies = nodes.filter(({ client }) => !client);
  assert.deepEqual([...new Set(copies.map(({ disk }) => disk))], ['UpToDate']);
  const generations = copies.map(({ current }) => (BigInt(`0x${current}`) & ~1n).toString(16));
  assert.equal(new Set(generations).size, 1);
  for (const node of nodes) {
    for (const peer of nodes) {
      if (peer !== node) assert.equal(endTo(node, peer).connection, 'Connected');
    }
  }
}

test('of three nodes the one that went alone gives up its changes, and meets both others', async () => {
  const box = await ShellFleet.start('drbd9-split-brain');
  const found = await ask(box, 'drbd.split-brain');
  assert.equal(found.verdict, 'split brain', found.happened);
  assert.deepEqual(
    found.ways.map(({ value }) => value),
    ['kvm-2+kvm-3', 'kvm-2+kvm-3:stop-first', 'kvm-1', 'kvm-1:stop-first'],
  );
  assert.deepEqual(await mend(box, found, 'kvm-1:stop-first'), ['kvm-1']);
  isWhole(box);
  const second = await box.says('kvm-2', 'drbdadm', 'status', 'r0');
  assert.match(second, /r0 role:Primary\n/);
  assert.equal((await ask(box, 'drbd.split-brain')).verdict, 'healed');
});

test('the party of two gives way: each of them confirms, and they are parted until both have it', async () => {
  const box = await ShellFleet.start('drbd9-split-brain');
  const found = await ask(box, 'drbd.split-brain');
  const words = await mend(box, found, 'kvm-2+kvm-3:stop-first');
  assert.deepEqual(words, ['kvm-2', 'kvm-3']);
  isWhole(box);
  assert.match(await box.says('kvm-1', 'drbdadm', 'status', 'r0'), /r0 role:Primary\n/);
});

test('of three histories one is kept, nobody is recommended, and two victims confirm', async () => {
  const box = await ShellFleet.start('drbd9-three-ways');
  const found = await ask(box, 'drbd.split-brain');
  assert.equal(found.recommended, undefined);
  assert.match(found.happened, /3 parties went on alone/);
  assert.deepEqual(await mend(box, found, 'kvm-2+kvm-3:stop-first'), ['kvm-2', 'kvm-3']);
  isWhole(box);
});

test('a victim in use is not taken its device away', async () => {
  const box = await ShellFleet.start('drbd9-split-brain');
  const found = await ask(box, 'drbd.split-brain');
  const drafted = found.ways.find(({ value }) => value === 'kvm-1')?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok);
  assert.match(JSON.stringify(drafted.faults), /in use on kvm-1: \/srv\/data/);
});

test('of three nodes one that is down comes back: it meets both, and the others are left as they are', async () => {
  const box = await ShellFleet.start('drbd9-peer-down');
  const found = await ask(box, 'drbd.peer-lost');
  assert.equal(found.verdict, 'peer down', found.happened);
  assert.deepEqual(await mend(box, found, 'bring-back'), []);
  isWhole(box);
  assert.equal((await ask(box, 'drbd.peer-lost')).verdict, 'nobody lost');
});

test('a lost disk is copied from a side that has it, while the third goes on', async () => {
  const box = await ShellFleet.start('drbd9-disk-failed');
  const found = await ask(box, 'drbd.disk-failed', 'r0 kvm-2');
  assert.match(found.happened, /kvm-2 is Diskless .* kvm-1 has the good copy/);
  await mend(box, found, 'attach');
  isWhole(box);
});

test('the secret of the simulated files never leaves their machine', async () => {
  const box = await ShellFleet.start('drbd9-split-brain');
  const host = box.host('kvm-1');
  const heard: string[] = [];
  const run: Reader['run'] = async (command) => {
    const outcome = await host.run(command);
    heard.push(JSON.stringify(outcome));
    return outcome;
  };
  for (const probe of drbd.probes) await probe.read({ name: 'kvm-1', run });
  assert.ok(heard.some((text) => text.includes('<<kept:shared-secret:1>>')));
  assert.ok(heard.every((text) => !text.includes('simulated')));
});

test('the plans for three nodes are these', async () => {
  for (const [scenario, value] of [
    ['drbd9-split-brain', 'kvm-1:stop-first'],
    ['drbd9-split-brain', 'kvm-2+kvm-3:stop-first'],
    ['drbd9-three-ways', 'kvm-1+kvm-2:stop-first'],
  ] as const) {
    const found = await ask(await ShellFleet.start(scenario), 'drbd.split-brain');
    const drafted = found.ways.find((one) => one.value === value)?.plan({ keepCopy: false });
    assert.ok(drafted?.ok);
    const name = `${scenario}-${value.replaceAll(/[+:]/g, '-')}.txt`;
    assertGolden(
      new URL(`../../../test/demo/drbd-plans/${name}`, import.meta.url),
      draftText(drafted.draft, drbd.steps).replaceAll(/\d\d:\d\d:\d\d/g, 'TIME'),
    );
  }
});
