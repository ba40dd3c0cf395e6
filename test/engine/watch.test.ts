import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatch, pollOnce, type Watch } from '../../source/engine/watch/watch.js';
import type { Probe } from '../../source/core/probe.js';
import type { Stack } from '../../source/core/stack.js';
import { StepClock } from '../support/clock.js';
import {
  entry,
  fakeConnector,
  fakeFinding,
  FakeHost,
  fakeProbe,
  fakeStack,
  gate,
} from '../support/fleet.js';

const perHost = fakeProbe('perHost', 'host');
const forAll = fakeProbe('forAll', 'cluster');

function fleet(names: readonly string[], stack: Stack) {
  const clock = new StepClock();
  const hosts = Object.fromEntries(names.map((name) => [name, new FakeHost()]));
  for (const host of Object.values(hosts)) host.answers = { perHost: 'one', forAll: 'all' };
  const cluster = { name: 'main', hosts: names.map(entry), readOnly: false, neverTouch: [] };
  const watch = createWatch({ cluster, stacks: [stack], connector: fakeConnector(hosts), clock });
  const host = (name: string): FakeHost => {
    const found = hosts[name];
    assert.ok(found);
    return found;
  };
  return { clock, watch, host };
}

function readings(watch: Watch) {
  return watch.store.getState().readings.map((r) => `${r.host} ${r.probe.id} ${r.kind}`);
}

function keys(watch: Watch) {
  return watch.store.getState().problems.map(({ key }) => key);
}

test('a fleet that answers is complete, with a fresh reading of every probe', async () => {
  const { clock, watch } = fleet(['a', 'b'], fakeStack([perHost]));
  watch.start();
  await clock.advance(2000);
  assert.equal(watch.store.getState().complete, true);
  assert.deepEqual(readings(watch), ['a perHost fresh', 'b perHost fresh']);
  watch.stop();
});

test('a question about the whole cluster is asked of one host', async () => {
  const { clock, watch, host } = fleet(['a', 'b'], fakeStack([forAll]));
  watch.start();
  await clock.advance(10_000);
  assert.ok(host('a').asked.includes('forAll'));
  assert.ok(!host('b').asked.includes('forAll'));
  watch.stop();
});

test('of several clusters each is asked for itself, as soon as it is known who is in it', async () => {
  const said = fakeProbe('perHost', 'host');
  const perCluster: Probe<string> = {
    ...forAll,
    clusterOf: (now, name) => now.known(said).find(({ host }) => host === name)?.value,
  };
  const { clock, watch, host } = fleet(['a', 'b', 'c', 'd'], fakeStack([said, perCluster]));
  host('c').answers = { perHost: 'two', forAll: 'all of two' };
  host('d').answers = { forAll: 'never asked' };
  watch.start();
  await clock.advance(900);
  const brought = readings(watch).filter((one) => one.includes('forAll'));
  assert.deepEqual(brought, ['a forAll fresh', 'c forAll fresh']);
  host('a').answers = { perHost: 'one' };
  await clock.advance(4000);
  const later = readings(watch).filter((one) => one.includes('forAll'));
  assert.deepEqual(later.toSorted(), ['b forAll fresh', 'c forAll fresh']);
  assert.ok(!host('d').asked.includes('forAll'));
  watch.stop();
});

test('when that host fails another is asked, and only its answer counts', async () => {
  const { clock, watch, host } = fleet(['a', 'b'], fakeStack([forAll]));
  watch.start();
  await clock.advance(3000);
  host('a').answers = {};
  await clock.advance(5000);
  assert.deepEqual(readings(watch), ['b forAll fresh']);
  watch.stop();
});

test('a host that comes up later is asked at once what nobody could answer', async () => {
  const probe: typeof forAll = {
    ...forAll,
    read: async (host) =>
      host.name === 'b' ? forAll.read(host) : { kind: 'absent', because: 'not here' },
  };
  const { clock, watch, host } = fleet(['a', 'b'], fakeStack([probe]));
  host('b').reachable = false;
  watch.start();
  await clock.advance(500);
  assert.deepEqual(readings(watch), ['a forAll absent']);
  host('b').reachable = true;
  await clock.advance(4000);
  assert.deepEqual(readings(watch), ['b forAll fresh']);
  watch.stop();
});

test('a question that is on its way to a host that came up later is not complete yet', async () => {
  const connected = gate();
  const answered = gate();
  const probe: typeof forAll = {
    ...forAll,
    read: async (host) => {
      if (host.name === 'a') return { kind: 'absent', because: 'not here' };
      await answered.over;
      return forAll.read(host);
    },
  };
  const { clock, watch, host } = fleet(['a', 'b'], fakeStack([probe]));
  host('b').connects = connected.over;
  watch.start();
  await clock.advance(1000);
  connected.open();
  await clock.advance(1000);
  assert.equal(watch.store.getState().complete, false);
  answered.open();
  await clock.advance(1000);
  assert.equal(watch.store.getState().complete, true);
  assert.deepEqual(readings(watch), ['b forAll fresh']);
  watch.stop();
});

test('when nobody has an answer all hosts have their turn, a few in a round', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { clock, watch, host } = fleet(names, fakeStack([forAll]));
  for (const name of names.slice(0, 4)) host(name).answers = {};
  watch.start();
  await clock.advance(4000);
  assert.deepEqual(readings(watch), ['e forAll fresh']);
  watch.stop();
});

test('a host that dies is one alert, and what it said last is stale', async () => {
  const { clock, watch, host } = fleet(['a', 'b'], fakeStack([perHost]));
  watch.start();
  await clock.advance(3000);
  host('b').die();
  await clock.advance(500);
  const { problems } = watch.store.getState();
  assert.deepEqual(
    problems.map(({ key, severity, causedBy }) => [key, severity, causedBy]),
    [
      ['HOST_DOWN/b', 'alert', undefined],
      ['READING_FAILED/b perHost', 'warning', 'HOST_DOWN/b'],
    ],
  );
  assert.deepEqual(readings(watch), ['a perHost fresh', 'b perHost stale']);
  watch.stop();
});

test('a host that comes back is asked again by itself', async () => {
  const { clock, watch, host } = fleet(['a'], fakeStack([perHost]));
  watch.start();
  await clock.advance(3000);
  host('a').die();
  await clock.advance(2000);
  host('a').reachable = true;
  await clock.advance(20_000);
  assert.deepEqual(keys(watch), []);
  assert.deepEqual(readings(watch), ['a perHost fresh']);
  watch.stop();
});

test('a reading that fails keeps its value as stale and says so', async () => {
  const { clock, watch, host } = fleet(['a'], fakeStack([perHost]));
  watch.start();
  await clock.advance(3000);
  host('a').answers = {};
  await clock.advance(3000);
  assert.deepEqual(readings(watch), ['a perHost stale']);
  assert.deepEqual(keys(watch), ['READING_FAILED/a perHost']);
  watch.stop();
});

test('a failure that a stack tells itself is not told twice', async () => {
  const told = fakeStack([perHost], () => [fakeFinding('TOLD', { covers: ['perHost'] })]);
  const { clock, watch, host } = fleet(['a'], told);
  host('a').answers = {};
  watch.start();
  await clock.advance(3000);
  assert.deepEqual(keys(watch), ['TOLD/it']);
  watch.stop();
});

test('a finding that needs time counts only once it has lasted that long', async () => {
  const slow = fakeStack([perHost], () => [fakeFinding('SLOW', { onlyAfter: 60_000 })]);
  const { clock, watch } = fleet(['a'], slow);
  watch.start();
  await clock.advance(50_000);
  assert.deepEqual(keys(watch), []);
  await clock.advance(20_000);
  assert.deepEqual(keys(watch), ['SLOW/it']);
  watch.stop();
});

test('an acknowledgement ends when the problem worsens', async () => {
  let severity: 'warning' | 'alert' = 'warning';
  const stack = fakeStack([perHost], () => [fakeFinding('BAD', { severity })]);
  const { clock, watch } = fleet(['a'], stack);
  const acknowledged = () => watch.store.getState().problems[0]?.acknowledged !== undefined;
  watch.start();
  await clock.advance(3000);
  watch.acknowledge('BAD/it', 3_600_000);
  await clock.advance(3000);
  assert.equal(acknowledged(), true);
  severity = 'alert';
  await clock.advance(3000);
  assert.equal(acknowledged(), false);
  watch.stop();
});

test('an acknowledgement ends when its time is over', async () => {
  const stack = fakeStack([perHost], () => [fakeFinding('BAD')]);
  const { clock, watch } = fleet(['a'], stack);
  watch.start();
  await clock.advance(3000);
  watch.acknowledge('BAD/it', 10_000);
  await clock.advance(15_000);
  assert.equal(watch.store.getState().problems[0]?.acknowledged, undefined);
  watch.stop();
});

test('while paused nothing is asked', async () => {
  const { clock, watch, host } = fleet(['a'], fakeStack([perHost]));
  watch.start();
  await clock.advance(3000);
  watch.pause(true);
  const before = host('a').asked.filter((program) => program === 'perHost').length;
  await clock.advance(20_000);
  assert.equal(host('a').asked.filter((program) => program === 'perHost').length, before);
  watch.stop();
});

test('a stack that stumbles is told as our mistake and leaves the others alone', async () => {
  const broken = fakeStack([perHost], () => {
    throw new Error('unexpected');
  });
  const { clock, watch } = fleet(['a'], broken);
  watch.start();
  await clock.advance(3000);
  assert.deepEqual(keys(watch), ['HOLDFAST_STUMBLED/Fake']);
  watch.stop();
});

test('one poll ends as soon as everything has been asked', async () => {
  const { clock, watch } = fleet(['a'], fakeStack([perHost]));
  const world = pollOnce(watch, 15_000, clock);
  await clock.advance(1500);
  assert.equal((await world).complete, true);
});

test('one poll ends in time when a host never answers, and says so', async () => {
  const { clock, watch, host } = fleet(['a', 'dead'], fakeStack([perHost]));
  host('dead').hangs = true;
  const world = pollOnce(watch, 15_000, clock);
  await clock.advance(15_000);
  const { hosts, readings: known } = await world;
  assert.deepEqual(
    hosts.map(({ name, phase }) => [name, phase]),
    [
      ['a', 'up'],
      ['dead', 'down'],
    ],
  );
  assert.equal(known.length, 1);
});
