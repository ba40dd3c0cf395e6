import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connector } from '../../source/core/connection.js';
import { reads, type Command, type Outcome } from '../../source/core/host.js';
import { SteadyHost } from '../../source/engine/run/steady-host.js';
import { entry, failureOf } from '../support/fleet.js';

const LOST: Outcome = { kind: 'lost', why: 'connection', reason: 'cut', stdout: '' };
const HUNG: Outcome = { kind: 'lost', why: 'deadline', reason: 'no answer', stdout: '' };
const NEVER: Outcome = { kind: 'unreachable', reason: 'cut' };
const FINE: Outcome = { kind: 'exited', code: 0, stdout: '', stderr: '' };
const change: Command = { argv: ['do'], effect: 'changes', deadline: 1000 };

/** A host whose connections answer so, one after the other; then it can be reached no more. */
async function scripted(...answers: readonly Outcome[]) {
  return scriptedUntil(false, ...answers);
}

/** The same; at the end trying again is of no use, or may be. */
async function scriptedUntil(final: boolean, ...answers: readonly Outcome[]) {
  const asked: string[] = [];
  let connections = 0;
  const connector: Connector = {
    connect: ({ name }) => {
      const answer = answers[connections];
      connections += 1;
      if (!answer) {
        return Promise.resolve({ ok: false, failure: failureOf('gone'), steps: [], final });
      }
      const nth = connections;
      const run = ({ argv }: Command) => {
        asked.push(`${argv.join(' ')} over ${nth}`);
        return Promise.resolve(answer);
      };
      const connection = { host: { name, run }, onGone: () => undefined, close: () => undefined };
      return Promise.resolve({ ok: true, steps: [], connection });
    },
  };
  const host = new SteadyHost(entry('box'), connector, new AbortController().signal);
  assert.equal(await host.open(), undefined);
  return { host, asked };
}

test('a question that was cut off is asked again over a new connection, once', async () => {
  const { host, asked } = await scripted(LOST, FINE);
  assert.equal(await host.run(reads(['look'])), FINE);
  assert.deepEqual(asked, ['look over 1', 'look over 2']);
  const still = await scripted(LOST, LOST, FINE);
  assert.equal(await still.host.run(reads(['look'])), LOST);
  assert.equal(still.asked.length, 2);
});

test('a change that never started is sent again, one that was cut off never', async () => {
  const started = await scripted(NEVER, FINE);
  assert.equal(await started.host.run(change), FINE);
  const cut = await scripted(LOST, FINE);
  assert.equal(await cut.host.run(change), LOST);
  assert.deepEqual(cut.asked, ['do over 1']);
});

test('questions that are cut off together share one new connection', async () => {
  const { host, asked } = await scripted(LOST, FINE);
  const both = await Promise.all([host.run(reads(['a'])), host.run(reads(['b']))]);
  assert.deepEqual(both, [FINE, FINE]);
  assert.deepEqual(asked, ['a over 1', 'b over 1', 'a over 2', 'b over 2']);
});

test('a host that hangs, or cannot be reached again, says so and why', async () => {
  const hung = await scripted(HUNG, FINE);
  assert.equal(await hung.host.run(reads(['look'])), HUNG);
  const gone = await scripted(NEVER);
  assert.deepEqual(await gone.host.run(reads(['look'])), { kind: 'unreachable', reason: 'gone' });
});

test('a host that only a person can let us into again is told apart from one that is away', async () => {
  const { host } = await scriptedUntil(true, NEVER);
  const outcome = await host.run(reads(['look']));
  assert.ok(outcome.kind === 'unreachable');
  assert.equal(outcome.final?.what, 'gone');
});
