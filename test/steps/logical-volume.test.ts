import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../source/core/wizard.js';
import { StepKinds, type BoundStep } from '../../source/core/step.js';
import type { Json } from '../../source/core/json.js';
import { disks } from '../../source/stacks/disks/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { volumePath } from '../../source/steps/logical-volume/volume.js';
import { assertFinished, Carried, failureOf } from '../support/carry-out.js';
import { LvmHost } from '../support/lvm-host.js';
import { Killed } from '../support/mark-host.js';

const ID = '00000000-0000-4000-8000-000000000001';
const SIZE = 32 * 2 ** 20;
const PARAMS = { vg: 'vg0', name: 'local', sizeBytes: SIZE, id: ID, mayHold: ['xfs'] };
const kinds = new StepKinds(generalSteps);

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

function draft(...params: readonly Json[]): Draft {
  const steps = params.map((one, index) => ({
    ...{ id: `s${index + 1}`, kind: 'lvm.create-volume', host: 'fiori' },
    ...{ params: one, needs: [] },
  }));
  const nothing = { basis: [], confirmations: [], loses: [], putBack: '', warnings: [] };
  return { title: 'a volume', steps, ...nothing };
}

function carried(host: LvmHost, ...params: readonly Json[]): Carried {
  return new Carried(draft(...params), disks, new Map([['fiori', host]]));
}

test('a volume is made with its signatures wiped, is found done, and is removed by undo', async () => {
  const host = new LvmHost();
  const run = carried(host, PARAMS);
  assertFinished(await run.apply());
  assert.deepEqual([...(host.volumes.get('local')?.tags ?? [])], [`holdfast_${ID}`]);
  assert.match(host.ran.join('\n'), /lvcreate -y -W y -n local -L 33554432b --addtag .* -- vg0/);
  const before = host.ran.length;
  assertFinished(await carried(host, PARAMS).apply());
  assert.equal(host.ran.length, before, 'what is there is made again');
  assertFinished(await run.undo());
  assert.equal(host.volumes.size, 0);
});

test('killed before or after any command, it ends with one volume that is known as its own', async () => {
  for (let at = 1; at <= 6; at += 1) {
    const host = new LvmHost();
    const run = carried(host, PARAMS);
    let left = at;
    host.instant = () => {
      left -= 1;
      if (left === 0) throw new Killed();
    };
    await assert.rejects(run.apply(), Killed);
    host.instant = () => undefined;
    assertFinished(await run.apply());
    const volume = host.volumes.get('local');
    assert.deepEqual([volume?.sizeBytes, [...(volume?.tags ?? [])]], [SIZE, [`holdfast_${ID}`]]);
    assertFinished(await run.undo());
    assert.equal(host.volumes.size, 0, `killed at ${at}`);
  }
});

test('a volume of that name which somebody else made is neither taken nor removed', async () => {
  const host = new LvmHost();
  const theirs = { sizeBytes: SIZE, tags: new Set(['']), holds: ['ext4'], open: false };
  host.volumes.set('local', theirs);
  assert.match(failureOf(await carried(host, PARAMS).apply()), /this plan did not make it/);
  assert.deepEqual(host.ran, []);
});

test('undo leaves a volume that holds what the plan did not put there, is open, or has grown', async () => {
  for (const [change, because] of [
    [{ holds: ['ocfs2'] }, /holds ocfs2 by now/],
    [{ open: true }, /in use/],
    [{ sizeBytes: 2 * SIZE }, /bytes by now/],
  ] as const) {
    const host = new LvmHost();
    const run = carried(host, PARAMS);
    assertFinished(await run.apply());
    const volume = host.volumes.get('local');
    assert.ok(volume);
    Object.assign(volume, change);
    assert.match(failureOf(await run.undo()), because);
    assert.ok(host.volumes.has('local'));
  }
  const host = new LvmHost();
  const run = carried(host, PARAMS);
  assertFinished(await run.apply());
  host.volumes.get('local')?.holds.push('xfs');
  assertFinished(await run.undo());
  assert.equal(host.volumes.size, 0);
});

test('a group that has too little room by now is told', async () => {
  const host = new LvmHost();
  host.freeBytes = 1;
  assert.match(failureOf(await carried(host, PARAMS).apply()), /vg0 has less than 32.0 MiB free/);
});

test('a volume is extended from the reviewed size alone, and never made smaller', async () => {
  const host = new LvmHost();
  host.volumes.set('r0', { sizeBytes: SIZE, tags: new Set(), holds: [], open: true });
  const params = { vg: 'vg0', name: 'r0', fromBytes: SIZE, toBytes: 2 * SIZE };
  const { check, commands } = bind('lvm.extend-volume', params);
  assert.deepEqual(await check(host), { kind: 'notYet' });
  for (const command of commands) await host.run(command);
  assert.deepEqual(await check(host), { kind: 'done' });
  const volume = host.volumes.get('r0');
  assert.ok(volume);
  volume.sizeBytes = 3 * SIZE;
  assert.equal((await check(host)).kind, 'refused');
  assert.ok(!kinds.bind({ kind: 'lvm.extend-volume', params: { ...params, toBytes: 1 } }).ok);
});

test('names that LVM keeps for itself or that could be an option are refused', () => {
  for (const name of ['-x', '..', 'snapshot1', 'a b', 'x_rimage_0', 'x;y']) {
    assert.ok(!kinds.bind({ kind: 'lvm.create-volume', params: { ...PARAMS, name } }).ok, name);
  }
});

test('the path of a volume has the dashes of both names doubled', () => {
  assert.equal(volumePath('my-vg', 'a-b'), '/dev/mapper/my--vg-a--b');
});
