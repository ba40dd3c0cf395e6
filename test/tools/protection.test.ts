import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../source/core/host.js';
import type { Touch } from '../../source/core/touch.js';
import { storageProtection } from '../../source/tools/protection.js';

const LUN = '/dev/disk/by-id/wwn-0x600140500000000000000000000000a1';
const WWN = '0x600140500000000000000000000000a1';

/** A device as lsblk lists it. */
function device(name: string, more: Readonly<Record<string, string>> = {}): string {
  const all = { PKNAME: '', TYPE: 'disk', RO: '0', SIZE: '1000000', SERIAL: '', WWN: '', ...more };
  const fields = Object.entries(all).map(([key, value]) => `${key}="${value}"`);
  return `device NAME="${name}" KNAME="${name}" ${fields.join(' ')}`;
}

/** Whole of a disk: a partition, LVM upon it with a volume, and names of all kinds. */
const SYSTEM = [
  device('sda', { SERIAL: 'WD-77', WWN: '0x50014ee2b1a2c3d4', TRAN: 'sata' }),
  'link ../../sda ata-WDC_WD40_WD-77',
  'link ../../sda wwn-0x50014ee2b1a2c3d4',
  device('sda2', { PKNAME: 'sda', TYPE: 'part' }),
  'link ../../sda2 ata-WDC_WD40_WD-77-part2',
  device('dm-0', { PKNAME: 'sda2', TYPE: 'lvm' }),
  'link ../../dm-0 dm-uuid-LVM-abc',
  device('sda5', { PKNAME: 'sda', TYPE: 'part' }),
];

function says(name: string, ...lines: readonly string[]): Reader {
  return answers(name, { kind: 'exited', code: 0, stdout: lines.join('\n'), stderr: '' });
}

function answers(name: string, outcome: Outcome): Reader {
  return { name, run: () => Promise.resolve(outcome) };
}

async function forbidden(
  neverTouch: readonly string[],
  touch: Touch,
  host: Reader,
  ...others: readonly Reader[]
): Promise<string> {
  const hosts = new Map([host, ...others].map((one) => [one.name, one]));
  return (
    (await storageProtection(neverTouch)([touch], host.name, hosts))?.because ?? 'may be touched'
  );
}

const overwrites = (path: string): Touch => ({ kind: 'overwrites', path });

test('a protected disk is refused by each of its ids, whichever path the plan names it by', async () => {
  const alias = '/dev/disk/by-path/pci-0000:00:17.0-ata-2';
  const host = says('a', `asked sda ${alias}`, ...SYSTEM);
  for (const id of [
    'ata-WDC_WD40_WD-77',
    '/dev/disk/by-id/ata-WDC_WD40_WD-77',
    'wwn-0x50014ee2b1a2c3d4',
    '0x50014EE2B1A2C3D4',
    'naa.50014ee2b1a2c3d4',
    '350014ee2b1a2c3d4',
    'scsi-350014ee2b1a2c3d4',
    'WD-77',
  ]) {
    assert.equal(
      await forbidden([id], overwrites(alias), host),
      `${alias} (sda) is on the cluster's never-touch list (${id})`,
    );
  }
  for (const id of [
    'ata-WDC_WD40_WD-78',
    '0x50014ee2b1a2c3d5',
    'WD-7',
    'sda',
    '0x0000000000000000',
  ]) {
    assert.equal(await forbidden([id], overwrites(alias), host), 'may be touched', id);
  }
});

test('what stands on a protected disk, and what a protected volume stands on, is refused too', async () => {
  for (const [asked, id, touch] of [
    ['dm-0 /dev/vg/lv', 'WD-77', overwrites('/dev/vg/lv')],
    ['dm-0 /dev/vg/lv', 'WD-77', { kind: 'uses', path: '/dev/vg/lv' }],
    ['sda2 vg:vg', 'ata-WDC_WD40_WD-77', { kind: 'volume-group', name: 'vg' }],
    ['dm-0 at:/srv', '0x50014ee2b1a2c3d4', { kind: 'mount-point', path: '/srv' }],
    ['dm-0 in:/srv/sr', 'WD-77', { kind: 'folder', path: '/srv/sr' }],
    ['sda /dev/x', 'dm-uuid-LVM-abc', overwrites('/dev/x')],
    ['sda /dev/x', 'ata-WDC_WD40_WD-77-part2', overwrites('/dev/x')],
  ] as const) {
    const host = says('a', `asked ${asked}`, ...SYSTEM);
    assert.match(await forbidden([id], touch, host), /is on the cluster's never-touch list/, id);
  }
  const beside = says('a', 'asked sda5 /dev/x', ...SYSTEM);
  const part = 'ata-WDC_WD40_WD-77-part2';
  assert.equal(await forbidden([part], overwrites('/dev/x'), beside), 'may be touched');
});

test('a path of a protected multipath map is refused, also where udev gave its names to the map', async () => {
  const map = [
    device('sdc', { WWN, TRAN: 'iscsi' }),
    device('dm-1', { PKNAME: 'sdc', TYPE: 'mpath' }),
    'link ../../dm-1 dm-uuid-mpath-3600140500000000000000000000000a1',
  ];
  for (const id of [
    'dm-uuid-mpath-3600140500000000000000000000000a1',
    '3600140500000000000000000000000a1',
    WWN,
  ]) {
    for (const name of ['sdc', 'dm-1']) {
      const host = says('a', `asked ${name} /dev/x`, ...map);
      assert.match(
        await forbidden([id], overwrites('/dev/x'), host),
        /never-touch/,
        `${id} ${name}`,
      );
    }
  }
});

test('the disk that the system runs from is protected without being listed, by any path and part', async () => {
  const root = ['number dm-0 253:0', 'mount 1 0 253:0 / / rw - ext4 /dev/mapper/vg-root rw'];
  for (const name of ['sda', 'sda2', 'sda5', 'dm-0']) {
    const host = says('a', `asked ${name} /dev/disk/by-path/x`, ...SYSTEM, ...root);
    assert.match(
      await forbidden([], overwrites('/dev/disk/by-path/x'), host),
      /belongs to the disk that the system runs from \(\/\)/,
      name,
    );
  }
});

test('a volume beside the system in one volume group may be made: nothing of the system is written on', async () => {
  const root = ['number dm-0 253:0', 'mount 1 0 253:0 / / rw - ext4 /dev/mapper/vg-root rw'];
  const spare = device('dm-7', { PKNAME: 'sda2', TYPE: 'lvm' });
  const host = says('a', 'asked sda2 vg:vg', 'asked dm-7 /dev/vg/new', ...SYSTEM, spare, ...root);
  assert.equal(await forbidden([], { kind: 'volume-group', name: 'vg' }, host), 'may be touched');
  assert.equal(await forbidden([], overwrites('/dev/vg/new'), host), 'may be touched');
});

test('a LUN that another host uses is refused, with the host, its name for it, and who uses it', async () => {
  const lun = (name: string) => device(name, { WWN, TRAN: 'iscsi' });
  const host = says('a', `asked sdb ${LUN}`, lun('sdb'));
  for (const [lines, because] of [
    [['number sdq 65:0', 'mount 1 0 65:0 / /vms rw - ext4 x rw'], 'mounted at /vms'],
    [['open sdq 812 qemu-kvm'], 'the process qemu-kvm (812)'],
    [['number sdq 65:0', 'xen 41:0'], 'a virtual disk of a Xen machine'],
    [
      [device('dm-4', { NAME: 'vg-vms', PKNAME: 'sdq', TYPE: 'lvm' }), 'open dm-4 7 tapdisk'],
      'the logical volume vg-vms, the volume group vg and the process tapdisk (7)',
    ],
    [['number sdq 65:0', 'mount 1 0 65:0 / / rw - ext4 x rw'], 'mounted at /'],
  ] as const) {
    assert.equal(
      await forbidden([], overwrites(LUN), host, says('b', lun('sdq'), ...lines)),
      `${LUN}: b uses the same disk: ${because}`,
    );
  }
  assert.equal(await forbidden([], overwrites(LUN), host, says('b', lun('sdq'))), 'may be touched');
});

test('a map on this host and one on the other are the same LUN by its name', async () => {
  const map = (path: string) => [
    device(path, { WWN, TRAN: 'fc' }),
    device('dm-9', { PKNAME: path, TYPE: 'mpath' }),
    'link ../../dm-9 dm-uuid-mpath-3600140500000000000000000000000a1',
  ];
  const used = device('dm-10', { PKNAME: 'dm-9', TYPE: 'lvm' });
  const host = says('a', `asked dm-9 ${LUN}`, ...map('sdb'));
  assert.match(
    await forbidden([], overwrites(LUN), host, says('b', ...map('sdx'), used)),
    /b uses the same disk: the logical volume dm-10/,
  );
  const idle = says('b', ...map('sdx'));
  assert.equal(await forbidden([], overwrites(LUN), host, idle), 'may be touched');
});

test('short names that an old lsblk prints of two LUNs of one array do not make them one', async () => {
  const short = { WWN: '0x6001405000000000', TRAN: 'iscsi' };
  const host = says('a', `asked sdb ${LUN}`, device('sdb', short));
  const other = says('b', device('sdq', short), 'open sdq 812 qemu-kvm');
  assert.equal(await forbidden([], overwrites(LUN), host, other), 'may be touched');
});

test('where lsblk tells only half of the name, udev’s link has the whole', async () => {
  const short = { WWN: '0x6001405000000000', TRAN: 'iscsi' };
  const link = (name: string) => `link ../../${name} wwn-${WWN}`;
  const host = says('a', `asked sdb ${LUN}`, device('sdb', short), link('sdb'));
  const other = says('b', device('sdq', short), link('sdq'), 'open sdq 812 qemu-kvm');
  assert.match(await forbidden([], overwrites(LUN), host, other), /b uses the same disk/);
});

test('what cannot be judged is refused: this host, or another that may use the same disk', async () => {
  const gone = (name: string) => answers(name, { kind: 'unreachable', reason: 'no route to host' });
  assert.match(
    await forbidden([], overwrites(LUN), gone('a')),
    /cannot be judged: no route to host/,
  );
  const host = says('a', `asked sdb ${LUN}`, device('sdb', { WWN, TRAN: 'iscsi' }));
  assert.match(
    await forbidden([], overwrites(LUN), host, gone('b')),
    /whether b uses the same disk cannot be told: no route to host/,
  );
  const local = says('a', `asked sda ${LUN}`, ...SYSTEM);
  assert.equal(await forbidden([], overwrites(LUN), local, gone('b')), 'may be touched');
});

test('a name that would forge the host’s answer is refused, and without a list nothing else is asked', async () => {
  const silent = answers('a', { kind: 'unreachable', reason: 'no route to host' });
  const forged = overwrites('/dev/sda\nasked sdb /dev/sda');
  assert.match(await forbidden([], forged, says('a', ...SYSTEM)), /is no name of a device/);
  assert.equal(await forbidden([], { kind: 'uses', path: '/dev/drbd0' }, silent), 'may be touched');
  assert.match(
    await forbidden(['WD-77'], { kind: 'uses', path: '/dev/drbd0' }, silent),
    /no route/,
  );
});

test('a path that leads to no block device forbids nothing: its step finds that out itself', async () => {
  assert.equal(
    await forbidden(['WD-77'], overwrites('/dev/null'), says('a', ...SYSTEM)),
    'may be touched',
  );
});
