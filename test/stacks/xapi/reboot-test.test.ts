import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../../source/core/host.js';
import type { JournalLine } from '../../../source/core/journal.js';
import type { Plan } from '../../../source/core/plan.js';
import { Steps } from '../../../source/core/plan-steps.js';
import { StepKinds } from '../../../source/core/step.js';
import { runState } from '../../../source/engine/run/run-state.js';
import { runPlan, type RunEnd, type RunEvent } from '../../../source/engine/run/runner.js';
import { steps as kinds } from '../../../source/stacks/xapi/steps/index.js';
import { begin, Killed, markPlan } from '../../support/mark-host.js';
import { LOCATION, RebootPool, SR } from '../../support/reboot-pool.js';

/** A plan that reboots both hosts, the master last. */
function planFor({ hosts: [master, second] }: RebootPool): Plan {
  const steps = new Steps('one by one');
  for (const { name, uuid, bootId } of [second, master]) {
    steps.add(name, 'xapi.reboot-test', {
      sr: SR,
      srName: 'LizardFS',
      host: uuid,
      hostName: name,
      location: LOCATION,
      bootId,
    });
  }
  return { ...markPlan([]), basis: [], steps: steps.list };
}

/** A pool, the journal of a run on it, and consoles that come one after the other. */
class Scene {
  readonly pool = new RebootPool();
  readonly lines: JournalLine[] = begin(planFor(this.pool));
  readonly events: RunEvent[] = [];
  readonly stop = new AbortController();

  run(signal = this.stop.signal): Promise<RunEnd> {
    const state = runState(this.lines);
    assert.ok(state);
    const { clock, hosts } = this.pool;
    return runPlan(state, {
      kinds: new StepKinds(kinds),
      protection: () => Promise.resolve(undefined),
      host: (name) => {
        const host = hosts.find((one) => one.name === name);
        assert.ok(host);
        return Promise.resolve(host);
      },
      journal: {
        write: (line) => {
          this.pool.instant();
          this.lines.push(line);
          this.pool.instant();
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      },
      clock,
      by: 'me@here',
      signal,
      tell: (event) => {
        this.events.push(event);
        if (event.kind === 'progress') this.onProgress(event.progress.says);
      },
    });
  }

  onProgress: (says: string) => void = () => undefined;

  get boots(): readonly number[] {
    return this.pool.hosts.map(({ boots }) => boots);
  }

  get said(): readonly string[] {
    const all = this.events.flatMap((event) =>
      event.kind === 'progress' ? [event.progress.says.replace(/ \(.*/, '')] : [],
    );
    return [...new Set(all)];
  }
}

function whatOf(end: RunEnd): string {
  return end.kind === 'failed' ? end.failure.what : end.kind;
}

test('each host is followed through its reboot, the master last, and both boots are in the journal', async () => {
  const scene = new Scene();
  const [, { bootId: before }] = scene.pool.hosts;
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual([scene.boots, scene.pool.bothAway], [[2, 2], false]);
  assert.deepEqual(scene.said, [
    'xs-2 is going down',
    'xs-2 is away',
    'xs-2 is back; LizardFS is not attached yet',
    'xs-1 is going down',
    'xs-1 is away',
    'xs-1 is back; LizardFS is not attached yet',
  ]);
  const done = scene.lines.flatMap((line) => (line.kind === 'done' ? [line] : []));
  assert.deepEqual(
    done.map(({ step, says }) => [step, says?.includes(before)]),
    [
      ['s1', true],
      ['s2', true],
    ],
  );
  assert.equal(done[0]?.says, `boot ${before} before, ${scene.pool.hosts[1].bootId} after`);
});

test('a host that was rebooted is locked again for the run until its end', async () => {
  const scene = new Scene();
  const [master, second] = scene.pool.hosts;
  let during = '';
  scene.onProgress = (says) => {
    if (says.startsWith('xs-1 is away')) during = second.lock;
  };
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.match(during, /"run":"r1"/);
  assert.deepEqual([master.lock, second.lock], ['', '']);
});

test('a host that does not come back is told with what to do, and the other one is left alone', async () => {
  const scene = new Scene();
  const [, second] = scene.pool.hosts;
  second.stays = true;
  const what = whatOf(await scene.run());
  assert.match(
    what,
    /xs-2 was rebooted and is not back as it was within 30 min \(last seen: xs-2 is away/,
  );
  assert.match(what, /Look at its console.*`resume` waits on without rebooting it again/);
  assert.deepEqual(scene.boots, [1, 1]);
  second.stays = false;
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual([scene.boots, scene.pool.bothAway], [[2, 2], false]);
});

test('a host that comes back without the mount has a hook that does not work', async () => {
  const scene = new Scene();
  scene.pool.hosts[1].hooked = false;
  const what = whatOf(await scene.run());
  assert.match(what, /shows an empty folder: the boot hook does not work \(nothing is mounted at/);
  assert.deepEqual(scene.boots, [1, 2]);
  assert.match(whatOf(await scene.run()), /the boot hook does not work/);
  assert.deepEqual(scene.boots, [1, 2], 'a look again is no reboot again');
});

test('a host on which nothing is attached once xapi is done is told at once', async () => {
  const scene = new Scene();
  scene.pool.hosts[1].hooked = false;
  scene.pool.hosts[1].bare = true;
  assert.match(whatOf(await scene.run()), /xapi has not attached LizardFS \(.*has not run since/);
  assert.deepEqual(scene.boots, [1, 2]);
});

test('what somebody mounted by hand does not pass for the hook’s work', async () => {
  const scene = new Scene();
  scene.pool.hosts[1].hooked = false;
  scene.pool.hosts[1].byHand = true;
  assert.match(
    whatOf(await scene.run()),
    /attached, but not by the boot hook: .* has not run since/,
  );
  assert.deepEqual(scene.boots, [1, 2]);
});

test('a host that shows another key after the reboot is not connected to, and that is told at once', async () => {
  const scene = new Scene();
  scene.pool.hosts[1].barred = {
    what: 'its host key is not the one that is known: ssh-ed25519 SHA256:x',
    where: 'xs-2',
    means: 'Either the host was installed anew, or another machine answers in its place.',
    todo: 'Compare on its console.',
  };
  const begun = scene.pool.clock.now();
  const what = whatOf(await scene.run());
  assert.match(
    what,
    /after the reboot xs-2 is not connected to any more: its host key is not the one/,
  );
  assert.match(what, /Compare on its console\. It is not rebooted again by `resume`/);
  assert.ok(scene.pool.clock.now() - begun < 180_000);
  assert.deepEqual(scene.boots, [1, 2]);
});

test('a host is not taken down while the other one is away, lacks the repository, or guests run', async () => {
  for (const [break_, because] of [
    [
      (pool: RebootPool) => (pool.hosts[0].attached = false),
      /LizardFS is not attached on xs-1: no second host/,
    ],
    [
      (pool: RebootPool) => (pool.hosts[1].guests = ['files']),
      /files run on it: move or shut them down/,
    ],
  ] as const) {
    const scene = new Scene();
    break_(scene.pool);
    assert.match(whatOf(await scene.run()), because);
    assert.deepEqual(scene.boots, [1, 1]);
  }
});

test('it is stopped while a host is away, and gone on with: it is not rebooted again', async () => {
  const scene = new Scene();
  scene.onProgress = (says) => {
    if (says.startsWith('xs-2 is away')) scene.stop.abort();
  };
  assert.deepEqual(await scene.run(), { kind: 'stopped' });
  scene.pool.clock.pass(120_000);
  assert.deepEqual(await scene.run(new AbortController().signal), { kind: 'finished' });
  assert.deepEqual([scene.boots, scene.pool.bothAway], [[2, 2], false]);
});

/** A run that is killed at its nth instant; undefined: it came to its end before. */
async function killedAt(at: number): Promise<Scene | undefined> {
  const scene = new Scene();
  let count = 0;
  scene.pool.instant = () => {
    count += 1;
    if (count === at) throw new Killed();
  };
  try {
    await scene.run();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Killed, String(error));
  }
  scene.pool.instant = () => undefined;
  return scene;
}

test('killed at any instant and resumed, at once or late: each host is rebooted once, never both at a time', async () => {
  for (const wait of [0, 600_000]) {
    for (let at = 1; ; at += 1) {
      const scene = await killedAt(at);
      if (!scene) {
        assert.ok(at > 100, String(at));
        break;
      }
      scene.pool.clock.pass(wait);
      let end = await scene.run();
      // A host that is away cannot be locked: that is told, and asked for again.
      for (let again = 0; end.kind === 'failed' && again < 10; again += 1) {
        assert.match(end.failure.what, /lock cannot be taken: no answer/, `killed at ${at}`);
        scene.pool.clock.pass(30_000);
        end = await scene.run();
      }
      assert.deepEqual(end, { kind: 'finished' }, `killed at ${at}, ${wait} ms`);
      assert.deepEqual(scene.boots, [2, 2], `killed at ${at}, ${wait} ms`);
      assert.equal(scene.pool.bothAway, false, `killed at ${at}`);
    }
  }
});

test('commands that reach the host only after its reboot do nothing there', async () => {
  const scene = new Scene();
  const [, second] = scene.pool.hosts;
  const { run } = second;
  const sent: Command[] = [];
  second.run = async (command) => {
    const line = command.argv.join(' ');
    if (line.includes('host-disable')) sent.push(command);
    if (!line.includes('systemctl reboot')) return run(command);
    const outcome = await run(command);
    // Its answer was lost with the connection: a steady host sends anew what never started.
    scene.pool.clock.pass(80_000);
    for (const late of [...sent, command]) await run(late);
    return outcome;
  };
  assert.deepEqual(await scene.run(), { kind: 'finished' });
  assert.deepEqual(scene.boots, [2, 2]);
});
