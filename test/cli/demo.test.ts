import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Demo, DemoPart } from '../../source/cli/parts.js';
import type { ConsoleOptions } from '../../source/ui/index.js';
import { FailureError } from '../../source/core/failure.js';
import { fakeParts, runCli } from '../support/cli.js';
import { entry, failureOf, FakeHost, fakeProbe, fakeStack } from '../support/fleet.js';

/** A fleet of one fake host. */
function fleet() {
  const host = new FakeHost();
  host.answers = { p: 'one' };
  const starts: ConsoleOptions[] = [];
  const done = { started: '', stopped: 0, starts };
  const running: Demo = {
    cluster: { name: 'demo', hosts: [entry('box')], readOnly: false, neverTouch: [] },
    identityFile: '/demo/id',
    knownHostsFile: '/demo/known_hosts',
    sshConfigFile: '/demo/ssh_config',
    folder: '/demo',
    incidents: [],
    stop: () => Promise.resolve(void (done.stopped += 1)),
  };
  const demo: DemoPart = {
    scenarios: [
      { id: 'calm', says: 'Nothing is wrong.' },
      { id: 'split-brain', says: 'Both sides wrote.' },
    ],
    start: (scenario) => {
      done.started = scenario;
      return Promise.resolve(running);
    },
  };
  const stacks = [fakeStack([fakeProbe('p', 'host')])];
  const started = (start: ConsoleOptions) => done.starts.push(start);
  return { done, demo, parts: fakeParts({ hosts: { box: host }, stacks, demo, started }) };
}

test('without a terminal the demo prints its report, says that it is simulated, and stops', async () => {
  const { parts, done } = fleet();
  const { code, out } = await runCli(['demo'], parts);
  assert.equal(code, 0);
  assert.match(out, /^A simulated fleet, scenario calm: nothing of this is real\.\n\ndemo {3}/);
  assert.deepEqual([done.started, done.stopped], ['calm', 1]);
});

test('as JSON it prints the report even on a terminal', async () => {
  const { parts, done } = fleet();
  const { code, out } = await runCli(['demo', '--json', '--scenario', 'split-brain'], parts, {
    tty: true,
  });
  assert.equal(code, 0);
  assert.match(out, /^\{\n {2}"holdfast"/);
  assert.deepEqual([done.started, done.stopped, done.starts.length], ['split-brain', 1, 0]);
});

test('on a terminal the console opens on it, and says what it is and how to reach it', async () => {
  const { parts, done } = fleet();
  assert.equal((await runCli(['demo'], parts, { tty: true })).code, 0);
  const simulated = done.starts[0]?.simulated?.says ?? '';
  assert.match(simulated, /nothing of it is real\..*: ssh -F \/demo\/ssh_config box$/);
  assert.equal(done.stopped, 1);
});

test('the scenarios are listed, and a wrong one is answered with the right ones', async () => {
  const { parts, done } = fleet();
  const list = await runCli(['demo', '--list'], parts);
  assert.equal(list.out, 'calm         Nothing is wrong.\nsplit-brain  Both sides wrote.\n');
  const wrong = await runCli(['demo', '--scenario', 'splitbrain'], parts);
  assert.equal(wrong.code, 64);
  assert.match(wrong.err, /Did you mean split-brain\?/);
  assert.equal(done.started, '');
});

test('what the demo needs and is not installed is said, and ends with 69', async () => {
  const { demo } = fleet();
  const start = () => Promise.reject(new FailureError(failureOf('just-bash is missing')));
  const { code, err } = await runCli(['demo'], fakeParts({ demo: { ...demo, start } }));
  assert.deepEqual([code, err], [69, 'box: just-bash is missing\n']);
});
