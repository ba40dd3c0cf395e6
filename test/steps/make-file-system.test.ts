import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host, Outcome } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { makeFileSystem } from '../../source/steps/make-file-system.js';

const UUID = '0b6de0ae-5f2a-4b39-9d7c-6a8f7a4a1c11';
const DEVICE = '/dev/disk/by-id/ata-CT250MX200SSD1_1537';
const FIELDS =
  'PKNAME="" TYPE="disk" RO="0" SIZE="250059350016" SERIAL="1537" WWN="0x500a07510f1b1537" MODEL="CT250MX200SSD1" TRAN="sata"';
const BLANK = [
  `asked sdi ${DEVICE}`,
  `device NAME="sdi" KNAME="sdi" ${FIELDS}`,
  'link ../../sdi ata-CT250MX200SSD1_1537',
  'number sdi 8:128',
];

/** A host that says these lines when it is asked for its block devices. */
function showing(...lines: readonly string[]): Host {
  return answering({ kind: 'exited', code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' });
}

function answering(outcome: Outcome): Host {
  return { name: 'xs-1', run: () => Promise.resolve(outcome) };
}

function built(name: string, type: string, on: string): string {
  return `device NAME="${name}" KNAME="${name}" PKNAME="${on}" TYPE="${type}" RO="0" SIZE="1000000" SERIAL="" WWN="" MODEL=""`;
}

function bound(more: Readonly<Record<string, Json>> = {}) {
  const params = {
    device: DEVICE,
    type: 'ext4',
    uuid: UUID,
    serial: '1537',
    wwn: '0x500a07510f1b1537',
    sizeBytes: 250059350016,
    accepted: [],
  };
  const step = makeFileSystem.bind({ ...params, ...more });
  assert.ok(step.ok);
  return step.step;
}

async function verdict(host: Host, more: Readonly<Record<string, Json>> = {}) {
  const found = await bound(more).check(host);
  return 'because' in found ? `${found.kind}: ${found.because}` : found.kind;
}

const EXT4 = ['probe sdi TYPE=ext4', `probe sdi UUID=${UUID}`];

test('a blank disk may be formatted', async () => {
  assert.equal(await verdict(showing(...BLANK)), 'notYet');
});

test('a disk that has the file system of the plan is done, also when it is mounted by now', async () => {
  assert.equal(await verdict(showing(...BLANK, ...EXT4)), 'done');
  const mounted = 'mount 36 35 8:128 / /mnt/a rw - ext4 /dev/sdi rw';
  assert.equal(await verdict(showing(...BLANK, ...EXT4, mounted)), 'done');
});

test('a file system whose making was killed is made again, and never taken for done', async () => {
  const xfs = ['probe sdi TYPE=xfs', `probe sdi UUID=${UUID}`];
  const half = showing(...BLANK, ...xfs, 'unfinished sdi');
  assert.equal(await verdict(half, { type: 'xfs' }), 'notYet');
  assert.equal(await verdict(showing(...BLANK, ...xfs), { type: 'xfs' }), 'done');
});

test('one that is still being made after the link was cut is left to end', async () => {
  const xfs = ['probe sdi TYPE=xfs', `probe sdi UUID=${UUID}`, 'unfinished sdi'];
  const running = showing(...BLANK, ...xfs, 'open sdi 4711 mkfs.xfs');
  assert.match(await verdict(running, { type: 'xfs' }), /refused: .*the process mkfs.xfs \(4711\)/);
});

test('what mkfs of another plan left is not this one’s to overwrite', async () => {
  const other = showing(...BLANK, 'probe sdi TYPE=xfs', 'probe sdi UUID=x', 'unfinished sdi');
  assert.match(await verdict(other, { type: 'xfs' }), /refused: it holds xfs/);
});

test('a disk with a signature needs that signature accepted by name', async () => {
  const host = showing(...BLANK, 'probe sdi TYPE=LVM2_member', 'probe sdi UUID=x');
  assert.match(await verdict(host), /refused: it holds LVM2_member/);
  assert.match(await verdict(host, { accepted: ['ext4'] }), /refused/);
  assert.equal(await verdict(host, { accepted: ['LVM2_member'] }), 'notYet');
});

test('a partition with data needs its own acceptance', async () => {
  const xfs = [built('sdi1', 'part', 'sdi'), 'signature sdi1 0x0,u,,xfs'];
  const host = showing(...BLANK, 'signature sdi 0x200,,,gpt', ...xfs);
  assert.match(await verdict(host, { accepted: ['gpt'] }), /holds xfs on sdi1/);
  assert.equal(await verdict(host, { accepted: ['gpt', 'xfs on sdi1'] }), 'notYet');
});

test('whatever came into use since the review is refused, accepted or not', async () => {
  const accepted = { accepted: ['ext4', 'mpath_member', 'LVM2_member', 'swap', 'zfs_member'] };
  const twin = built('sdj', 'disk', '').replace('WWN=""', 'WWN="0x500a07510f1b1537"');
  for (const [lines, why] of [
    [['mount 36 35 8:128 / /srv rw - ext4 /dev/sdi rw'], /mounted at \/srv/],
    [['mount 36 35 8:128 / /boot rw - ext4 /dev/sdi rw'], /the system runs from it \(\/boot\)/],
    [['swap /dev/sdi partition 1048572 0 -2'], /swap/],
    [[built('mpatha', 'mpath', 'sdi')], /path of the multipath map mpatha/],
    [['signature sdi 0x0,,,mpath_member'], /path of a multipath map/],
    [[built('dm-3', 'lvm', 'sdi')], /the logical volume dm-3 stands on it/],
    [[built('md0', 'raid1', ''), 'holder sdi md0'], /the RAID md0 stands on it/],
    [['user sdi an iSCSI or other export of LIO'], /in use by an iSCSI or other export of LIO/],
    [['user sdi an export of NVMe or SCST'], /in use by an export of NVMe or SCST/],
    [[built('loop3', 'loop', ''), 'file loop3 /dev/sdi'], /loop3 \(loop\) stands on it/],
    [['xen 8:80'], /in use by a virtual disk of a Xen machine/],
    [['user sdi a ZFS pool', 'signature sdi 0x3f000,,,zfs_member'], /in use by a ZFS pool/],
    [['user sdi a mounted btrfs'], /in use by a mounted btrfs/],
    [['open sdi 812 qemu-system-x86'], /the process qemu-system-x86 \(812\)/],
    [[twin], /sdj has the same id/],
  ] as const) {
    assert.match(await verdict(showing(...BLANK, ...lines), accepted), why);
  }
});

test('a process that only watches disks keeps nothing from being formatted', async () => {
  const watched = showing(...BLANK, 'open sdi 1 (udev-worker)', 'open sdi 2 smartd');
  assert.equal(await verdict(watched), 'notYet');
});

test('another disk behind the same name is refused: by serial, by WWN, by size', async () => {
  for (const [was, is] of [
    ['SERIAL="1537"', 'SERIAL="9999"'],
    ['0x500a07510f1b1537', '0x500a07510f1b9999'],
    ['250059350016', '250059350528'],
  ] as const) {
    const swapped = BLANK.map((line) => line.replace(was, is));
    assert.match(await verdict(showing(...swapped)), /another disk than reviewed/, was);
  }
});

test('a partition of a disk that is used as a whole, or that the system runs from, is refused', async () => {
  const part = `device NAME="sdi5" KNAME="sdi5" ${FIELDS.replace('PKNAME=""', 'PKNAME="sdi"').replace('disk', 'part')}`;
  const lines = [...BLANK.map((line) => line.replace('asked sdi', 'asked sdi5')), part];
  assert.equal(await verdict(showing(...lines)), 'notYet');
  const boots = [
    built('sdi1', 'part', 'sdi'),
    'number sdi1 8:129',
    'mount 1 0 8:129 / / rw - ext4 x rw',
  ];
  assert.match(
    await verdict(showing(...lines, ...boots)),
    /the system runs from its disk sdi \(\/\)/,
  );
  const exported = 'user sdi an iSCSI or other export of LIO';
  assert.match(await verdict(showing(...lines, exported)), /in use by an iSCSI/);
  assert.match(
    await verdict(showing(...lines, built('m', 'mpath', 'sdi'))),
    /path of the multipath map m/,
  );
});

test('a name that leads nowhere and a host that does not answer are refused', async () => {
  assert.match(await verdict(showing(...BLANK.slice(1))), /is not a block device/);
  assert.match(
    await verdict(answering({ kind: 'unreachable', reason: 'no route to host' })),
    /refused: no route to host/,
  );
});

test('what mkfs says of a disk that came into use in the last moment is explained', () => {
  const said = (stderr: string): string | undefined =>
    bound().explain({ kind: 'exited', code: 1, stdout: '', stderr });
  // Captured: mke2fs 1.47.0 and mkfs.xfs 6.1.0 on loop devices.
  for (const [stderr, why] of [
    [
      '/dev/loop0 is mounted; will not make a filesystem here!\n',
      /was mounted or swapped on after/,
    ],
    [
      'mkfs.xfs: /dev/loop0 contains a mounted filesystem\nUsage: mkfs.xfs\n',
      /was mounted or swapped on after/,
    ],
    [
      '/dev/loop0 is apparently in use by the system; will not make a filesystem here!\n',
      /taken into use after/,
    ],
    ['mkfs.xfs: cannot open /dev/loop0: Device or resource busy\n', /taken into use after/],
  ] as const) {
    assert.match(said(stderr) ?? '', why);
  }
  assert.equal(said('mkfs.ext4: No space left on device\n'), undefined);
});
