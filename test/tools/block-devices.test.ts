import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseBlockDevices, type BlockDevices } from '../../source/tools/block-devices.js';
import { stableId } from '../../source/tools/device-id.js';
import { diskOffers } from '../../source/tools/disk-offers.js';

const fiori = readFileSync(
  new URL('../../../fixtures/block-devices/fiori.txt', import.meta.url),
  'utf8',
);

function devices(text: string) {
  const read = parseBlockDevices(text);
  assert.ok(read.ok);
  return read;
}

/** How one host's disks are offered. */
function offersOf(devices: BlockDevices, neverTouch: readonly string[] = []) {
  return diskOffers(new Map([['xs-1', devices]]), neverTouch).get('xs-1') ?? [];
}

/** A disk sdx with these lines beside it, and how it is offered. */
function offered(...lines: readonly string[]): string {
  const fields = 'PKNAME="" TYPE="disk" RO="0" SIZE="4000787030016" SERIAL="S1" WWN="0x5000c500"';
  const disk = `device NAME="sdx" KNAME="sdx" ${fields} MODEL="ST4000"`;
  const { value } = devices(
    [disk, 'link /dev/sdx ata-ST4000_S1', 'number sdx 65:112', ...lines].join('\n'),
  );
  const offer = offersOf(value).find(({ device }) => device.kernelName === 'sdx');
  assert.ok(offer);
  return offer.because ?? (offer.holds.length > 0 ? `holds ${offer.holds.join(', ')}` : 'blank');
}

function built(name: string, type: string, on: string): string {
  return `device NAME="${name}" KNAME="${name}" PKNAME="${on}" TYPE="${type}" RO="0" SIZE="1000000" SERIAL="" WWN="" MODEL=""`;
}

test('a real machine is read whole: DRBD, LVM, a multipath map and its paths', () => {
  const { value, unread } = devices(fiori);
  assert.deepEqual(unread, []);
  const summary = offersOf(value).map(({ device, path, because, holds }) => [
    device.kernelName,
    path?.slice('/dev/disk/by-id/'.length),
    because ?? holds.join(','),
  ]);
  assert.deepEqual(summary, [
    ['sda', undefined, 'it is a path of the multipath map data'],
    ['dm-0', 'dm-uuid-mpath-360000000000000000e00000000020001', ''],
    ['sdb', 'scsi-SLAB_DISK_lab0001', 'it is a path of the multipath map data'],
    ['vda', 'virtio-lab-fiori-root', 'the system runs from it (/)'],
    ['vdb', 'virtio-lab-fiori-d1', 'DRBD drbd20 stands on it'],
    ['vdc', 'virtio-lab-fiori-d2', ''],
    ['vdd', 'virtio-lab-fiori-d3', 'the logical volume hfvg-data and DRBD drbd21 stand on it'],
  ]);
});

test('only a blank disk passes without an acceptance', () => {
  assert.equal(offered(), 'blank');
  assert.equal(offered('signature sdx 0x438,u,,ext4', 'probe sdx TYPE=ext4'), 'holds ext4');
  assert.equal(offered('signature sdx 0x218,u,,LVM2_member'), 'holds LVM2_member');
  assert.equal(offered('signature sdx 0x0,u,,ceph_bluestore'), 'holds ceph_bluestore');
  const gpt = ['signature sdx 0x200,,,gpt', built('sdx1', 'part', 'sdx')];
  assert.equal(offered(...gpt), 'holds gpt, data on sdx1');
  assert.equal(offered(...gpt, 'signature sdx1 0x0,u,a,b,xfs'), 'holds gpt, xfs on sdx1');
});

test('a disk in use is closed, whatever a person accepts', () => {
  const mount = (at: string) => `mount 36 35 65:112 / ${at} rw - ext4 /dev/sdx rw`;
  for (const [lines, because] of [
    [[mount('/srv/a\\040b')], 'it is mounted at /srv/a b'],
    [[mount('/boot/efi')], 'the system runs from it (/boot/efi)'],
    [['swap /dev/sdx partition 1048572 0 -2'], 'it is in use as swap'],
    [[built('md0', 'raid1', 'sdx')], 'the RAID md0 stands on it'],
    [[built('sdx1', 'part', 'sdx'), built('drbd1', 'disk', 'sdx1')], 'DRBD drbd1 stands on it'],
    [['mount 40 35 0:45 / /data rw - btrfs /dev/sdx rw'], 'it is mounted at /data'],
    [['user sdx a mounted btrfs'], 'it is in use by a mounted btrfs'],
    [
      ['user /dev/sdx an iSCSI or other export of LIO'],
      'it is in use by an iSCSI or other export of LIO',
    ],
    [['xen 41:70'], 'it is in use by a virtual disk of a Xen machine'],
    [['open sdx 812 qemu-system-x86'], 'it is in use by the process qemu-system-x86 (812)'],
  ] as const) {
    assert.equal(offered(...lines), because);
  }
});

test('a partition of the system deep beneath LVM closes its disk', () => {
  const lines = [
    built('sdx2', 'part', 'sdx'),
    built('dm-0', 'lvm', 'sdx2'),
    'number dm-0 253:0',
    'mount 1 0 253:0 / / rw - xfs /dev/mapper/cl-root rw',
  ];
  assert.equal(offered(...lines), 'the system runs from it (/)');
});

test('two disks with one id are not merged: neither is offered', () => {
  const twin = built('sdy', 'disk', '').replace('WWN=""', 'WWN="0x5000C500"');
  assert.match(offered(twin), /^sdy has the same id/);
});

test('the short name of an old lsblk, which LUNs of one array share, tells them apart by serial alone', () => {
  const lun = (name: string, serial: string) =>
    built(name, 'disk', '')
      .replace('WWN=""', 'WWN="0x6001405000000000"')
      .replace('SERIAL=""', `SERIAL="${serial}"`);
  const offers = (...serials: readonly [string, string]) =>
    offersOf(devices(`${lun('sdx', serials[0])}\n${lun('sdy', serials[1])}`).value)[0]?.because;
  assert.doesNotMatch(offers('A', 'B') ?? '', /same id/);
  assert.match(offers('A', 'A') ?? '', /sdy has the same id/);
  assert.match(offers('', '') ?? '', /sdy has the same id/);
});

test('a protected disk is never offered, whatever stands on it and whatever it is called', () => {
  const disk = `${built('sdx', 'disk', '').replace('SERIAL=""', 'SERIAL="S-1234"')}\nlink ../../sdx ata-X_S-1234`;
  for (const id of ['S-1234', 'ata-X_S-1234', '/dev/disk/by-id/ata-X_S-1234']) {
    const [offer] = offersOf(devices(disk).value, [id]);
    assert.equal(offer?.because, `it is on the never-touch list (${id})`);
  }
  assert.equal(offersOf(devices(disk).value, ['S-123'])[0]?.because, undefined);
});

test('a disk that another host uses is closed, and one that it only sees is told', () => {
  const lun = built('sdx', 'disk', '').replace(
    'WWN=""',
    'WWN="0x60a98000aabbccdd0011223344556677"',
  );
  const idle = devices(`${lun}\nlink ../../sdx wwn-0x60a98000aabbccdd0011223344556677`).value;
  const used = devices(`${lun.replaceAll('sdx', 'sdb')}\nopen sdb 7 tapdisk`).value;
  const offers = diskOffers(
    new Map([
      ['a', idle],
      ['b', used],
      ['c', idle],
    ]),
    [],
  );
  const because = 'b uses the same disk: the process tapdisk (7)';
  assert.equal(offers.get('a')?.[0]?.because, because);
  assert.deepEqual(
    offers.get('a')?.[0]?.elsewhere.map(({ host, device }) => `${host} ${device.kernelName}`),
    ['b sdb', 'c sdx'],
  );
});

test('a read-only disk and one that only udev knows for a path are closed', () => {
  const read = devices(
    'device NAME="sda" KNAME="sda" PKNAME="" TYPE="disk" RO="1" SIZE="1000" SERIAL="" WWN="" MODEL=""\n' +
      'device NAME="sdb" KNAME="sdb" PKNAME="" TYPE="disk" RO="0" SIZE="1000" SERIAL="" WWN="" MODEL="" FSTYPE="mpath_member"',
  );
  assert.deepEqual(
    offersOf(read.value).map(({ because }) => because),
    ['it is read-only', 'it is a path of a multipath map'],
  );
});

test('the name that stays with the disk is taken, never one of its contents', () => {
  assert.equal(stableId(['wwn-0x5', 'ata-ST4000_S1', 'scsi-35']), 'ata-ST4000_S1');
  assert.equal(stableId(['lvm-pv-uuid-x', 'dm-name-a']), undefined);
  assert.equal(
    stableId(['nvme-eui.0025', 'nvme-SAMSUNG_S1_1', 'nvme-SAMSUNG_S1']),
    'nvme-SAMSUNG_S1',
  );
  assert.equal(stableId(['ata-X-part1']), undefined);
});

test('what is no answer of the script is said to be none, and noise is told', () => {
  assert.equal(parseBlockDevices('').ok, false);
  assert.deepEqual(devices(`Welcome to fiori\n${fiori}`).unread, ['Welcome to fiori']);
});
