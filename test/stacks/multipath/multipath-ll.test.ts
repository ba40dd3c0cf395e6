import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMultipathList } from '../../../source/stacks/multipath/multipath-ll.js';
import type { MultipathMap } from '../../../source/stacks/multipath/map.js';

function read(text: string): { maps: readonly MultipathMap[]; unread: readonly string[] } {
  const result = parseMultipathList(text);
  assert.ok(result.ok, JSON.stringify(result));
  return { maps: result.value, unread: result.unread };
}

function pathsOf(map: MultipathMap | undefined): string[] {
  return (map?.groups ?? []).flatMap((group) =>
    group.paths.map((p) =>
      [p.hctl, p.device, p.devt, p.dmState, p.checkerState, p.deviceState].join('|'),
    ),
  );
}

const TREE = `dados (360000000000000000e00000000020001) dm-0 LAB,DISCO
size=512M features='1 queue_if_no_path' hwhandler='0' wp=rw
|-+- policy='service-time 0' prio=50 status=active
| \`- 2:0:0:1 sda 8:0  active ready  running
\`-+- policy='service-time 0' prio=10 status=enabled
  \`- 3:0:0:1 sdb 8:16 failed faulty running
`;

test('a map of the tree grammar is read with all its fields', () => {
  const { maps, unread } = read(TREE);
  assert.deepEqual(unread, []);
  assert.deepEqual(maps, [
    {
      alias: 'dados',
      wwid: '360000000000000000e00000000020001',
      dm: 'dm-0',
      vendor: 'LAB',
      product: 'DISCO',
      action: null,
      sizeBytes: 512 * 1024 ** 2,
      features: '1 queue_if_no_path',
      hwhandler: '0',
      queueing: true,
      retry: null,
      access: 'rw',
      groups: [
        {
          policy: 'service-time 0',
          priority: 50,
          state: 'active',
          paths: [
            {
              hctl: '2:0:0:1',
              device: 'sda',
              devt: '8:0',
              dmState: 'active',
              checkerState: 'ready',
              deviceState: 'running',
            },
          ],
        },
        {
          policy: 'service-time 0',
          priority: 10,
          state: 'enabled',
          paths: [
            {
              hctl: '3:0:0:1',
              device: 'sdb',
              devt: '8:16',
              dmState: 'failed',
              checkerState: 'faulty',
              deviceState: 'running',
            },
          ],
        },
      ],
    },
  ]);
});

test('the grammar with brackets is read, also where the indentation was lost', () => {
  const { maps, unread } = read(
    [
      'db (360a9800057396d4e4a5a623454317175) dm-5 NETAPP,LUN',
      '[size=200G][features=1 queue_if_no_path][hwhandler=0][rw]',
      '\\_ round-robin 0 [prio=8][active]',
      ' \\_ 0:0:0:0 sda 8:0   [active][ready]',
      '\\_ 1:0:0:0 sde 8:64  [failed][faulty]',
      '\\_ round-robin 0 [enabled]',
      '\\_ #:#:#:# gnbd2 252:2 [active][undef]',
    ].join('\n'),
  );
  assert.deepEqual(unread, []);
  const [map] = maps;
  assert.deepEqual(
    [map?.sizeBytes, map?.queueing, map?.access, map?.product],
    [200 * 1024 ** 3, true, 'rw', 'LUN'],
  );
  assert.deepEqual(
    map?.groups.map((g) => [g.policy, g.priority, g.state, g.paths.length]),
    [
      ['round-robin 0', 8, 'active', 2],
      ['round-robin 0', null, 'enabled', 1],
    ],
  );
  assert.deepEqual(pathsOf(map), [
    '0:0:0:0|sda|8:0|active|ready|',
    '1:0:0:0|sde|8:64|failed|faulty|',
    '#:#:#:#|gnbd2|252:2|active|undef|',
  ]);
});

test('the oldest grammar has no dm name, quotes, a blank in the size, and states the other way round', () => {
  const { maps } = read(
    [
      'mpath1 (3600d0230003228bc000339414edb8101)',
      '[size=10 GB][features="0"][hwhandler="0"]',
      '\\_ round-robin 0 [prio=1][active]',
      ' \\_ 2:0:0:6 sdb 8:16 [ready ][active]',
    ].join('\n'),
  );
  const [map] = maps;
  assert.deepEqual(
    [map?.dm, map?.vendor, map?.sizeBytes, map?.features, map?.queueing, map?.access],
    [null, null, 10 * 1024 ** 3, '0', false, null],
  );
  assert.deepEqual(pathsOf(map), ['2:0:0:6|sdb|8:16|active|ready|']);
});

test('states of two words, unknown devices and padded columns are split right', () => {
  const { maps } = read(
    [
      'm (3600) dm-1 COMPELNT,Compellent Vol',
      "size=1.5T features='0' hwhandler='1 alua' wp=ro",
      "`-+- policy='queue-length 0' prio=-1 status=active",
      '  |- 1:0:0:1085620243 sdaa 65:160  active i/o pending running',
      '  |- #:#:#:# -    8:48    failed undef unknown',
      '  `- 1:0:0:3          sdb  8:16    failed i/o timeout offline',
    ].join('\n'),
  );
  assert.deepEqual(pathsOf(maps[0]), [
    '1:0:0:1085620243|sdaa|65:160|active|i/o pending|running',
    '#:#:#:#||8:48|failed|undef|unknown',
    '1:0:0:3|sdb|8:16|failed|i/o timeout|offline',
  ]);
  assert.equal(maps[0]?.product, 'Compellent Vol');
});

test('WWIDs with blanks, actions and colours of a terminal are understood', () => {
  const attributes = "size=16G features='0' hwhandler='0' wp=rw";
  const { maps, unread } = read(
    [
      '1IET     00080007 dm-19 IET,VIRTUAL-DISK',
      attributes,
      'reload: \x1b[1mmpatha (1IET     00080001) dm-0 IET ,VIRTUAL-DISK\x1b[0m',
      attributes,
      ': QEMU_HARDDISK_38 dm-2 ATA,QEMU HARDDISK',
      attributes,
      'create: new (36001) undef IBM,2145',
      attributes,
      'empty (36002) dm-7 ##,##',
      attributes,
    ].join('\n'),
  );
  assert.deepEqual(unread, []);
  assert.deepEqual(
    maps.map((m) => [m.action, m.alias, m.wwid, m.dm, m.vendor]),
    [
      [null, '1IET     00080007', '1IET     00080007', 'dm-19', 'IET'],
      ['reload', 'mpatha', '1IET     00080001', 'dm-0', 'IET'],
      [null, 'QEMU_HARDDISK_38', 'QEMU_HARDDISK_38', 'dm-2', 'ATA'],
      ['create', 'new', '36001', null, 'IBM'],
      [null, 'empty', '36002', 'dm-7', null],
    ],
  );
});

test('a native NVMe map is read; its size is in sectors', () => {
  const { maps, unread } = read(
    [
      'uuid.9c3f [nvme]:nvme0n1 NVMe,INTEL SSDPEDMD400G4,8DV10171',
      "size=781422768 features='n/a' hwhandler='n/a' wp=rw",
      "|-+- policy='n/a' prio=50 status=optimized",
      '| `- 0:0:1    nvme0c0n1 0:0 n/a n/a live',
      "`-+- policy='n/a' prio=n/a status=n/a",
      '  `- 0:1:1    nvme0c1n1 0:0 n/a n/a connecting',
    ].join('\n'),
  );
  assert.deepEqual(unread, []);
  assert.deepEqual([maps[0]?.dm, maps[0]?.sizeBytes], ['nvme0n1', 781422768 * 512]);
  assert.deepEqual(pathsOf(maps[0]), [
    '0:0:1|nvme0c0n1|0:0|n/a|n/a|live',
    '0:1:1|nvme0c1n1|0:0|n/a|n/a|connecting',
  ]);
});

test('no maps is an empty text, and messages alone are no map', () => {
  assert.deepEqual(read(''), { maps: [], unread: [] });
  const log = 'Oct 28 14:02:44 | DM multipath kernel driver not loaded';
  assert.deepEqual(read(`${log}\n`), { maps: [], unread: [log] });
});

test('a text of another kind is refused at its first line', () => {
  const result = parseMultipathList('\nversion: 8.4.11 (api:1/proto:86-101)\n');
  assert.deepEqual(result.ok ? 'read' : result.line, 2);
});

const NOISE = fc.constantFrom(
  'Oct 28 14:02:44 | sdc: alua not supported',
  '155.181840 | /etc/multipath.conf line 3, invalid keyword: x',
  'sdc: no usable paths found',
  'error calling out /sbin/scsi_id for dm-3 blah',
  'multipathd> show topology',
  '===== paths list =====',
  'ux_socket_connect: (timeout)',
);

test('messages anywhere between the lines change nothing and are all given back', () => {
  const lines = TREE.trimEnd().split('\n');
  const gaps = fc.array(fc.array(NOISE, { maxLength: 2 }), {
    minLength: lines.length,
    maxLength: lines.length,
  });
  const clean = read(TREE).maps;
  fc.assert(
    fc.property(gaps, (noise) => {
      const { maps, unread } = read(
        lines.flatMap((line, i) => [...(noise[i] ?? []), line]).join('\n'),
      );
      assert.deepEqual(maps, clean);
      assert.deepEqual([...unread].sort(), noise.flat().sort());
    }),
  );
});

test('every line of any text is either part of a map or given back', () => {
  const piece = fc.oneof(
    fc.constantFrom(...TREE.trimEnd().split('\n'), '[size=1G][rw]', ' \\_ 1:0:0:0 sda 8:0 [x]'),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\r]/g, ' ')),
    NOISE,
  );
  fc.assert(
    fc.property(fc.array(piece), (lines) => {
      const result = parseMultipathList(lines.join('\n'));
      if (!result.ok) return;
      const used = result.value.reduce((sum, map) => sum + linesOfMap(map), 0);
      const full = lines.filter((line) => line.replace(/\x1b\[[0-9;]*m/g, '').trim() !== '');
      assert.equal(used + result.unread.length, full.length);
    }),
  );
});

/** Its first line and its attributes, its groups and their paths. */
function linesOfMap({ groups }: MultipathMap): number {
  return 2 + groups.reduce((sum, group) => sum + 1 + group.paths.length, 0);
}
