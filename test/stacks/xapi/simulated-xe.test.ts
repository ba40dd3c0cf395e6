import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineHosts } from '../../support/machines.js';
import { fleetIn } from './situations.js';

test('what the simulated xe says of its errors is in the shapes of the real one', async () => {
  const fleet = fleetIn('calm');
  const hosts = await machineHosts(fleet, ['xs-1']);
  const pool = fleet.pools[0];
  const [vm, other] = pool?.vms ?? [];
  const pbd = pool?.pbds[0];
  assert.ok(vm && other && pbd);
  const xe = async (...words: readonly string[]) => {
    const argv = ['xe', ...words];
    const ran = await hosts.get('xs-1')?.run({ argv, effect: 'changes', deadline: 1 });
    assert.ok(ran?.kind === 'exited');
    return [ran.code, ran.stdout, ran.stderr];
  };
  assert.deepEqual(await xe('pbd-destroy', `uuid=${pbd.uuid}`), [
    1,
    '',
    'You attempted an operation that was not allowed.\nreason: PBD is currently attached\n',
  ]);
  const inUse =
    'This operation cannot be performed because this VDI is in use by some other operation';
  const [one, two] = [vm, other].map(({ vdi, name }) => `${vdi} (${name} 0)`);
  assert.deepEqual(await xe('pbd-unplug', `uuid=${pbd.uuid}`), [
    1,
    '',
    `${inUse}\nvdi: ${one ?? ''}\noperation: ${two ?? ''}\n`,
  ]);
  delete other.host;
  assert.deepEqual(await xe('pbd-unplug', `uuid=${pbd.uuid}`), [
    1,
    '',
    `${inUse}\nvdi: ${one ?? ''}\noperation: <unknown>\n`,
  ]);
  assert.deepEqual(await xe('sr-list', 'uuid=none'), [0, '', '']);
});
