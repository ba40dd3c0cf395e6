import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestHeld } from '../../../source/demo/fleet/rocks/held.js';
import { ShellFleet, whyFailed, type ShellRun } from '../../support/shell-fleet.js';
import { Killed } from '../../support/mark-host.js';
import { nasNamed, stateIn, volumesOn, containerNamed } from './cluster.js';
import { ask, draftOf, FRESH, planOf } from './stuck.js';

/** Has the console die before and after each changing command, each time one further. */
function mortal(box: ShellFleet): { left: number; deaths: number } {
  const life = { left: Number.POSITIVE_INFINITY, deaths: 0 };
  const count = (): void => {
    life.left -= 1;
    if (life.left >= 0) return;
    life.deaths += 1;
    throw new Killed();
  };
  for (const host of box.hosts) {
    const { run } = host;
    Object.assign(host, {
      run: async (command: Parameters<typeof run>[0], signal?: AbortSignal) => {
        const isLock = JSON.stringify(command.argv).includes('holdfast.lock');
        const counts = command.effect !== 'reads' && !isLock;
        if (counts) count();
        const outcome = await run(command, signal);
        if (counts) count();
        return outcome;
      },
    });
  }
  return life;
}

for (const scenario of ['maps-nas-restarted', 'maps-stalled']) {
  test(`${scenario}: killed before and after each command and resumed, the image is free and nothing is lost`, async () => {
    const box = await ShellFleet.start(scenario);
    const before = newestHeld(box.fleet, FRESH);
    const plan = planOf(draftOf(await ask(box, FRESH), 'save'));
    const life = mortal(box);
    life.left = 0;
    const lines: ShellRun['lines'] = [];
    let ran: ShellRun | undefined;
    for (let tries = 0; !ran; tries += 1) {
      assert.ok(tries < 120, 'it never came to its end');
      try {
        ran =
          tries === 0
            ? await box.apply(plan, new Map(), lines)
            : await box.resume({ lines, values: new Map() });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        // Before a command, after it, and within a step of two.
        life.left = [0, 1, 3][life.deaths % 3] ?? 0;
      }
    }
    assert.deepEqual(ran.end, { kind: 'finished' }, whyFailed(ran));
    assert.ok(life.deaths > 15, `it died ${life.deaths} times only`);
    assert.equal(newestHeld(box.fleet, FRESH), before);
    assert.equal(await stateIn(box.fleet, FRESH), 'unmapped');
    assert.ok(!nasNamed(box.fleet).database.zvol_calls.rows.some(({ zvol }) => zvol === FRESH));
    assert.ok(!volumesOn(containerNamed(box.fleet)).some((name) => name.startsWith(FRESH)));
  });
}
