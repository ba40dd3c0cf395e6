import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../source/core/recovery.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { assertGolden } from '../support/carry-out.js';
import { draftText } from '../support/draft-text.js';
import { ShellFleet } from '../support/shell-fleet.js';

async function ask(box: ShellFleet, id: string, subject: string): Promise<Case> {
  const recovery = drbd.recoveries?.find((one) => one.id === id);
  assert.ok(recovery);
  const pair = ['kvm-1', 'kvm-2'].map((name) => [name, box.host(name)] as const);
  return recovery.gather(subject, new Map(pair));
}

async function carryOut(box: ShellFleet, found: Case, value: string): Promise<void> {
  const drafted = found.ways.find((one) => one.value === value)?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, `${found.verdict}: ${JSON.stringify(drafted)}`);
  const origin = { kind: 'recovery', id: 'drbd', answers: {} } as const;
  const about = { origin, cluster: 'demo', madeBy: 'me@here' };
  const { end } = await box.apply(makePlan(drafted.draft, about, systemClock));
  assert.deepEqual(end, { kind: 'finished' });
}

test('the disk that failed is attached again by whoever knows that it is sound, or begun anew where it is blank', async () => {
  for (const way of ['attach', 'renew'] as const) {
    const box = await ShellFleet.start('disk-failed');
    const disk = machineNamed(box.fleet, 'kvm-1')?.disks.find(({ name }) => name === 'sdc');
    assert.ok(disk);
    if (way === 'renew') delete disk.signature;
    // All of it is copied then: a GiB shows as much as a hundred.
    Object.assign(box.fleet.drbd.resources[1] ?? {}, { size: 1_048_576 });
    const found = await ask(box, 'drbd.disk-failed', 'r1 kvm-1');
    // The kernel log has errors of it: whether they are mended only a person knows.
    assert.equal(found.recommended?.value, way === 'renew' ? way : undefined, found.todo);
    if (way === 'attach') assert.match(found.todo, /only if what made them is mended/);
    assert.match(JSON.stringify(found.blocks), /I\/O error, dev sdc, sector/);
    await carryOut(box, found, way);
    const proc = await box.says('kvm-1', 'cat', '/proc/drbd');
    assert.match(proc, / 1: cs:Connected ro:Primary\/Secondary ds:UpToDate\/UpToDate/);
  }
});

test('a dead peer is told, and the Primary that lives needs nothing', async () => {
  const box = await ShellFleet.start('host-dead');
  const found = await ask(box, 'drbd.peer-lost', 'r1');
  assert.equal(found.verdict, 'peer does not answer', found.happened);
  assert.match(found.todo, /kvm-1 goes on alone/);
  assert.match(JSON.stringify(found.blocks), /does not answer/);
});

test('another blank disk of the host can take the place of the failed one, and both files say so', async () => {
  const box = await ShellFleet.start('disk-failed');
  const machine = machineNamed(box.fleet, 'kvm-1');
  const old = machine?.disks.find(({ name }) => name === 'sdc');
  assert.ok(machine && old);
  const { signature: _gone, ...like } = old;
  const spare = {
    ...like,
    name: 'sdd',
    majMin: '8:48',
    serial: 'spare-1',
    wwn: '0x500a075111111111',
  };
  machine.disks.push(spare, {
    ...spare,
    name: 'sde',
    majMin: '8:64',
    serial: 'small-1',
    wwn: '0x500a075122222222',
    size: 2 ** 30,
  });
  const again = await ShellFleet.over(box.fleet);
  const found = await ask(again, 'drbd.disk-failed', 'r1 kvm-1');
  const path = '/dev/disk/by-id/ata-HGST_HUS724020AL_spare-1';
  assert.deepEqual(
    found.ways.map(({ value }) => value),
    ['attach', 'renew', `renew:${path}`],
  );
  const drafted = found.ways.at(-1)?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, JSON.stringify(drafted));
  const golden = new URL('../../../test/demo/drbd-plans/disk-elsewhere.txt', import.meta.url);
  assertGolden(golden, draftText(drafted.draft, drbd.steps));
});
