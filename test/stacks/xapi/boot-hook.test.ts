import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Host } from '../../../source/core/host.js';
import { FIRST_SR, FIRST_UNIT } from '../../../source/demo/fleet/xapi.js';
import { machineNamed } from '../../../source/demo/fleet/state.js';
import { wholeCluster } from '../../support/surroundings.js';
import { startScript } from '../../../source/stacks/xapi/boot-hook.js';
import { xapi } from '../../../source/stacks/xapi/index.js';
import {
  hookDriver,
  unhookDriver,
} from '../../../source/stacks/xapi/wizards/boot-hook/driver-text.js';
import { bootHookSpec as spec } from '../../../source/stacks/xapi/wizards/boot-hook/index.js';
import {
  assertFinished,
  assertGolden,
  Carried,
  draftOf,
  failureOf,
  reviewOf,
} from '../../support/carry-out.js';
import { StepClock } from '../../support/clock.js';
import { machineHosts } from '../../support/machines.js';
import { fleetIn } from './situations.js';

const golden = new URL('../../../../test/stacks/xapi/boot-hook.txt', import.meta.url);
const DRIVER = '/opt/xensource/sm/FileSR.py';

async function scene(situation = 'calm') {
  const fleet = fleetIn(situation);
  const hosts = await machineHosts(fleet, ['xs-1', 'xs-2']);
  const plan = async (answers: object = {}) => {
    const found = await spec.look([...hosts.values()], wholeCluster);
    return spec.plan(found, spec.answers.parse({ repository: FIRST_SR, ...answers }));
  };
  const read = async (name: string, path: string): Promise<string> => {
    const outcome = await hosts
      .get(name)
      ?.run({ argv: ['cat', path], effect: 'reads', deadline: 1 });
    return outcome?.kind === 'exited' ? outcome.stdout : '';
  };
  return { fleet, hosts, plan, read };
}

test('the plan says every line of script and unit, as it was reviewed once', async () => {
  const { plan } = await scene();
  const draft = draftOf(await plan({ way: 'driver' }));
  const unit = draftOf(await plan());
  const text = [...reviewOf(unit, xapi), '', ...reviewOf(draft, xapi), unit.putBack, ''];
  assertGolden(golden, text.join('\n'));
});

test('a unit that is not enabled is enabled again, and undo leaves things as they were found', async () => {
  const { hosts, fleet, plan, read } = await scene('hook-lost');
  const unit = `/etc/systemd/system/${FIRST_UNIT}.service`;
  const before = await read('xs-2', unit);
  const run = new Carried(draftOf(await plan()), xapi, hosts);
  assertFinished(await run.apply());
  assert.ok(machineNamed(fleet, 'xs-2')?.enabled.has(FIRST_UNIT));
  assert.match(await read('xs-2', unit), /Before=xapi\.service/);
  assert.match(await read('xs-1', startScript(FIRST_SR)), /systemctl start lizardfs-chunkserver/);
  assertFinished(await run.undo());
  assert.ok(!machineNamed(fleet, 'xs-2')?.enabled.has(FIRST_UNIT));
  assert.equal(await read('xs-2', unit), before);
});

test('in the driver the function keeps what it does, and only this repository calls the script', async () => {
  const { hosts, plan, read } = await scene();
  const before = await read('xs-2', DRIVER);
  const run = new Carried(draftOf(await plan({ way: 'driver' })), xapi, hosts);
  assertFinished(await run.apply());
  const after = await read('xs-2', DRIVER);
  assert.match(after, new RegExp(`if sr_uuid == "${FIRST_SR}":\\n {12}try:`));
  assert.match(after, /raise\n {8}# boot hook .*: end\n {8}if not self\._checkmount\(\):/);
  assert.equal(unhookDriver(after, FIRST_SR), before);
  assertFinished(await run.undo());
  assert.equal(await read('xs-2', DRIVER), before);
});

test('a driver that Python does not compile never takes effect', async () => {
  const { hosts, plan, read } = await scene();
  const draft = draftOf(await plan({ way: 'driver' }));
  const before = await read('xs-2', DRIVER);
  const broken = {
    ...draft,
    steps: draft.steps.map((step) => {
      const text = JSON.stringify(step.params).replaceAll('except Exception:', 'pass');
      return { ...step, params: JSON.parse(text) as typeof step.params };
    }),
  };
  assert.match(
    failureOf(await new Carried(broken, xapi, hosts).apply()),
    /SyntaxError|exit code 1/,
  );
  assert.equal(await read('xs-2', DRIVER), before);
});

test('a real Python compiles the edited driver, and runs the script for its repository alone', (t) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    t.skip('there is no python3 here');
    return;
  }
  const module = [
    'import sys, types',
    "sys.modules['util'] = types.SimpleNamespace(SMlog=lambda text: None)",
    '',
  ].join('\n');
  const driver =
    'import util\nclass FileSR(object):\n    def attach(self, sr_uuid):\n        self.attached = True\n';
  const edited = hookDriver(driver, FIRST_SR, '/nowhere/start.sh');
  assert.ok(edited.ok);
  const use = (sr: string): string =>
    `${module}${edited.text}\nsr = FileSR()\ntry:\n    sr.attach('${sr}')\nexcept OSError: pass\nprint(hasattr(sr, 'attached'))\n`;
  const run = (sr: string): string =>
    spawnSync('python3', ['-c', use(sr)])
      .stdout.toString()
      .trim();
  assert.equal(run('another'), 'True');
  assert.equal(run(FIRST_SR), 'False');
});

test('a driver of another shape is refused, and one that is hooked is hooked once', () => {
  const hook = (text: string) => hookDriver(text, FIRST_SR, '/x.sh');
  const good = 'import util\nclass FileSR(SR.SR):\n    def attach(self, sr_uuid):\n        pass\n';
  const once = hook(good);
  assert.ok(once.ok);
  assert.deepEqual(hook(once.text), once);
  for (const [text, because] of [
    ['import util\n', /no class FileSR/],
    ['import util\nclass FileSR(SR.SR):\n    pass\n', /no attach/],
    [`${good}    def attach(self, sr_uuid):\n        pass\n`, /more than one attach/],
    [good.replace('import util\n', ''), /import util/],
  ] as const) {
    const edited = hook(text);
    assert.ok(!edited.ok);
    assert.match(edited.because, because);
  }
  const other = `${good}class FileVDI(VDI.VDI):\n    def attach(self, sr_uuid, vdi_uuid):\n        pass\n`;
  const edited = hook(other);
  assert.ok(edited.ok && edited.text.endsWith(other.slice(good.length)));
});

/** Lets the fleet's own time pass whenever a host is asked, as it would while one waits. */
function passing(hosts: ReadonlyMap<string, Host>, pass: () => Promise<void>) {
  return new Map(
    [...hosts].map(([name, host]): [string, Host] => [
      name,
      {
        name,
        run: async (command) => {
          const outcome = await host.run(command);
          await pass();
          return outcome;
        },
      },
    ]),
  );
}

test('the reboot test refuses a host on which virtual machines run, and shows the hook at work', async () => {
  const { hosts, fleet, plan } = await scene();
  const draft = draftOf(await plan({ rebootTest: true }));
  assert.deepEqual(
    draft.confirmations.map(({ word, accepts }) => `${word}: ${accepts}`),
    ['xs-2: xs-2 is rebooted', 'xs-1: xs-1, the master of the pool, is rebooted'],
  );
  const clock = new StepClock();
  const slow = passing(hosts, async () => {
    fleet.advance(1000);
    void clock.advance(5000);
    await Promise.resolve();
  });
  const bootId = machineNamed(fleet, 'xs-2')?.bootId;
  const run = new Carried(draft, xapi, slow, clock);
  assert.match(failureOf(await run.apply()), /files and accounts run on it/);
  assert.notEqual(machineNamed(fleet, 'xs-2')?.bootId, bootId);
  assert.ok(
    machineNamed(fleet, 'xs-2')?.mounts.some(({ type, root }) => type === 'fuse' && root === '/sr'),
  );
});
