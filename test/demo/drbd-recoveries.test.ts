import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../source/core/recovery.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { drbd } from '../../source/stacks/drbd/index.js';
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

test('the disk that failed is attached again, or begun anew where it is blank', async () => {
  for (const way of ['attach', 'renew'] as const) {
    const box = await ShellFleet.start('disk-failed');
    const disk = machineNamed(box.fleet, 'kvm-1')?.disks.find(({ name }) => name === 'sdc');
    assert.ok(disk);
    if (way === 'renew') delete disk.signature;
    // All of it is copied then: a GiB shows as much as a hundred.
    Object.assign(box.fleet.drbd.resources[1] ?? {}, { size: 1_048_576 });
    const found = await ask(box, 'drbd.disk-failed', 'r1 kvm-1');
    assert.equal(found.recommended?.value, way, found.todo);
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
