import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StepKinds } from '../../../source/core/step.js';
import { machineNamed } from '../../../source/demo/fleet/state.js';
import { libvirtOn } from '../../../source/demo/fleet/libvirt.js';
import { libvirt } from '../../../source/stacks/libvirt/index.js';
import { networks, networksSpec } from '../../../source/stacks/libvirt/wizards/networks/index.js';
import { pools, poolsSpec } from '../../../source/stacks/libvirt/wizards/pools/index.js';
import { generalSteps } from '../../../source/steps/index.js';
import { assertGolden, draftOf } from '../../support/carry-out.js';
import { draftText } from '../../support/draft-text.js';
import { ShellFleet } from '../../support/shell-fleet.js';
import { wholeCluster } from '../../support/surroundings.js';

const BOTH = ['kvm-1', 'kvm-2'];
const golden = (name: string) =>
  new URL(`../../../../test/stacks/libvirt/${name}.txt`, import.meta.url);

const POOLS = {
  hosts: BOTH,
  pools: [{ name: 'isoimages', mount: '/srv/vms', folder: 'software/isoimages' }],
  dropDefault: true,
};

const NETWORK = {
  hosts: BOTH,
  name: 'storage',
  address: '192.168.10.1',
  prefix: 24,
  forward: 'isolated',
  bridge: 'virbr1',
};

function stateOf({ fleet }: ShellFleet): string {
  return JSON.stringify(
    BOTH.map((name) => {
      const machine = machineNamed(fleet, name);
      assert.ok(machine);
      const { pools: all, networks: nets } = libvirtOn(machine);
      const sorted = <T extends { readonly name: string }>(list: readonly T[]) =>
        list.toSorted((a, b) => a.name.localeCompare(b.name));
      return [sorted(all), sorted(nets)];
    }),
  );
}

test('the plan of pools says every command, as it was reviewed once', async () => {
  const box = await ShellFleet.start('calm');
  const found = await poolsSpec.look([box.host('kvm-1'), box.host('kvm-2')], wholeCluster);
  const draft = draftOf(poolsSpec.plan(found, poolsSpec.answers.parse(POOLS)));
  assertGolden(golden('pools'), draftText(draft, libvirt.steps));
});

test('the plan of a network says every command, as it was reviewed once', async () => {
  const box = await ShellFleet.start('calm');
  const found = await networksSpec.look([box.host('kvm-1'), box.host('kvm-2')], wholeCluster);
  const draft = draftOf(networksSpec.plan(found, networksSpec.answers.parse(NETWORK)));
  assertGolden(golden('network'), draftText(draft, libvirt.steps));
});

test('pools are made on both hosts, found done, and undo leaves what it did not make', async () => {
  const box = await ShellFleet.start('calm');
  const before = stateOf(box);
  const run = await box.apply(await box.plan(pools, POOLS, BOTH));
  assert.deepEqual(run.end, { kind: 'finished' });
  for (const name of BOTH) {
    const said = await box.says(name, 'virsh', 'pool-list', '--all', '--name');
    assert.equal(said, 'isoimages\nvms\n\n');
  }
  const again = await box.apply(await box.plan(pools, { ...POOLS, dropDefault: false }, BOTH));
  assert.deepEqual(again.end, { kind: 'finished' });
  assert.ok(again.lines.every((line) => line.kind !== 'command'));
  const undone = await box.undo(run);
  assert.deepEqual(undone.end, { kind: 'finished' });
  assert.equal(stateOf(box), before);
});

test('a pool is not started on a mount point that was unmounted meanwhile', async () => {
  const box = await ShellFleet.start('calm');
  const plan = await box.plan(
    pools,
    {
      ...POOLS,
      pools: [{ name: 'all', mount: '/srv/data', folder: '' }],
      hosts: ['kvm-1'],
      dropDefault: false,
    },
    ['kvm-1'],
  );
  const machine = machineNamed(box.fleet, 'kvm-1');
  assert.ok(machine);
  machine.mounts = machine.mounts.filter(({ target }) => target !== '/srv/data');
  const { end } = await box.apply(plan);
  assert.equal(end.kind, 'failed');
  assert.ok(!(await box.says('kvm-1', 'virsh', 'pool-list', '--name')).includes('all'));
});

test('what stands against pools is named by its answer', async () => {
  const box = await ShellFleet.start('calm');
  const found = await poolsSpec.look([box.host('kvm-1'), box.host('kvm-2')], wholeCluster);
  const faults = (more: object) => {
    const drafted = poolsSpec.plan(found, poolsSpec.answers.parse({ ...POOLS, ...more }));
    return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
  };
  const one = (pool: object) =>
    faults({ pools: [{ name: 'iso', mount: '/srv/vms', folder: 'iso', ...pool }] }).join('\n');
  assert.match(one({ mount: '/srv/data' }), /^pools\.0\.mount: kvm-2: nothing is mounted at/);
  assert.match(
    one({ autostart: true }),
    /pools\.0\.autostart: kvm-1: \/srv\/vms is not mounted at boot/,
  );
  assert.match(one({ name: 'vms' }), /pools\.0\.name: kvm-1: there is another pool vms/);
  assert.match(one({ folder: '' }), /pools\.0\.folder: kvm-1: \/srv\/vms is the pool vms already/);
  assert.match(one({ name: 'default' }), /the pool that is to be taken away/);
  assert.match(one({ mount: '/', folder: 'srv/vms/x' }), /choose that/);
  assert.deepEqual(faults({ pools: [], dropDefault: false }), ['pools: name at least one pool']);
  assert.match(faults({ hosts: ['xs-1'] }).join(), /^hosts: xs-1: it is not among the hosts/);
});

test('a network is made on both hosts with one address, found done, and taken back', async () => {
  const box = await ShellFleet.start('calm');
  const before = stateOf(box);
  const run = await box.apply(await box.plan(networks, NETWORK, BOTH));
  assert.deepEqual(run.end, { kind: 'finished' });
  for (const name of BOTH) {
    assert.match(
      await box.says(name, 'virsh', 'net-info', 'storage'),
      /Active: +yes[\s\S]*Autostart: +yes/,
    );
  }
  const again = await box.apply(await box.plan(networks, NETWORK, BOTH));
  assert.ok(again.lines.every((line) => line.kind !== 'command'));
  assert.deepEqual((await box.undo(run)).end, { kind: 'finished' });
  assert.equal(stateOf(box), before);
});

test('a network that a host cannot have is refused, with what is in its way', async () => {
  const box = await ShellFleet.start('calm');
  const found = await networksSpec.look([box.host('kvm-1'), box.host('kvm-2')], wholeCluster);
  const faults = (more: object) => {
    const drafted = networksSpec.plan(found, networksSpec.answers.parse({ ...NETWORK, ...more }));
    return drafted.ok ? '' : drafted.faults.map(({ key, says }) => `${key}: ${says}`).join('\n');
  };
  assert.equal(faults({ address: '10.20.1.1' }), '');
  assert.match(
    faults({ address: '10.20.0.1' }),
    /address: kvm-1: 10\.20\.0\.1\/24 overlaps .* \(eth0\)/,
  );
  assert.match(
    faults({ address: '192.168.0.1', prefix: 16 }),
    /overlaps 192\.168\.122\.1\/24 \(the network default\)/,
  );
  assert.match(faults({ address: '192.168.10.0' }), /the network itself/);
  assert.match(faults({ bridge: 'virbr0' }), /bridge: kvm-1: it is that of the network default/);
  assert.match(faults({ name: 'default' }), /name: kvm-1: there is another network default/);
  assert.match(faults({ dropDefault: true }), /dropDefault: kvm-1: .*web-1.* on it/);
  assert.match(faults({ dhcp: true }), /from: it must be given/);
  assert.match(faults({ dhcp: true, from: '192.168.10.1', to: '192.168.10.9' }), /the host's own/);
  assert.match(faults({ dhcp: true, from: '192.168.11.2', to: '192.168.11.9' }), /within/);
});

test('each step of pools says which folder it takes into use', async () => {
  const box = await ShellFleet.start('calm');
  const kinds = new StepKinds([...generalSteps, ...(libvirt.steps ?? [])]);
  const plan = await box.plan(pools, POOLS, BOTH);
  const touched = plan.steps.slice(0, 3).map((step) => {
    const bound = kinds.bind(step);
    return bound.ok ? bound.step.touches.map(({ kind }) => kind) : [bound.because];
  });
  assert.deepEqual(touched, [[], ['folder'], ['folder']]);
});
