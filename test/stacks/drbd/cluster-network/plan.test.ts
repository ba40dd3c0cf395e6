import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Host } from '../../../../source/core/host.js';
import { clusterNetworkSpec as wizard } from '../../../../source/stacks/drbd/wizards/cluster-network/index.js';
import { draftText } from '../../../support/draft-text.js';
import { wholeCluster } from '../../../support/surroundings.js';

const golden = new URL('../../../../../test/stacks/drbd/cluster-network/plan.txt', import.meta.url);

const HOSTS = '127.0.0.1 localhost\n';

function file(path: string, text: string): string {
  return `file\t${path}\t${Buffer.from(text).toString('base64')}`;
}

/** A host with a card for the console, and two more. */
function hostWith(name: string, index: number, facts: readonly string[]): Host {
  const network = [
    `nic\teth0\t52:54:00:00:00:0${index}\t0\tphysical\t\t0x1003\t1\t1000\tvirtio_net`,
    `nic\teth1\t52:54:00:00:01:0${index}\t0\tphysical\t\t0x1002\t\t\tvirtio_net`,
    `nic\teth2\t52:54:00:00:02:0${index}\t0\tphysical\t\t0x1003\t1\t10000\tmlx5_core`,
    `nic\tbr0\t52:54:00:00:00:0${index}\t3\t\t\t0x1003\t1\t\t`,
    `address\teth0\t192.168.1.${index}/24`,
    'default\teth0',
    `reached\t192.168.1.${index}`,
    file('/etc/hosts', HOSTS),
    ...facts,
  ].join('\n');
  return {
    name,
    run: ({ argv }) =>
      Promise.resolve({
        kind: 'exited',
        code: 0,
        stdout: argv[0] === 'uname' ? `${name}.example.org\n` : network,
        stderr: '',
      }),
  };
}

const DEBIAN = ['udev\t252', 'initramfs\t/boot/initrd.img-6.1.0-13-amd64'];
const hosts = [
  hostWith('fiori', 1, [
    ...DEBIAN,
    'keeper\tifupdown',
    file('/etc/network/interfaces', 'auto lo\niface lo inet loopback\n'),
  ]),
  hostWith('torchio', 2, ['udev\t249', 'keeper\tnetplan', 'keeper\tnetworkd']),
  hostWith('meno', 3, ['udev\t219', 'keeper\tNetworkManager']),
  hostWith('vecchio', 4, ['udev\t151', 'keeper\tsystemd-networkd']),
  hostWith('nudo', 5, DEBIAN),
];
const dead: Host = {
  name: 'morto',
  run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
};
const all = wizard.look([...hosts, dead], wholeCluster);

const WHOLE = {
  nics: ['fiori:eth1', 'torchio:eth1', 'meno:eth1', 'vecchio:eth1'],
  name: 'cluster0',
  addresses: ['fiori', 'torchio', 'meno', 'vecchio'].map((host, index) => ({
    host,
    address: `192.168.3.${index + 1}/24`,
  })),
};

async function draftOf(answers: object) {
  return wizard.plan(await all, wizard.answers.parse(answers));
}

async function faultsOf(answers: object): Promise<readonly string[]> {
  const drafted = await draftOf(answers);
  return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
}

test('a name, an address and entries through four keepers of the network, as reviewed once', async () => {
  const drafted = await draftOf(WHOLE);
  assert.ok(drafted.ok, JSON.stringify(drafted));
  assert.equal(draftText(drafted.draft), readFileSync(golden, 'utf8'));
});

test('nothing is written down before all have seen each other', async () => {
  const drafted = await draftOf(WHOLE);
  assert.ok(drafted.ok);
  const { steps } = drafted.draft;
  const sights = steps.filter(({ kind }) => kind === 'look.confirm').map(({ id }) => id);
  assert.equal(sights.length, 4);
  const beneath = (id: string): ReadonlySet<string> => {
    const needs = steps.find((step) => step.id === id)?.needs ?? [];
    return new Set(needs.flatMap((one) => [one, ...beneath(one)]));
  };
  for (const step of steps.filter(({ kind }) => kind === 'file.edit')) {
    assert.deepEqual(
      sights.filter((id) => !beneath(step.id).has(id)),
      [],
      step.id,
    );
  }
});

test('the console’s own card, the default route and what is no card are closed with the reason', async () => {
  const [question] = wizard.questions(await all, {});
  assert.ok(question?.kind === 'many');
  const gates = question.choices
    .filter(({ value }) => value.startsWith('fiori:'))
    .map(({ value, gate }) => [value, gate.open ? 'open' : gate.because]);
  assert.deepEqual(gates, [
    ['fiori:eth0', 'the console’s connection comes in through it'],
    ['fiori:eth1', 'open'],
    ['fiori:eth2', 'open'],
    ['fiori:br0', 'it is no card: a bridge, bond, VLAN or tunnel'],
  ]);
  assert.match(question.explains, /morto could not be looked at: no route to host/);
});

test('addresses of different networks, twice the same, or in a network that is there are refused', async () => {
  const one = { nics: ['fiori:eth1', 'meno:eth1'] };
  const rows = (first: string, second: string) => ({
    ...one,
    addresses: [
      { host: 'fiori', address: first },
      { host: 'meno', address: second },
    ],
  });
  assert.deepEqual(await faultsOf(rows('10.9.0.1/24', '10.9.1.2/24')), [
    'addresses.1.address: 10.9.1.2/24 is in another network than 10.9.0.1/24',
  ]);
  assert.deepEqual(await faultsOf(rows('10.9.0.1/24', '10.9.0.1/24')), [
    'addresses.1.address: 10.9.0.1 stands there twice',
  ]);
  assert.deepEqual(await faultsOf(rows('192.168.1.77/24', '192.168.1.78/24')), [
    'addresses: fiori is in that network with eth0 already (192.168.1.1/24): which way would a packet go?',
    'addresses: meno is in that network with eth0 already (192.168.1.3/24): which way would a packet go?',
  ]);
  for (const address of ['10.0.0.0/24', '10.0.0.255/24', '10.0.0.1', '127.0.0.1/8', '1.2.3.4/33']) {
    assert.ok(!wizard.answers.safeParse(rows(address, '10.0.0.2/24')).success, address);
  }
});

test('a name that the kernel gives by itself is refused, and so is one that another card has', async () => {
  assert.match(
    (await faultsOf({ ...WHOLE, name: 'eth1' }))[0] ?? '',
    /a name that the kernel gives by itself/,
  );
  assert.match((await faultsOf({ ...WHOLE, name: 'br0' }))[0] ?? '', /another card is called br0/);
  assert.match((await faultsOf({ ...WHOLE, name: 'a name' }))[0] ?? '', /no name for an interface/);
});

test('a host whose network nobody known keeps is refused with its name', async () => {
  const answers = { nics: ['nudo:eth1'], addresses: [{ host: 'nudo', address: '10.9.0.5/24' }] };
  assert.match((await faultsOf(answers))[0] ?? '', /^nics: nudo: nobody is known here/);
});

test('a card that has an address keeps its name until the next boot', async () => {
  const used = hostWith('fiori', 1, [
    ...DEBIAN,
    'keeper\tsystemd-networkd',
    'address\teth2\t10.9.0.1/24',
  ]);
  const drafted = wizard.plan(
    await wizard.look([used], wholeCluster),
    wizard.answers.parse({
      nics: ['fiori:eth2'],
      name: 'cluster0',
      addresses: [{ host: 'fiori', address: '10.9.0.1/24' }],
    }),
  );
  assert.ok(drafted.ok, JSON.stringify(drafted));
  assert.deepEqual(
    drafted.draft.steps.map(({ kind }) => kind),
    ['file.edit', 'command.run', 'file.edit', 'file.edit'],
  );
  assert.deepEqual(drafted.draft.warnings, [
    'fiori: eth2 has an address, so it is not taken down: it is called cluster0 after the next boot.',
  ]);
});
