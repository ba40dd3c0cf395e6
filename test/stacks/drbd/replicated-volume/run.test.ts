import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { replicatedVolumeSpec as spec } from '../../../../source/stacks/drbd/wizards/replicated-volume/index.js';
import { assertFinished, Carried, draftOf, failureOf } from '../../../support/carry-out.js';
import { DrbdPair, FRESH } from '../../../support/drbd-pair.js';
import { failed } from '../../../support/lvm-host.js';
import { Killed } from '../../../support/mark-host.js';
import { foundOn, hostOf } from './found.js';

const BOTH = {
  ...{ way: 'both', name: 'small', first: 'fiori', second: 'torchio', size: 1 },
  ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0', secret: 'none', dualPrimary: true },
  ...{ firstAddress: '192.168.3.6', secondAddress: '192.168.3.7' },
};

/** The draft of answers; its basis is not asked here, since what it was made of is made up. */
function draftFor(answers: object): Draft {
  const found = foundOn(hostOf('fiori', 6), hostOf('torchio', 7));
  return { ...draftOf(spec.plan(found, spec.answers.parse(answers))), basis: [] };
}

function carried(pair: DrbdPair, answers: object = BOTH): Carried {
  return new Carried(draftFor(answers), drbd, pair.hosts);
}

function rolesOf({ sides }: DrbdPair): string {
  return Object.values(sides)
    .map(({ role, disk }) => `${role}/${disk}`)
    .join(' ');
}

test('from nothing to two Primaries that are UpToDate, and back to nothing by undo', async () => {
  const pair = new DrbdPair();
  const before = pair.state;
  const run = carried(pair);
  assertFinished(await run.apply());
  assert.equal(rolesOf(pair), 'Primary/UpToDate Primary/UpToDate');
  assert.equal(pair.sides.fiori.file, pair.sides.torchio.file);
  const did = [...pair.fiori.ran, ...pair.torchio.ran];
  assert.equal(did.filter((line) => line.includes('--clear-bitmap')).length, 1);
  assert.ok(!did.some((line) => line.includes('dd ')));
  assertFinished(await run.undo());
  assert.equal(pair.state, before);
});

test('nothing is written on either disk before both nodes accept the file', async () => {
  const pair = new DrbdPair();
  const order: string[] = [];
  for (const host of pair.hosts.values()) {
    const { run } = host;
    Object.assign(host, {
      run: (command: Parameters<typeof run>[0]) => {
        const line = command.argv.join(' ');
        if (line.includes('echo accepted')) order.push(`${host.name} accepts`);
        if (line.includes('create-md')) order.push(`${host.name} writes`);
        return run(command);
      },
    });
  }
  assertFinished(await carried(pair).apply());
  const first = order.findIndex((one) => one.endsWith('writes'));
  const accepted = new Set(order.slice(0, first));
  assert.deepEqual([...accepted].sort(), ['fiori accepts', 'torchio accepts']);
});

test('killed at any instant and gone on with, it ends the same, and undo takes all of it back', async () => {
  const whole = new DrbdPair();
  let instants = 0;
  whole.instant = () => void (instants += 1);
  assertFinished(await carried(whole).apply());
  assert.ok(instants > 30, String(instants));
  for (let at = 1; at <= instants; at += 1) {
    const pair = new DrbdPair();
    const before = pair.state;
    const run = carried(pair);
    let left = at;
    pair.instant = () => {
      left -= 1;
      if (left === 0) throw new Killed();
    };
    await assert.rejects(run.apply(), Killed);
    pair.instant = () => undefined;
    assertFinished(await run.apply());
    assert.equal(pair.state, whole.state, `killed at ${at}`);
    assertFinished(await run.undo());
    assert.equal(pair.state, before, `undone after ${at}`);
  }
});

test('a node alone is Primary with its own data, and nobody is waited for', async () => {
  const pair = new DrbdPair();
  const { second: _, secondDisk: __, secondAddress: ___, ...one } = BOTH;
  const peer = { peerName: 'torchio', peerAddress: '192.168.3.7', peerDisk: '/dev/vg0/small' };
  const run = carried(pair, { ...one, way: 'first', ...peer });
  assertFinished(await run.apply());
  assert.equal(rolesOf(pair), 'Primary/UpToDate Secondary/Inconsistent');
  assert.deepEqual(pair.torchio.ran, []);
  assertFinished(await run.undo());
  assert.equal(pair.fiori.volumes.size, 0);
});

test('a conflict with another resource is told before the file takes effect', async () => {
  const pair = new DrbdPair();
  pair.conflict = "drbd.d/r1.res:22: conflicting use of IP '192.168.3.6:7788' ...\n";
  assert.match(failureOf(await carried(pair).apply()), /conflicting use of IP/);
  assert.deepEqual([pair.sides.fiori.file, pair.sides.fiori.generation], [null, null]);
});

test('create-md that finds a file system in its way says what can be done', async () => {
  const pair = new DrbdPair();
  pair.refuses = failed(40, 'Operation refused.\n');
  const says = failureOf(await carried(pair).apply());
  assert.match(says, /reaches to its end.*make the volume larger, shrink the file system/);
  assert.equal(pair.sides.fiori.generation, null);
});

test('sides that were in use before are never declared alike', async () => {
  const pair = new DrbdPair();
  const run = carried(pair);
  let left = 1;
  const dies = () => {
    if (pair.sides.torchio.up && left > 0) {
      left = 0;
      throw new Killed();
    }
  };
  pair.instant = dies;
  await assert.rejects(run.apply(), Killed);
  pair.instant = () => undefined;
  assert.equal(pair.sides.fiori.generation, FRESH);
  pair.sides.fiori.generation = 'AAAAAAAAAAAAAAA4';
  assert.match(failureOf(await run.apply()), /has been in use before/);
  assert.ok(!pair.fiori.ran.some((line) => line.includes('new-current-uuid')));
});

test('undo leaves the resource and its volumes where somebody put data on it', async () => {
  const pair = new DrbdPair();
  const run = carried(pair);
  assertFinished(await run.apply());
  pair.torchio.volumes.get('small')?.holds.unshift('ocfs2');
  assert.match(failureOf(await run.undo()), /ocfs2/);
  assert.deepEqual([pair.sides.torchio.up, pair.torchio.volumes.size], [true, 1]);
});
