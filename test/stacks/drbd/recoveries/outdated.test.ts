import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFinished, failureOf } from '../../../support/carry-out.js';
import { LivingPair, type Node } from './pair.js';
import { ask, carried, draft, faults, killedAnywhere } from './support.js';

const ID = 'drbd.outdated';

/** torchio is alone with old data; fiori, which went on, is gone. */
function alone(disk: Node['disk'] = 'Outdated', fiori: Partial<Node> = {}): LivingPair {
  const pair = new LivingPair();
  Object.assign(pair.nodes.torchio, { disk });
  Object.assign(pair.nodes.fiori, { reached: false, up: false, ...fiori });
  return pair;
}

test('what force would lose is said from evidence, and typed by name', async () => {
  const found = await ask(alone(), ID);
  assert.equal(found.verdict, 'outdated, no peer', found.happened);
  assert.equal(found.recommended, undefined);
  assert.match(found.todo, /Bring fiori back if there is any way/);
  const plan = draft(found, 'force');
  assert.match(plan.loses.join('\n'), /All that fiori wrote .* is lost/);
  assert.match(plan.loses.join('\n'), /split brain/);
  assert.equal(plan.confirmations[0]?.word, 'torchio');
  assert.equal(plan.confirmations[0].accepts, plan.loses.join(' '));
});

test('torn data is called torn', async () => {
  const found = await ask(alone('Inconsistent'), ID);
  assert.equal(found.verdict, 'inconsistent, no peer', found.happened);
  assert.match(
    draft(found, 'force').loses.join('\n'),
    /may be damaged anywhere: at least 64\.0 KiB/,
  );
});

test('force is done once, and killed at any instant it ends the same', async () => {
  const pair = alone();
  const run = carried(draft(await ask(pair, ID), 'force'), pair);
  assertFinished(await run.apply());
  assert.deepEqual(pair.ran, ['torchio: drbdadm primary --force r0']);
  await killedAnywhere(() => alone(), ID, 'force');
});

test('while the newer data can be had there is no force: it is brought back', async () => {
  const pair = alone('Outdated', { reached: true });
  const found = await ask(pair, ID);
  assert.equal(found.recommended?.value, 'bring-back');
  assert.match(faults(found, 'force'), /fiori answers and has its data/);
  assertFinished(await carried(draft(found, 'bring-back'), pair).apply());
  assert.equal(pair.nodes.torchio.disk, 'UpToDate');
  assert.equal(pair.nodes.torchio.generation?.[0], '1F65A735BE02A6E0');
});

test('a peer that came back, or other data than was reviewed, is not run over', async () => {
  const pair = alone();
  const plan = { ...draft(await ask(pair, ID), 'force'), basis: [] };
  Object.assign(pair.nodes.fiori, { reached: true, up: true });
  assert.match(failureOf(await carried(plan, pair).apply()), /is connected/);
  Object.assign(pair.nodes.fiori, { reached: false });
  pair.nodes.torchio.disk = 'Inconsistent';
  assert.match(failureOf(await carried(plan, pair).apply()), /Inconsistent by now/);
  assert.deepEqual(pair.ran, []);
});

test('good data and connected sides are left alone', async () => {
  assert.equal((await ask(new LivingPair(), ID)).verdict, 'not outdated');
  const pair = alone('Inconsistent', { reached: true, up: true });
  pair.nodes.fiori.outOfSync = 4096;
  assert.equal((await ask(pair, ID)).verdict, 'connected');
});
