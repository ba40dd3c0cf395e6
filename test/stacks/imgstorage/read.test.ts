import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDatabase } from '../../../source/stacks/imgstorage/read/database.js';
import { parseLocal } from '../../../source/stacks/imgstorage/read/local.js';
import {
  parseMapperInfo,
  parseMapperStatus,
  parseMapperTable,
} from '../../../source/tools/mapper.js';
import { parseListeners, parseQueues } from '../../../source/stacks/imgstorage/read/queue.js';
import {
  parseAttributes,
  parseStorageDevices,
  parseStorageMap,
  parseVmNas,
} from '../../../source/stacks/imgstorage/read/rocks.js';
import { parseSqlDump } from '../../../source/stacks/imgstorage/read/sql-dump.js';
import { parseTargets } from '../../../source/tools/tgt-targets.js';
import { parsePermissions } from '../../../source/tools/zfs.js';
import {
  storageDevicesSample,
  storageMapSample,
  targetsSample,
} from '../../../source/stacks/imgstorage/samples.js';
import type { Parsed } from '../../../source/core/parsed.js';

function whole<T>(result: Parsed<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.unread, []);
  return result.value;
}

/** The same in the layout of today's roll. */
const storageMapSampleToday = [
  'ZVOL                  ZPOOL REMOTEHOST  REMOTEPOOL TARGET                                        STATE         TIME    NEXTSYNC     LOCKED',
  'vm-hpcdev-pub03-1-vol tank  compute-0-3 tank2      iqn.2001-04.com.nas-0-0-vm-hpcdev-pub03-1-vol mapped        ------- ------------ True  ',
  'vm-hpcdev-pub03-5-vol tank  compute-0-3 tank2      --------------------------------------------- NAS<-VM sched 0:00:07 ------------ ------',
  'vm-hpcdev-pub03-0-vol tank  compute-0-1 tank2      --------------------------------------------- mapped        ------- Thu 14:02.11 ------',
  '',
].join('\n');

test('both layouts of the storage map are read by their headings', () => {
  const old = whole(parseStorageMap(storageMapSample));
  assert.deepEqual(
    old.map(({ zvol, host, zpool, state, seconds }) => [zvol, host, zpool, state, seconds]),
    [
      ['vol1', null, null, 'unmapped', null],
      ['hpcdev-pub03-vol', 'hpcdev-pub02', 'tank', 'mapped', null],
      ['vm-hpcdev-pub03-0-vol', 'compute-0-1', 'tank', 'mapped', null],
      ['vm-hpcdev-pub03-3-vol', 'compute-0-3', 'tank', 'NAS->VM', 4],
    ],
  );
  const today = whole(parseStorageMap(storageMapSampleToday));
  assert.deepEqual(
    today.map(({ host, remotePool, state, next, locked }) => [
      host,
      remotePool,
      state,
      next,
      locked,
    ]),
    [
      ['compute-0-3', 'tank2', 'mapped', null, true],
      ['compute-0-3', 'tank2', 'NAS<-VM sched', null, false],
      ['compute-0-1', 'tank2', 'mapped', 'Thu 14:02.11', false],
    ],
  );
});

test('with the map of several NAS the first column is theirs', () => {
  const text = ['NAS      ZVOL ZPOOL STATE   ', 'nas-0-0: vol1 tank  unmapped', ''].join('\n');
  assert.equal(whole(parseStorageMap(text))[0]?.zvol, 'vol1');
});

test('titles and cells with blanks keep together in a list of devices', () => {
  const devices = whole(parseStorageDevices(storageDevicesSample));
  assert.deepEqual(
    devices.map(({ disk, started, synced, seconds }) => [disk, started, synced, seconds]),
    [
      ['sdd', null, '32/73400320 32', null],
      ['sdc', true, '8950592/73400320 17472', 2196],
      [null, null, null, null],
    ],
  );
});

test('a blank of another kind parts two titles as a space does', () => {
  const mapped = parseVmNas('VM-HOST\tNAS     ZPOOL\nvm-1:\tnas-0-0 tank\n');
  assert.ok(mapped.ok);
  assert.deepEqual(mapped.unread, []);
});

test('a table that is none says so, an empty one is empty, a line out of its columns is unread', () => {
  assert.deepEqual(whole(parseStorageMap('')), []);
  assert.equal(parseStorageMap('Traceback (most recent call last):\n').ok, false);
  const odd = parseVmNas(
    ['VM-HOST NAS     ZPOOL', 'a-very-long-name: nas-0-0 tank twice', ''].join('\n'),
  );
  assert.deepEqual(odd.ok && [odd.value, odd.unread], [
    [],
    ['a-very-long-name: nas-0-0 tank twice'],
  ]);
});

test('a virtual machine without a NAS has none, and attributes may hold blanks', () => {
  const text = [
    'VM-HOST        NAS     ZPOOL',
    'compute-0-0-0: nas-0-0 tank ',
    'compute-0-1-0: ------- -----',
    '',
  ].join('\n');
  assert.deepEqual(
    whole(parseVmNas(text)).map(({ vm, nas }) => [vm, nas]),
    [
      ['compute-0-0-0', 'nas-0-0'],
      ['compute-0-1-0', null],
    ],
  );
  const attributes = [
    'HOST     ATTR       VALUE     SOURCE',
    'nas-0-0: img_zpools tank, b   H     ',
    '',
  ].join('\n');
  assert.equal(whole(parseAttributes(attributes))[0]?.value, 'tank, b');
});

test('any text and number in a table of SQLite comes back as it was', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 5 }), (rows) => {
      const literal = (one: string | number | null): string =>
        one === null
          ? 'NULL'
          : typeof one === 'number'
            ? String(one)
            : `'${one.replaceAll("'", "''")}'`;
      const text = [
        'CREATE TABLE t(\n a TEXT PRIMARY KEY NOT NULL,\n b TEXT, UNIQUE(b));',
        ...rows.map((row) => `INSERT INTO "t" VALUES(${row.map(literal).join(',')});`),
        'COMMIT;',
      ].join('\n');
      const { tables } = whole(parseSqlDump(text));
      assert.deepEqual(
        tables.get('t')?.map(({ a, b }) => [a, b]),
        rows,
      );
    }),
  );
});

test('a dump that was cut off is none', () => {
  const text = 'CREATE TABLE t(a TEXT);\nINSERT INTO t VALUES(1);\n';
  assert.equal(parseSqlDump(text).ok, false);
  assert.equal(parseSqlDump(`${text}ROLLBACK; -- due to errors\n`).ok, false);
  assert.equal(parseSqlDump(`${'('.repeat(50_000)}${"'".repeat(50_001)}`).ok, false);
});

test('rows of a shape that is not known are unread, and the others are kept', () => {
  const made = 'CREATE TABLE zvol_calls(zvol TEXT, reply_to TEXT, time INT);';
  const rows = [
    "INSERT INTO zvol_calls VALUES('a','q',1.5);",
    "INSERT INTO zvol_calls VALUES(NULL,'q','x');",
  ];
  const result = parseDatabase(['-- now 7', made, ...rows, 'COMMIT;', ''].join('\n'));
  assert.ok(result.ok);
  assert.deepEqual(result.value.nas?.locks, [{ zvol: 'a', replyTo: 'q', since: 1.5 }]);
  assert.deepEqual([result.value.at, result.unread], [7, ['zvol_calls: null|q|x']]);
});

test('the status of a snapshot is a filling or the kernel’s word, and names may hold colons', () => {
  const text = [
    'a:b-snap: 0 100 snapshot-merge 9099712/73400320 17760',
    'vol-snap: 0 100 snapshot Overflow',
    'old-snap: 0 100 snapshot Merge failed',
    'root: 0 100 linear ',
    '',
  ].join('\n');
  assert.deepEqual(
    [...whole(parseMapperStatus(text))],
    [
      ['a:b-snap', { kind: 'filled', allocated: 9099712, total: 73400320, metadata: 17760 }],
      ['vol-snap', { kind: 'broken', word: 'Overflow' }],
      ['old-snap', { kind: 'broken', word: 'Merge failed' }],
    ],
  );
  assert.deepEqual(whole(parseMapperTable('No devices found\n')), []);
  const table = whole(parseMapperTable('v-snap: 0 64 snapshot 8:32 230:16 P 16\n'));
  assert.deepEqual(table, [
    { name: 'v-snap', sectors: 64, target: 'snapshot', beneath: ['8:32', '230:16'] },
  ]);
  const info = whole(parseMapperInfo('v-snap|1|LIsw|253|2\nw|0|L--w|253|3\n'));
  assert.deepEqual(
    info.map(({ open, suspended }) => [open, suspended]),
    [
      [1, true],
      [0, false],
    ],
  );
});

test('a target has its stores without tgtd’s own controller, and who is logged in', () => {
  assert.deepEqual(whole(parseTargets(targetsSample)), [
    {
      tid: 2,
      name: 'iqn.2001-04.com.nas-0-0-vol1',
      state: 'ready',
      initiators: [
        {
          name: 'iqn.1994-05.com.redhat:1b4dd1d6a5c7',
          alias: 'compute-0-3.local',
          addresses: ['10.1.255.250'],
        },
      ],
      stores: ['/dev/tank/vol1'],
      allowed: ['10.1.255.250'],
    },
  ]);
});

test('of the permissions only those count that hold for what lies beneath the pool too', () => {
  const text = [
    '== tank',
    '---- Permissions on tank ---------------------------------------------',
    'Local permissions:',
    '\tuser img-storage destroy',
    'Local+Descendent permissions:',
    '\tuser img-storage create,send',
    '\tgroup wheel mount',
    '== other',
    '',
  ].join('\n');
  const found = whole(parsePermissions(text));
  assert.deepEqual(
    found.map(({ pool, users }) => [pool, [...(users.get('img-storage') ?? [])]]),
    [
      ['tank', ['create', 'send']],
      ['other', []],
    ],
  );
});

test('each kind of section that zfs allow prints is known, and a set stands for what is in it', () => {
  // As OpenZFS 2.1 printed it.
  const text = [
    '== fast',
    '---- Permissions on fast ---------------------------------------------',
    'Permission sets:',
    '\t@all @some,send',
    '\t@some create,destroy,@all',
    'Create time permissions:',
    '\tsnapshot',
    'Local permissions:',
    '\tuser img-storage rollback',
    'Descendent permissions:',
    '\tuser img-storage rename',
    'Local+Descendent permissions:',
    '\tuser img-storage @all,hold',
    '\tgroup users send',
    '\teveryone receive',
    '',
  ].join('\n');
  const [fast] = whole(parsePermissions(text));
  const has = fast?.users.get('img-storage') ?? new Set();
  assert.deepEqual(
    [...has].filter((one) => !one.startsWith('@')),
    ['hold', 'send', 'create', 'destroy'],
  );
});

test('what Python wrote of nothing into the configuration is nothing', () => {
  const text = [
    'role nas',
    'service tgtd 3',
    'config [ {',
    'config "name" : "nas-0-0", "network" : "local",',
    'config "default_pool" : "None", "img_sync_workers" : "8"',
    'config } ]',
    '',
  ].join('\n');
  const facts = whole(parseLocal(text));
  assert.deepEqual(facts.config, { name: 'nas-0-0', network: 'local', pool: '', workers: '8' });
  assert.deepEqual([...facts.services], [['tgtd', 'stopped']]);
});

test('headings of any version of rabbitmqctl are passed over', () => {
  const queues =
    'Listing queues for vhost img-storage ...\nname\tmessages\tconsumers\nnas-0-0\t2\t1\n...done.\n';
  assert.deepEqual(whole(parseQueues(queues)), [{ name: 'nas-0-0', messages: 2, consumers: 1 }]);
  const bindings = '\tamq.gen-x\tamq.gen-x\nrocks.vm-manage\tamq.gen-x\tnas-0-0\n';
  assert.deepEqual([...whole(parseListeners(bindings))], [['nas-0-0', 'amq.gen-x']]);
});
