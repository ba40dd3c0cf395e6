import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import {
  keptAddress,
  networkCommand,
  parseNetwork,
  persistentName,
  type Network,
  type Nic,
} from '../../source/steps/network/index.js';

function file(path: string, text: string): string {
  return `file\t${path}\t${Buffer.from(text).toString('base64')}`;
}

const NIC = 'nic\teth1\t52:54:00:aa:bb:01\t0\tphysical\t\t0x1003\t1\t1000\te1000';

function network(...facts: readonly string[]): Network & { readonly eth1: Nic } {
  const seen = parseNetwork([NIC, ...facts].join('\n'));
  const [eth1] = seen.nics;
  assert.ok(eth1);
  return { ...seen, eth1 };
}

test('the script runs in a POSIX shell, and this machine’s own interfaces are understood', () => {
  const [program = '', ...args] = networkCommand.argv;
  const seen = parseNetwork(execFileSync(program, args, { encoding: 'utf8' }));
  const shown = execFileSync('sh', ['-c', 'cat /sys/class/net/*/address'], { encoding: 'utf8' });
  for (const { name, mac } of seen.nics) assert.ok(shown.includes(mac), name);
  assert.ok(seen.texts.get('/etc/hosts')?.includes('localhost'));
});

test('a card is told with its link, its master and its addresses; loopback and what has no MAC are left out', () => {
  const seen = parseNetwork(
    [
      NIC,
      'nic\tlo\t00:00:00:00:00:00\t0\t\t\t0x9\t1\t\t',
      'nic\ttun0\t\t0\t\t\t0x1091\t1\t10\t',
      'nic\teth2\t52:54:00:AA:BB:02\t3\tphysical\tbond0\t0x1803\t0\t-1\te1000',
      'address\teth1\t10.0.0.1/24',
      'address\teth1\t10.0.0.9/24',
      'default\teth1',
    ].join('\n'),
  );
  assert.deepEqual(seen.nics, [
    {
      name: 'eth1',
      mac: '52:54:00:aa:bb:01',
      ownMac: true,
      physical: true,
      up: true,
      addresses: ['10.0.0.1/24', '10.0.0.9/24'],
      isDefault: true,
      carrier: true,
      speed: 1000,
      driver: 'e1000',
    },
    {
      name: 'eth2',
      mac: '52:54:00:aa:bb:02',
      ownMac: false,
      physical: true,
      up: true,
      addresses: [],
      isDefault: false,
      master: 'bond0',
      carrier: false,
      driver: 'e1000',
    },
  ]);
});

test('of several keepers the one that rules the others is taken', () => {
  const keepers = (...names: readonly string[]) =>
    network(...names.map((name) => `keeper\t${name}`)).keeper;
  assert.equal(keepers('netplan', 'systemd-networkd', 'ifupdown'), 'netplan');
  assert.equal(keepers('NetworkManager', 'ifupdown'), 'NetworkManager');
  assert.equal(keepers('ifupdown'), 'ifupdown');
  assert.equal(keepers(), undefined);
});

test('a card that a file names already is left alone, or refused where it says another name', () => {
  const link = (name: string) =>
    file(
      '/etc/systemd/network/70-x.link',
      `[Match]\nMACAddress=52:54:00:AA:BB:01\n[Link]\nName=${name}\n`,
    );
  const same = network('udev\t252', link('cluster0'));
  assert.deepEqual(persistentName(same, same.eth1, 'cluster0'), { steps: [], warnings: [] });
  const other = network('udev\t252', link('backlan'));
  assert.deepEqual(persistentName(other, other.eth1, 'cluster0'), {
    refused: '/etc/systemd/network/70-x.link names the card with 52:54:00:aa:bb:01 already',
  });
  const taken = network(
    'udev\t252',
    file(
      '/etc/systemd/network/70-x.link',
      '[Match]\nMACAddress=02:00:00:00:00:09\n[Link]\nName=cluster0\n',
    ),
  );
  assert.deepEqual(persistentName(taken, taken.eth1, 'cluster0'), {
    refused: '/etc/systemd/network/70-x.link gives cluster0 to another card',
  });
});

test('an old host’s rule for the card is changed where it stands', () => {
  const rule = (mac: string, name: string) =>
    `SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="${mac}", ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="${name}"`;
  const text = `# PCI device\n${rule('52:54:00:aa:bb:01', 'eth1')}\n${rule('02:00:00:00:00:02', 'eth2')}\n`;
  const old = network('udev\t151', file('/etc/udev/rules.d/70-persistent-net.rules', text));
  const part = persistentName(old, old.eth1, 'cluster0');
  assert.ok('steps' in part);
  assert.deepEqual(part.steps[0]?.params, {
    path: '/etc/udev/rules.d/70-persistent-net.rules',
    before: text,
    after: text.replace('NAME="eth1"', 'NAME="cluster0"'),
  });
});

test('an interface that a file gives another address already is refused, with what it says', () => {
  const text = 'auto eth1\niface eth1 inet static\n address 10.5.5.5/24\n';
  const held = network('keeper\tifupdown', file('/etc/network/interfaces.d/eth1', text));
  assert.deepEqual(keptAddress(held, 'eth1', '192.168.3.6/24'), {
    refused: '/etc/network/interfaces.d/eth1 says otherwise of eth1: 10.5.5.5/24',
  });
  assert.deepEqual(keptAddress(held, 'eth1', '10.5.5.5/24'), { steps: [], warnings: [] });
});

test('an address that is kept but not taken at boot is told', () => {
  const text = 'iface eth1 inet static\n address 10.5.5.5\n netmask 255.255.255.0\n';
  const held = network('keeper\tifupdown', file('/etc/network/interfaces', text));
  assert.deepEqual(keptAddress(held, 'eth1', '10.5.5.5/24'), {
    steps: [],
    warnings: ['/etc/network/interfaces has eth1, but no `auto eth1`: it is down after a boot'],
  });
});
