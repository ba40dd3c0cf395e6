import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reader } from '../../../../source/core/host.js';
import {
  driverOf,
  parseDrbdHost,
  sameNetwork,
} from '../../../../source/stacks/drbd/wizards/replicated-volume/host-facts.js';
import { look } from '../../../../source/stacks/drbd/wizards/replicated-volume/look.js';
import { wholeCluster } from '../../../support/surroundings.js';
import { answering, type Answers } from '../support.js';

/** As Debian 12 answered, shortened. */
const FACTS = [
  'uname fiori',
  'address eth0 10.0.2.15/24',
  'address eth2 192.0.2.129/25',
  'address bond0.5@bond0 10.5.0.1/16',
  'default eth0',
  'kernel 8.4.11',
  'utils 9.22.0',
  'minor 3',
  'minor 3',
  'port 0016',
  'port 1E6C',
  'file /etc/drbd.d/global_common.conf',
  'handler /usr/lib/drbd/notify-split-brain.sh',
].join('\n');

const DUMP = [
  '# resource small on fiori: not ignored, not stacked',
  '# defined at /etc/drbd.d/small.res:1',
  'resource small {',
  '    on fiori { volume 0 { device /dev/drbd3 minor 3; disk /dev/vg0/small; meta-disk internal; } address ipv4 192.0.2.129:7790; }',
  '    on torchio { volume 0 { device /dev/drbd3 minor 3; disk /dev/vg0/small; meta-disk internal; } address ipv4 192.0.2.130:7790; }',
  '    net { shared-secret hidden; }',
  '}',
].join('\n');

const VGS =
  "LVM2_VG_NAME='vg0' LVM2_VG_SIZE='532676608' LVM2_VG_FREE='465567744' LVM2_VG_MISSING_PV_COUNT='0' LVM2_VG_EXTENT_SIZE='4194304' LVM2_VG_UUID='AbCd'";
const LVS =
  "LVM2_VG_NAME='vg0' LVM2_LV_NAME='small' LVM2_LV_SIZE='67108864' LVM2_LV_ATTR='-wi-ao----' LVM2_SEGTYPE='linear' LVM2_ORIGIN=''";
const GLANCE =
  'from memory\ndevice NAME="vg0-small" KNAME="dm-0" PKNAME="" TYPE="lvm" RO="0" SIZE="67108864" SERIAL="" WWN="" MODEL=""';
const DEEP = `asked dm-0 /dev/mapper/vg0-small\n${GLANCE.replace('from memory\n', '')}\nsignature dm-0 0x3fff03c,2c7a,,drbd\nprobe dm-0 UUID=2c7ac131582688bf`;

const GOOD: Answers = {
  'uname -n': FACTS,
  'drbdadm sh-resources': 'small\n',
  'drbdadm dump': DUMP,
  '<<kept:': 'resource small { net { shared-secret <<kept:shared-secret:1>>; } }\n',
  'from memory': GLANCE,
  LVM_SUPPRESS: `${VGS}\n${LVS}`,
  'wipefs -n -p': DEEP,
  '/etc/fstab': '/dev/vda / ext4 noatime 0 0\n',
};

async function lookAt(change: Answers) {
  const [host] = (await look([answering('fiori', { ...GOOD, ...change })], wholeCluster)).hosts;
  assert.ok(host);
  return host;
}

test('a host is found with its networks, numbers in use, resources, groups and volumes', async () => {
  const host = await lookAt({});
  assert.ok(host.ok, host.ok ? '' : host.because);
  assert.deepEqual(host.facts.ports, [22, 7788]);
  assert.deepEqual(host.facts.minors, [3]);
  assert.deepEqual(
    host.facts.addresses.map(({ card, isDefault }) => [card, isDefault]),
    [
      ['eth0', true],
      ['eth2', false],
      ['bond0.5', false],
    ],
  );
  const [small] = host.resources;
  assert.deepEqual(
    [small?.name, small?.file, small?.others[0]?.name],
    ['small', '/etc/drbd.d/small.res', 'torchio'],
  );
  assert.match(small?.text ?? '', /<<kept:shared-secret:1>>/);
  const [volume] = host.volumes;
  assert.deepEqual(
    [volume?.name, volume?.holds, volume?.uuid],
    ['small', ['drbd'], '2c7ac131582688bf'],
  );
  assert.equal(host.groups[0]?.gate.open, true);
});

test('why a host cannot take part is said: too old, no module, no tools, a broken configuration', async () => {
  const because = async (change: Answers): Promise<string> => {
    const host = await lookAt(change);
    return host.ok ? '' : host.because;
  };
  const facts = (from: string, to: string): Answers => ({ 'uname -n': FACTS.replace(from, to) });
  assert.match(
    await because(facts('kernel 8.4.11', 'kernel 8.3.16')),
    /DRBD 8\.3\.16 is older than 8\.4/,
  );
  assert.match(await because(facts('kernel 8.4.11\n', '')), /its kernel has no DRBD/);
  assert.match(await because(facts('utils 9.22.0\n', '')), /drbd-utils are not installed/);
  assert.match(
    await because(facts('uname fiori', 'uname braciere\nudev fiori')),
    /renamed since it started.*udev still knows it as fiori.*systemctl restart systemd-udevd/,
  );
  assert.equal(await because(facts('uname fiori', 'uname fiori\nudev fiori')), '');
  const broken = { 'drbdadm dump': { code: 10, stderr: '' } };
  assert.match(await because(broken), /configuration does not work/);
});

test('a host that does not say its resources in time cannot take part: none are not guessed', async () => {
  const quick = answering('fiori', GOOD);
  const slow: Reader = {
    name: 'fiori',
    run: (command) =>
      command.argv.includes('sh-resources')
        ? Promise.resolve({
            kind: 'lost',
            why: 'deadline',
            reason: 'no answer in 20 s',
            stdout: '',
          })
        : quick.run(command),
  };
  const [host] = (await look([slow], wholeCluster)).hosts;
  assert.deepEqual(host?.ok === false && host.because, 'no answer in 20 s');
});

test('the driver’s generation decides how commands are written', () => {
  const of = (kernel: string) => driverOf(parseDrbdHost(`kernel ${kernel}`));
  assert.deepEqual(['8.3.16', '8.4.3', '8.4.11', '9.2.8'].map(of), [undefined, '8.4', '8.4', '9']);
});

test('addresses are in one network by their prefix', () => {
  const of = (address: string, prefix: number) => ({
    card: 'x',
    address,
    prefix,
    isDefault: false,
  });
  assert.ok(sameNetwork(of('192.0.2.129', 25), of('192.0.2.130', 25)));
  assert.ok(!sameNetwork(of('192.0.2.1', 25), of('192.0.2.130', 25)));
  assert.ok(!sameNetwork(of('10.0.0.1', 8), of('10.0.0.2', 24)));
});
