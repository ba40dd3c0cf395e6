import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kill, revive } from '../../source/demo/fleet/machines.js';
import { addressesOf, nicNamed, nicsOf } from '../../source/demo/fleet/nics.js';
import { machineNamed, type Machine } from '../../source/demo/fleet/state.js';
import { clusterNetwork } from '../../source/stacks/drbd/wizards/cluster-network/index.js';
import { wholeCluster } from '../support/surroundings.js';
import { DemoRun } from '../support/demo-run.js';
import { ShellFleet, whyFailed } from '../support/shell-fleet.js';

const NAMES = ['kvm-1', 'kvm-2'];
const ANSWERS = {
  nics: ['kvm-1:eth1', 'kvm-2:eth1'],
  name: 'cluster0',
  addresses: [
    { host: 'kvm-1', address: '192.168.3.1/24' },
    { host: 'kvm-2', address: '192.168.3.2/24' },
  ],
};
const FILES = [
  '/etc/hosts',
  '/etc/network/interfaces',
  '/etc/systemd/network/10-cluster0.link',
] as const;

/** All that the wizard changes on a host. */
const state = (bench: ShellFleet, name: string): Promise<string> =>
  bench.says(name, 'sh', '-c', `ip addr; ls /sys/class/net; cat ${FILES.join(' ')} 2>&1`);

const states = (bench: ShellFleet): Promise<readonly string[]> =>
  Promise.all(NAMES.map((name) => state(bench, name)));

function machine({ fleet }: ShellFleet, name: string): Machine {
  const found = machineNamed(fleet, name);
  assert.ok(found);
  return found;
}

test('two cards become a network of their own, each host sees the other there, and all goes back', async () => {
  const bench = await ShellFleet.start('calm');
  const before = await states(bench);
  const plan = await bench.plan(clusterNetwork, ANSWERS, NAMES);
  const run = await bench.apply(plan);
  assert.equal(whyFailed(run), '');
  assert.equal(run.end.kind, 'finished');
  assert.match(
    await bench.says('kvm-1', 'ip', '-o', '-4', 'addr', 'show', 'dev', 'cluster0', 'up'),
    /^3: cluster0 +inet 192\.168\.3\.1\/24 /,
  );
  assert.equal(
    await bench.says('kvm-2', 'sh', '-c', 'ls /sys/class/net'),
    'cluster0\neth0\neth2\nlo\n',
  );
  assert.match(await bench.says('kvm-2', 'getent', 'hosts', 'kvm-1-cluster'), /^192\.168\.3\.1 /);
  assert.deepEqual(
    (
      await bench.plan(
        clusterNetwork,
        { ...ANSWERS, nics: NAMES.map((name) => `${name}:cluster0`) },
        NAMES,
      )
    ).steps.map(({ kind }) => kind),
    ['look.confirm', 'look.confirm'],
  );

  assert.equal(whyFailed(await bench.undo(run)), '');
  assert.deepEqual(await states(bench), before);
});

test('a boot finds the card by its new name, with its address', async () => {
  const bench = await ShellFleet.start('calm');
  assert.equal(whyFailed(await bench.apply(await bench.plan(clusterNetwork, ANSWERS, NAMES))), '');
  kill(bench.fleet, 'kvm-2');
  assert.match(
    await bench.says('kvm-1', 'ping', '-c', '1', '-I', 'cluster0', '192.168.3.2'),
    / 100% packet loss/,
  );
  revive(bench.fleet, 'kvm-2');
  const back = machine(bench, 'kvm-2');
  for (let turn = 0; turn < 500 && !addressesOf(back).includes('192.168.3.2'); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(
    nicsOf(back)
      .map(({ name }) => name)
      .join(' '),
    'eth0 cluster0 eth2',
  );
  assert.match(
    await bench.says('kvm-1', 'ping', '-c', '1', '-I', 'cluster0', '192.168.3.2'),
    / 0% packet loss/,
  );
});

test('a cable that is pulled after the review: nothing is written down, and the run goes on once it is back', async () => {
  const bench = await ShellFleet.start('calm');
  const before = await states(bench);
  const plan = await bench.plan(clusterNetwork, ANSWERS, NAMES);
  const nic = nicNamed(machine(bench, 'kvm-2'), 'eth1');
  assert.ok(nic);
  const { cable } = nic;
  nic.cable = undefined;
  const run = await bench.apply(plan);
  assert.match(whyFailed(run), /192\.168\.3\.2 is silent/);
  assert.match(await bench.says('kvm-2', 'cat', '/sys/class/net/cluster0/carrier'), /^0$/m);
  const files = await Promise.all(FILES.map((path) => bench.says('kvm-1', 'cat', path)));
  assert.ok(files.every((text) => !text.includes('192.168.3')));

  nic.cable = cable;
  const again = await bench.resume(run);
  assert.equal(whyFailed(again), '');
  assert.equal(whyFailed(await bench.undo(again)), '');
  assert.deepEqual(await states(bench), before);
});

test('the card of the console’s own connection is not offered, its spare ones are', async () => {
  const bench = await ShellFleet.start('calm');
  const readers = bench.hosts.filter(({ name }) => NAMES.includes(name));
  const [nics] = (await clusterNetwork.begin(readers, wholeCluster)).questions({});
  assert.ok(nics?.kind === 'many');
  const gates = nics.choices.map(({ value, gate }) => [value, gate.open ? 'open' : gate.because]);
  assert.deepEqual(gates.slice(0, 3), [
    ['kvm-1:eth0', 'the console’s connection comes in through it'],
    ['kvm-1:eth1', 'open'],
    ['kvm-1:eth2', 'open'],
  ]);
});

test('a change that takes the console’s own card down is put back by the machine itself', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const plan = await bench.plan('drbd.cluster-network', NAMES, ANSWERS);
  const [first] = plan.steps;
  assert.equal(first?.kind, 'host.guarded-change');
  const set = (to: string): string[] => ['ip', 'link', 'set', 'dev', 'eth0', to];
  const params = {
    title: 'take the wrong card down',
    on: 'eth0',
    commands: [{ argv: set('down') }],
    shows: { argv: ['cat', '/sys/class/net/eth0/operstate'], expect: 'down' },
    undo: { says: 'take it up', argv: set('up') },
    seconds: 10,
  };
  const end = await bench.run(bench.journal({ ...plan, basis: [], steps: [{ ...first, params }] }));
  assert.match(
    end.kind === 'failed' ? end.failure.what : '',
    /no new connection to kvm-1 .*has put it back/,
  );
  assert.match(await bench.sh('kvm-1', 'cat /sys/class/net/eth0/operstate'), /^up$/m);
});
