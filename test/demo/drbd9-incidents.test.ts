import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentsOf } from '../../source/demo/fleet/incidents.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { ShellFleet } from '../support/shell-fleet.js';
import { findingsOf } from '../support/shell-now.js';

const MINUTE = 60_000;

async function found({ fleet, hosts }: ShellFleet): Promise<readonly string[]> {
  const up = hosts.filter(({ name }) => machineNamed(fleet, name)?.reach === 'up');
  return [...(await findingsOf(drbd, up, fleet.clock.now))].toSorted();
}

test('DRBD 9: a node that is cut off is missed, and in order again when its links are back', async () => {
  const box = await ShellFleet.start('drbd9-disk-failed');
  const happen = (id: string): void => {
    const incident = incidentsOf(box.fleet).find((one) => one.id === id);
    assert.ok(incident, id);
    incident.run();
    box.fleet.advance(2 * MINUTE);
  };
  const before = await found(box);
  happen('node-cut');
  const meanwhile = await found(box);
  assert.ok(meanwhile.length > before.length, meanwhile.join(', '));
  happen('node-heal');
  assert.deepEqual(await found(box), before);
});
