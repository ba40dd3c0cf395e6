import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareGenerations } from '../../../source/stacks/drbd/generations.js';
import { parseDump, parseShow } from '../../../source/stacks/drbd/read/configuration.js';
import { parseDeviceNames } from '../../../source/stacks/drbd/read/device-names.js';
import { parseGetGi, parseShowGi } from '../../../source/stacks/drbd/read/generations.js';
import { parseKernelLog } from '../../../source/stacks/drbd/read/kernel-log.js';
import { parseMounts } from '../../../source/stacks/drbd/read/mounts.js';
import { parseProcDrbd } from '../../../source/stacks/drbd/read/proc.js';
import { parseStatusJson } from '../../../source/stacks/drbd/read/status-json.js';
import { fixture } from '../../support/recordings.js';

test('the status of DRBD 9 gives a resource, its volumes and its peers', () => {
  const result = parseStatusJson(fixture('drbd/drbd9-three-nodes/fiori/status-json.txt'));
  assert.ok(result.ok);
  const [data] = result.value.resources;
  assert.deepEqual(data?.volumes, [
    { volume: 0, minor: 1000, disk: 'UpToDate', client: false, quorum: true, sizeKiB: 10485404 },
  ]);
  assert.deepEqual(data.peers[0]?.volumes[0], {
    volume: 0,
    replication: 'SyncSource',
    disk: 'Inconsistent',
    client: false,
    resyncSuspended: 'no',
    outOfSyncKiB: 5257216,
    percentInSync: 49.86,
    percentDone: 49.86,
    secondsLeft: 51,
    kibPerSecond: 102400,
    stalled: false,
  });
  assert.equal(data.peers[1]?.volumes[0]?.client, true);
});

test('a status with missing and unknown fields is read as far as it goes', () => {
  const result = parseStatusJson('[{"name":"a","role":"Primary","new":{}},{"role":"Secondary"},7]');
  assert.ok(result.ok);
  assert.deepEqual(result.value.resources, [
    {
      name: 'a',
      nodeId: null,
      role: 'Primary',
      suspended: false,
      suspendedBy: [],
      volumes: [],
      peers: [],
    },
  ]);
  assert.deepEqual(result.unread, ['{"role":"Secondary"}', '7']);
});

test('the usage that DRBD 8.4 prints instead is no status', () => {
  assert.equal(parseStatusJson(fixture('drbd/calm/fiori/status-json.txt')).ok, false);
});

test('identifiers are read from get-gi and from the drawing of show-gi', () => {
  const line = 'FBFDB7E318FD19EB:989DBEDAAD7EA455:0000000000000000:0000000000000000:1:1:1:0:0:0:0';
  const plain = parseGetGi(`\n${line}\n`);
  const drawn = parseShowGi(
    `\n       +--<  Current data generation UUID  >-\n       V               V\n${line}\n   ^ ^ ^\n  -<  Data consistency flag  >--+ |\n\nflags: Primary, StandAlone, UpToDate\nmeta-data: need apply-al\nzero size device -- never seen peer yet?\nnews\n`,
  );
  assert.ok(plain.ok && drawn.ok);
  assert.equal(plain.value.current, 'FBFDB7E318FD19EB');
  assert.equal(plain.value.wasPrimary, true);
  assert.equal(plain.value.wasConnected, false);
  const { states, metaData, ...same } = drawn.value;
  assert.deepEqual(same, plain.value);
  assert.equal(states, 'Primary, StandAlone, UpToDate');
  assert.equal(metaData, 'need apply-al');
  assert.deepEqual(drawn.unread, ['news']);
});

test('DRBD 9 prints its flags in another order: those of the node, then those of the peer', () => {
  const ids = '717273716F6A5EA6:0F6DDBA72EB06B32:0000000000000000:0000000000000000';
  const read = (flags: string) => {
    const result = parseGetGi(`${ids}:${flags}\n`);
    assert.ok(result.ok);
    return result.value;
  };
  const connected = read('1:1:0:0:0:0:0:1:0:0:0:1');
  assert.deepEqual(
    [connected.wasConnected, connected.fullSync, connected.peerOutdated, connected.crashedPrimary],
    [true, false, false, false],
  );
  const crashed = read('1:1:1:1:0:0:0:0:1:0:0:1');
  assert.deepEqual(
    [crashed.wasConnected, crashed.fullSync, crashed.peerOutdated, crashed.crashedPrimary],
    [false, false, true, true],
  );
});

function generations(current: string, bitmap = '0', ...history: readonly string[]) {
  const word = (short: string) => short.padStart(16, '0');
  const all = [current, bitmap, history[0] ?? '0', history[1] ?? '0'].map(word).join(':');
  const result = parseGetGi(`${all}:1:1:0:0:0:0:0`);
  assert.ok(result.ok);
  return result.value;
}

test('two generations are judged as the driver would, without the bit that says Primary', () => {
  assert.equal(compareGenerations(generations('A1'), generations('A0')), 'same');
  assert.equal(compareGenerations(generations('B0', 'A0'), generations('A1')), 'ahead');
  assert.equal(compareGenerations(generations('A1'), generations('B0', 'A0')), 'behind');
  assert.equal(compareGenerations(generations('C0', 'B0', 'A0'), generations('A0')), 'ahead');
  assert.equal(compareGenerations(generations('B1', 'A1'), generations('C1', 'A0')), 'split');
  assert.equal(compareGenerations(generations('B1', '0', 'A0'), generations('C1', 'A0')), 'split');
  assert.equal(compareGenerations(generations('A0'), generations('B0')), 'unrelated');
});

test('a dump names the hosts of a resource, and which of them was asked', () => {
  const { value, unread } = parseDump(fixture('drbd/calm/torchio/dump.txt'));
  assert.deepEqual(unread, []);
  const [r0] = value;
  assert.equal(r0?.self?.name, 'torchio');
  assert.deepEqual(r0.self.volumes, [{ volume: 0, minor: 0, disk: '/dev/vdb' }]);
  assert.deepEqual(
    r0.others.map(({ name, address }) => [name, address]),
    [['fiori', '192.0.2.1:7788']],
  );
  assert.equal(r0.protocol, 'C');
  assert.equal(r0.allowTwoPrimaries, true);
});

test('a dump of DRBD 9 keeps addresses in its connections', () => {
  const { value } = parseDump(fixture('drbd/drbd9-three-nodes/fiori/dump.txt'));
  assert.deepEqual(
    value[0]?.others.map(({ name, nodeId, address }) => [name, nodeId, address]),
    [
      ['torchio', 1, '192.0.2.2:7000'],
      ['braciere', 2, '192.0.2.3:7000'],
    ],
  );
});

test('the kernel shows names, minors and disks, and peers while it has any', () => {
  const connected = parseShow(fixture('drbd/calm/fiori/show.txt'));
  const alone = parseShow(fixture('drbd/split-brain/fiori/show.txt'));
  const nine = parseShow(fixture('drbd/drbd9-three-nodes/fiori/show.txt'));
  assert.ok(connected.ok && alone.ok && nine.ok);
  assert.deepEqual(connected.value[0]?.self?.volumes, [{ volume: 0, minor: 0, disk: '/dev/vdb' }]);
  assert.equal(connected.value[0].others[0]?.address, '192.0.2.2:7788');
  assert.deepEqual(alone.value[0]?.others, []);
  assert.deepEqual(
    nine.value[0]?.others.map(({ name, address }) => [name, address]),
    [
      ['torchio', '192.0.2.2:7000'],
      ['braciere', '192.0.2.3:7000'],
    ],
  );
});

test('a link is a resource in 8.3 and a volume from 8.4 on', () => {
  const result = parseDeviceNames('r0 ../../drbd0\nbig/1 ../../../drbd12\nodd\n');
  assert.ok(result.ok);
  assert.deepEqual(result.value, [
    { resource: 'r0', volume: 0, minor: 0 },
    { resource: 'big', volume: 1, minor: 12 },
  ]);
  assert.deepEqual(result.unread, ['odd']);
});

test('blanks in mount points are unescaped', () => {
  const result = parseMounts('/dev/drbd0 /srv/a\\040b ext4 rw 0 0\n');
  assert.ok(result.ok);
  assert.deepEqual(result.value, [{ device: '/dev/drbd0', at: '/srv/a b', type: 'ext4' }]);
});

test('the kernel log is read in the words of 8.0, 8.4 and 9', () => {
  const result = parseKernelLog(
    [
      'drbd0: Split-Brain detected, dropping connection!',
      '[  344.605362] block drbd0: Split-Brain detected but unresolved, dropping connection!',
      '[  296.398076] block drbd3: Split-Brain detected, manually solved. Sync from peer node',
      '[ 1296.398076] drbd r0/0 drbd1000 torchio: Split-Brain detected but unresolved, dropping connection!',
      '[ 1297.000000] drbd r0 torchio: conn( Unconnected -> Connecting )',
      '[  202.462289] drbd data/0 drbd1000: drbd_bm_resize called with capacity == 524184',
      '[  202.455190] drbd data: Method to ensure write ordering: flush',
      '[  452.420572] drbd a:b/0 drbd1000 fiori: received new current UUID: 1D4FF80F84F34875 weak_nodes=FFFFFFFFFFFFFFFC',
      '[  426.780442] block drbd0: Different verify-alg settings. me="" peer="crc32c"',
      '[    0.000000] Command line: drbd.minor_count=8',
    ].join('\n'),
  );
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.map(({ at, resource, minor, peer, kind }) => [at, resource, minor, peer, kind]),
    [
      [null, null, 0, null, 'split brain'],
      [344.605362, null, 0, null, 'split brain'],
      [296.398076, null, 3, null, 'split brain solved'],
      [1296.398076, 'r0', 1000, 'torchio', 'split brain'],
      [1297, 'r0', null, 'torchio', 'other'],
      [202.462289, 'data', 1000, null, 'other'],
      [202.45519, 'data', null, null, 'other'],
      [452.420572, 'a:b', 1000, 'fiori', 'new generation'],
      [426.780442, null, 0, null, 'refused'],
      [null, null, null, null, 'other'],
    ],
  );
});

test('any bytes are answered in good time by every parser', () => {
  const parsers = [
    parseProcDrbd,
    parseStatusJson,
    parseGetGi,
    parseShowGi,
    parseShow,
    parseDump,
    parseDeviceNames,
    parseMounts,
    parseKernelLog,
  ];
  const size = 96 * 1024;
  const seeds = [
    ' ',
    '\t',
    '{',
    '}',
    '"',
    '#',
    'a/',
    '0:',
    '\n',
    ' 0: cs:',
    '[>',
    'drbd ',
    '-<  ',
    ',1',
    '\u0000',
  ];
  const start = process.hrtime.bigint();
  let total = 0;
  for (const parse of parsers) {
    for (const seed of seeds) {
      const text = seed.repeat(Math.ceil(size / seed.length));
      for (const whole of [text, ` 0: cs:${text}`]) {
        parse(whole);
        total += whole.length;
      }
    }
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  assert.ok(total / seconds > 1e6, `${Math.round(total / seconds)} bytes a second`);
});
