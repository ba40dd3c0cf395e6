import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  exitForTests,
  linePrinter,
  testHost,
  type Tested,
} from '../../source/cli/commands/hosts-test.js';
import type { Survey } from '../../source/core/probe.js';
import { entry, fakeConnector, FakeHost, fakeStack } from '../support/fleet.js';

const stacks = [fakeStack([])];
const signal = new AbortController().signal;

/** What one look at a host says. */
function survey(more: { root?: boolean; clockOffset?: number }): Survey {
  const plain = {
    hostname: 'box',
    addresses: [],
    kernel: '',
    os: '',
    bootId: '',
    present: new Set<string>(),
  };
  return { ...plain, root: true, clockOffset: 12, ...more };
}

function tested(more: Partial<Tested> = {}): Tested {
  return { entry: entry('fiori'), steps: [], tookMs: 310, stacks: ['fake'], ...more };
}

test('a host that can be reached tells who it is and what was found on it', async () => {
  const result = await testHost(
    entry('box'),
    fakeConnector({ box: new FakeHost() }),
    stacks,
    signal,
  );
  assert.equal(result.failure, undefined);
  assert.equal(result.survey?.hostname, 'box');
  assert.deepEqual(result.stacks, ['fake']);
});

test('a host that cannot be reached, and a connector that fails, are both a failed test', async () => {
  const dead = new FakeHost();
  dead.reachable = false;
  const refused = await testHost(entry('box'), fakeConnector({ box: dead }), stacks, signal);
  assert.equal(refused.failure?.what, 'connection refused');
  const broken = { connect: () => Promise.reject(new Error('out of sockets')) };
  const failed = await testHost(entry('box'), broken, stacks, signal);
  assert.equal(failed.failure?.means, 'out of sockets');
});

test('lines align although they come one by one', () => {
  const print = linePrinter([entry('fiori'), entry('longer-name')], stacks);
  assert.equal(
    print(tested({ survey: survey({}) })),
    '✓  fiori        fiori         0.31 s  root      clock +12 ms    Fake\n',
  );
  const failure = { what: 'no answer', where: 'x', means: 'It may be down.', todo: 'Ping it.' };
  const steps = [{ step: 'resolve', says: 'x is 10.0.0.1' }] as const;
  assert.equal(
    print(tested({ entry: entry('longer-name'), failure, steps, tookMs: 12_340 })),
    [
      '●  longer-name  longer-name  12.34 s  no answer',
      '    resolve: x is 10.0.0.1',
      '    It may be down.',
      '    Ping it.',
      '',
    ].join('\n'),
  );
});

test('a host without root or with a wrong clock is a warning that says what to do', () => {
  const plain = tested({ survey: survey({ root: false }) });
  const late = tested({ survey: survey({ clockOffset: -90_000 }) });
  const print = linePrinter([plain.entry], stacks);
  assert.match(print(plain), /^▲.*not root[\s\S]*--become sudo/);
  assert.match(print(late), /^▲.*clock -1 min[\s\S]*1 min behind this machine's/);
  assert.equal(exitForTests([plain]), 1);
  assert.equal(exitForTests([late]), 1);
});

test('the worst host decides how the test ends', () => {
  const good = tested({ survey: survey({}) });
  const bad = tested({ failure: { what: 'x', where: 'x', means: '', todo: '' } });
  assert.equal(exitForTests([good]), 0);
  assert.equal(exitForTests([good, bad]), 2);
});
