import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  interfaceAddresses,
  parseInterfaces,
  withStaticAddress,
} from '../../source/files/interfaces.js';

const PROXMOX = `# The loopback
auto lo
iface lo inet loopback

iface eno1 inet manual

auto vmbr0
iface vmbr0 inet static
\taddress 192.168.1.5
\tnetmask 255.255.254.0
\tgateway 192.168.1.1
\tbridge-ports eno1
#\taddress 10.0.0.1/8

allow-hotplug eth1
iface eth1 inet static
  address 10.1.1.1/24 # no comment, it belongs to the value
iface eth1 inet6 static
  address fd00::1/64
source /etc/network/interfaces.d/*
`;

test('stanzas, what is brought up at boot, and addresses in both ways of writing them', () => {
  const file = parseInterfaces(PROXMOX);
  assert.deepEqual(file.auto, ['lo', 'vmbr0', 'eth1']);
  assert.deepEqual(
    file.stanzas.map(({ name, family, method }) => `${name} ${family} ${method}`),
    [
      'lo inet loopback',
      'eno1 inet manual',
      'vmbr0 inet static',
      'eth1 inet static',
      'eth1 inet6 static',
    ],
  );
  assert.deepEqual(interfaceAddresses(file, 'vmbr0'), ['192.168.1.5/23']);
  assert.deepEqual(interfaceAddresses(file, 'eno1'), []);
});

test('a line that ends with a backslash goes on', () => {
  const file = parseInterfaces(
    'auto a \\\n  b\niface b inet \\\n static\n address \\\n 10.0.0.2/24\n',
  );
  assert.deepEqual(file.auto, ['a', 'b']);
  assert.deepEqual(interfaceAddresses(file, 'b'), ['10.0.0.2/24']);
});

test('what follows another kind of stanza belongs to no interface', () => {
  const file = parseInterfaces('iface a inet static\nmapping eth0\n address 10.0.0.3/24\n');
  assert.deepEqual(interfaceAddresses(file, 'a'), []);
});

test('a stanza is added at the end, every byte before it kept, and is found there again', () => {
  for (const text of ['', 'auto lo\n', 'auto lo', PROXMOX, 'a\n\n']) {
    const after = withStaticAddress(text, 'cluster0', '192.168.3.6/24');
    assert.ok(after.startsWith(text));
    const file = parseInterfaces(after);
    assert.deepEqual(interfaceAddresses(file, 'cluster0'), ['192.168.3.6/24']);
    assert.ok(file.auto.includes('cluster0'));
  }
});

test('what could end a line is refused', () => {
  for (const name of ['a b', 'a\nb', 'a#', 'a\\', '']) {
    assert.throws(() => withStaticAddress('', name, '10.0.0.1/24'), RangeError);
  }
});
