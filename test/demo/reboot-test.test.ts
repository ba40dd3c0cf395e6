import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { kill, revive } from '../../source/demo/fleet/machines.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { FIRST_SR, FIRST_UNIT, firstPbd, srMount } from '../../source/demo/fleet/xapi.js';
import type { RunEnd, RunEvent } from '../../source/engine/run/runner.js';
import { DemoRun } from '../support/demo-run.js';
import { FleetClock } from '../support/fleet-clock.js';

const NAMES = ['xs-1', 'xs-2'];

/** The pool of the calm fleet, on which nothing runs, and a plan with the reboot test at its end. */
async function scene(t: TestContext) {
  const bench = await DemoRun.begin(t, 'calm');
  const { fleet } = bench.demo;
  for (const vm of fleet.pools[0]?.vms ?? []) delete vm.host;
  const answers = { repository: FIRST_SR, way: 'unit', rebootTest: true };
  const plan = await bench.plan('xapi.boot-hook', NAMES, answers);
  const lines = bench.journal(plan);
  const said: string[] = [];
  const boots = () => NAMES.map((name) => machineNamed(fleet, name)?.bootId);
  /** Carries it on; `meanwhile` is told what is said on the way. */
  const run = (meanwhile: (says: string) => void = () => undefined): Promise<RunEnd> => {
    const tell = (event: RunEvent): void => {
      if (event.kind !== 'progress') return;
      said.push(event.progress.says);
      meanwhile(event.progress.says);
    };
    return bench.run(lines, { clock: new FleetClock(fleet), tell });
  };
  const whatOf = (end: RunEnd): string => (end.kind === 'failed' ? end.failure.what : end.kind);
  return { bench, fleet, plan, lines, said, boots, run, whatOf };
}

test('over SSH the console follows the second host, then the master, until the hook has mounted on each', async (t) => {
  const { bench, fleet, plan, lines, said, boots, run } = await scene(t);
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['xs-2', 'xs-1'],
  );
  const before = boots();
  assert.deepEqual(await run(), { kind: 'finished' });
  const after = boots();
  assert.ok(before.every((id, index) => id !== undefined && id !== after[index]));
  const ids = lines.flatMap((line) => (line.kind === 'done' && line.says ? [line.says] : []));
  assert.deepEqual(
    ids,
    [1, 0].map((at) => `boot ${before[at] ?? ''} before, ${after[at] ?? ''} after`),
  );
  for (const name of NAMES) {
    assert.equal(firstPbd(fleet, name)?.pbd.attached, true);
    const shown = machineNamed(fleet, name)?.mounts.find(
      ({ target }) => target === srMount(FIRST_SR),
    );
    assert.equal(shown?.type, 'fuse', name);
    assert.equal(await bench.sh(name, `cat /run/${FIRST_UNIT}`), 'mounted\n');
    assert.equal(await bench.sh(name, 'ls /run/holdfast.lock 2>&1 >/dev/null | wc -l'), '1\n');
  }
  assert.ok(said.findIndex((says) => says.startsWith('xs-2 is away')) >= 0);
  assert.ok(
    said.findLastIndex((says) => says.startsWith('xs-2')) <
      said.findIndex((says) => says.startsWith('xs-1')),
  );
});

test('a host that comes back without its hook stops it, and the master is left alone', async (t) => {
  const { fleet, boots, run, whatOf } = await scene(t);
  const [master] = boots();
  const end = await run((says) => {
    if (says.startsWith('xs-2 is going down'))
      machineNamed(fleet, 'xs-2')?.enabled.delete(FIRST_UNIT);
  });
  assert.match(
    whatOf(end),
    /it came back, and xapi has not attached LizardFS|shows an empty folder/,
  );
  assert.equal(boots()[0], master);
});

test('a host that stays away is told with what to do; mended and resumed it is not rebooted again', async (t) => {
  const { fleet, boots, run, whatOf } = await scene(t);
  const [master] = boots();
  const machine = machineNamed(fleet, 'xs-2');
  assert.ok(machine);
  const boot = machine.bootId;
  // Its power goes as it comes up again: it stays dark.
  let dark = false;
  fleet.onReach.add((one) => {
    if (one !== machine || one.reach !== 'up' || dark) return;
    dark = true;
    fleet.clock.after(0, () => kill(fleet, 'xs-2'));
  });
  const end = await run();
  assert.match(
    whatOf(end),
    /xs-2 was rebooted and is not back as it was within 30 min.*Look at its console/,
  );
  assert.equal(boots()[0], master);
  assert.notEqual(machine.bootId, boot);
  revive(fleet, 'xs-2');
  const { bootId } = machine;
  assert.deepEqual(await run(), { kind: 'finished' });
  assert.equal(machine.bootId, bootId);
});

test('a host that shows another key after the reboot is refused at once, with what to compare', async (t) => {
  const { bench, boots, run, whatOf } = await scene(t);
  const [master] = boots();
  const { knownHostsFile, cluster } = bench.demo;
  const known = readFileSync(knownHostsFile, 'utf8');
  const port = cluster.hosts.find(({ name }) => name === 'xs-2')?.port ?? 0;
  const end = await run((says) => {
    if (!says.startsWith('xs-2 is going down')) return;
    const [first = ''] = known.split('\n');
    const other = first.split(' ').slice(1).join(' ');
    const lines = known.split('\n').map((line) => {
      const [name = ''] = line.split(' ');
      return name.includes(String(port)) ? `${name} ${other}` : line;
    });
    writeFileSync(knownHostsFile, lines.join('\n'));
  });
  assert.match(
    whatOf(end),
    /after the reboot xs-2 is not connected to any more: its host key is not/,
  );
  assert.match(whatOf(end), /Compare on its console.*It is not rebooted again by `resume`/);
  assert.equal(boots()[0], master);
  writeFileSync(knownHostsFile, known);
  assert.deepEqual(await run(), { kind: 'finished' });
});
