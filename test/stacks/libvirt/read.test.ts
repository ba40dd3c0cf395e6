import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { guestFrom, networkFrom } from '../../../source/stacks/libvirt/read/definitions.js';
import {
  attribute,
  escapeXml,
  find,
  parseXml,
  textOf,
} from '../../../source/stacks/libvirt/read/xml.js';
import { guestSample, networkSample } from '../../../source/stacks/libvirt/samples.js';
import { atBoot, missingMount, mountOf } from '../../../source/stacks/libvirt/storage.js';
import { fstabEntries, parseFstab } from '../../../source/files/fstab.js';
import { parseMountLine } from '../../../source/tools/mountinfo.js';

test('elements, attributes and text are read; comments and instructions are passed over', () => {
  const xml = parseXml(
    `<?xml version='1.0'?>\n<!-- WARNING: <x> -->\n<a b='1 > 0' c="&lt;&#65;&#x42;&gt;"><d>x &amp; y</d><e/></a>\n`,
  );
  assert.deepEqual([attribute(xml, 'b'), attribute(xml, 'c')], ['1 > 0', '<AB>']);
  assert.equal(textOf(find(xml, 'd')), 'x & y');
  assert.ok(find(xml, 'e'));
});

test('what is not well-formed is nothing, whatever is missing', () => {
  const bad = ['', 'x', '<a>', '<a></b>', '<a b=1/>', '<a/><b/>', '<a', '<!-- ', '</a>', '<a <b/>'];
  for (const text of bad) assert.equal(parseXml(text), undefined, text);
  assert.equal(parseXml('<a>'.repeat(100_000)), undefined);
});

test('any text that is escaped comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const xml = parseXml(
        `<a b='${escapeXml(text)}' c="${escapeXml(text)}">[${escapeXml(text)}]</a>`,
      );
      assert.equal(attribute(xml, 'b'), text);
      assert.equal(attribute(xml, 'c'), text);
      assert.equal(textOf(xml), `[${text}]`);
    }),
  );
});

test('a guest stands on its image and on the one beneath it; an empty drive on nothing', () => {
  const guest = guestFrom(parseXml(guestSample), {
    state: 'paused (I/O error)',
    diskErrors: ['vda: no space'],
  });
  assert.deepEqual([guest?.state, guest?.reason], ['paused', 'I/O error']);
  assert.deepEqual(
    guest?.disks.map(({ target, device, sources }) => [target, device, sources.length]),
    [
      ['vda', 'disk', 2],
      ['sda', 'cdrom', 0],
    ],
  );
  assert.deepEqual(guest.disks[0]?.sources[1], {
    kind: 'file',
    path: '/srv/vms/base & more.qcow2',
  });
  assert.deepEqual(guest.networks, ['storage']);
});

test('a network without <forward> is isolated, one whose <forward> has no mode is NAT', () => {
  const isolated = networkFrom(parseXml(networkSample), new Map());
  assert.equal(isolated?.forward, 'isolated');
  assert.deepEqual(isolated.addresses, [
    {
      address: '192.168.10.1',
      prefix: 24,
      dhcp: { from: '192.168.10.128', to: '192.168.10.254' },
    },
  ]);
  const nat = networkSample.replace('<dns', '<forward/><dns');
  assert.equal(networkFrom(parseXml(nat), new Map())?.forward, 'nat');
});

/** A host's file systems from lines of mountinfo and fstab. */
function systems(points: readonly (readonly [string, string, string])[], fstab: string) {
  const mounts = points.flatMap(([point, type, source], at) => {
    return parseMountLine(`${at} 1 8:${at} / ${point} rw - ${type} ${source} rw`) ?? [];
  });
  return { mounts, fstab: fstabEntries(parseFstab(fstab)) };
}

test('storage is there at boot only where fstab mounts it before libvirtd starts', () => {
  const found = systems(
    [
      ['/', 'ext4', '/dev/sda1'],
      ['/vol/local', 'xfs', '/dev/mapper/vg0-local'],
      ['/vol/small', 'ocfs2', '/dev/drbd0'],
      ['/vol/late', 'ext4', '/dev/sdb'],
      ['/mnt/usb', 'ext4', '/dev/sdc'],
      ['/vol/rep', 'ext4', '/dev/drbd1'],
    ],
    [
      'UUID=1 / ext4 defaults 0 1',
      '/dev/mapper/vg0-local /vol/local xfs noatime 0 2',
      '/dev/drbd_small /vol/small ocfs2 _netdev,noatime 0 0',
      '/dev/sdb /vol/late ext4 noauto 0 0',
      'LABEL=rep /vol/rep ext4 defaults 0 0',
      'server:/x /vol/nfs nfs defaults 0 0',
      'server:/y /vol/auto nfs x-systemd.automount 0 0',
    ].join('\n'),
  );
  const says = (path: string) => {
    const boot = atBoot(found, path);
    return boot.there ? 'there' : boot.because;
  };
  assert.equal(says('/var/lib/libvirt/images'), 'there');
  assert.equal(says('/vol/local/images'), 'there');
  assert.equal(says('/vol/auto'), 'there');
  assert.match(says('/vol/small'), /lies on DRBD/);
  assert.match(says('/vol/rep/x'), /lies on DRBD/);
  assert.match(says('/vol/late'), /noauto/);
  assert.match(says('/mnt/usb/iso'), /not in fstab/);
  assert.match(says('/vol/nfs'), /is nfs/);
});

test('a folder of a file system that fstab has and that is not mounted lies on the one beneath', () => {
  const found = systems([['/', 'ext4', '/dev/sda1']], '/dev/drbd0 /srv/vms ocfs2 _netdev 0 0\n');
  assert.equal(missingMount(found, '/srv/vms/images')?.target, '/srv/vms');
  assert.equal(missingMount(found, '/srv/vms2'), undefined);
  assert.equal(mountOf(found, '/srv/vms')?.point, '/');
});
