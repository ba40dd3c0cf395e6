import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../source/core/finding.js';
import { hostNode, StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { codes, nowOf, proc84, shown } from './support.js';

const CONNECTED = ' 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----';
const ALONE = ' 0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----';
const WAITING = ' 0: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----';
const LOG =
  '[  344.605362] block drbd0: Split-Brain detected but unresolved, dropping connection!\n';

test('one side alone proves a split brain by its kernel log', async () => {
  const now = await nowOf({
    fiori: { 'cat /proc/drbd': proc84(ALONE), 'drbdsetup show': shown('r0'), dmesg: LOG },
  });
  const [found] = drbd.diagnose(now);
  assert.equal(found?.code, 'DRBD_SPLIT_BRAIN');
  assert.deepEqual(found.remedies, ['drbd.split-brain']);
  assert.equal(found.ownCause, true);
});

test('a log that a later connection made void proves nothing', async () => {
  const later = `${LOG}[  400.0] block drbd0: conn( SyncTarget -> Connected ) \n`;
  const now = await nowOf({
    fiori: { 'cat /proc/drbd': proc84(ALONE), 'drbdsetup show': shown('r0'), dmesg: later },
  });
  assert.deepEqual(codes(now), ['DRBD_STANDALONE']);
  assert.match(drbd.diagnose(now)[0]?.means ?? '', /may be a split brain/);
});

test('identifiers of both sides outweigh an old log', async () => {
  const same = '989DBEDAAD7EA455:0000000000000000:0000000000000000:0000000000000000:1:1:1:0:0:0:0';
  const host = { 'drbdsetup show': shown('r0'), 'get-gi 0': same, dmesg: LOG };
  const now = await nowOf({
    fiori: { 'cat /proc/drbd': proc84(ALONE), ...host },
    torchio: { 'cat /proc/drbd': proc84(WAITING), ...host },
  });
  assert.deepEqual(codes(now), ['DRBD_STANDALONE']);
  assert.match(drbd.diagnose(now)[0]?.means ?? '', /no split brain/);
});

test('a host that is down explains why its peer waits', async () => {
  const now = await nowOf(
    {
      fiori: { 'cat /proc/drbd': proc84(WAITING), 'drbdsetup show': shown('r0') },
      torchio: { 'cat /proc/drbd': proc84(CONNECTED), 'drbdsetup show': shown('r0') },
    },
    ['torchio'],
  );
  const down: Finding = {
    code: 'HOST_DOWN',
    severity: 'alert',
    title: 'host down',
    subject: 'torchio',
    hosts: ['torchio'],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: [hostNode('torchio')],
    explains: true,
  };
  const judged = judge([...drbd.diagnose(now), down], new StorageGraph([drbd.graph(now)]));
  assert.deepEqual(
    judged.map(({ finding, causedBy }) => [finding.code, causedBy]),
    [
      ['DRBD_WAITING_FOR_PEER', 'HOST_DOWN/torchio'],
      ['HOST_DOWN', undefined],
    ],
  );
  const tones = drbd.pane.draw(now).rows.filter(({ hosts }) => hosts.join() === 'torchio');
  assert.ok(tones.every(({ cells }) => cells.every(({ tone }) => tone === 'unknown')));
});

test('an unknown peer disk is not told beside the lost connection', async () => {
  const now = await nowOf({
    fiori: { 'cat /proc/drbd': proc84(WAITING), 'drbdsetup show': shown('r0') },
  });
  assert.deepEqual(codes(now), ['DRBD_WAITING_FOR_PEER']);
});

test('a bad disk of a peer that is not watched is told by the side that sees it', async () => {
  const line = ' 0: cs:Connected ro:Primary/Secondary ds:UpToDate/Diskless C r-----';
  const fiori = { 'cat /proc/drbd': proc84(line), 'drbdsetup show': shown('r0') };
  assert.deepEqual(codes(await nowOf({ fiori })), ['DRBD_PEER_DISK']);
});

test('local disks are judged by their words', async () => {
  const table = {
    Failed: ['DRBD_DISK_FAILED', 'DRBD_NO_UPTODATE_COPY'],
    Diskless: ['DRBD_DISKLESS', 'DRBD_NO_UPTODATE_COPY'],
    Inconsistent: ['DRBD_INCONSISTENT', 'DRBD_NO_UPTODATE_COPY'],
    Outdated: ['DRBD_NO_UPTODATE_COPY', 'DRBD_OUTDATED'],
  };
  for (const [word, expected] of Object.entries(table)) {
    const line = ` 0: cs:WFConnection ro:Secondary/Unknown ds:${word}/DUnknown C r-----`;
    const fiori = { 'cat /proc/drbd': proc84(line), 'drbdsetup show': shown('r0') };
    const found = codes(await nowOf({ fiori }));
    assert.deepEqual(found, [...expected, 'DRBD_WAITING_FOR_PEER'].sort(), word);
  }
});

test('connections that broke, lag or are congested are judged by their words', async () => {
  const both = 'ro:Primary/Secondary ds:UpToDate';
  const table = [
    [`cs:NetworkFailure ${both}/DUnknown C r-----`, 'DRBD_NETWORK_FAILURE'],
    [`cs:Unconnected ${both}/DUnknown C r-----`, 'DRBD_NETWORK_FAILURE'],
    [`cs:Ahead ${both}/Consistent C r-----`, 'DRBD_AHEAD'],
    [`cs:Behind ${both}/UpToDate C r-----`, 'DRBD_BEHIND'],
    [`cs:Connected ${both}/UpToDate C r---n-`, 'DRBD_CONGESTED'],
    [`cs:Connected ${both}/UpToDate C s-----`, 'DRBD_IO_SUSPENDED'],
    [`cs:WFBitMapS ${both}/Consistent C r-----`, 'DRBD_SYNC_RUNNING'],
    [`cs:Dancing ${both}/UpToDate C r-----`, 'DRBD_UNKNOWN_STATE'],
  ];
  for (const [line, code] of table) {
    const fiori = { 'cat /proc/drbd': proc84(` 0: ${line}`), 'drbdsetup show': shown('r0') };
    assert.deepEqual(codes(await nowOf({ fiori })), [code], line);
  }
});

test('a resync that the kernel calls stalled is an alert', async () => {
  const text = [
    'version: 8.4.11 (api:1/proto:86-101)',
    ' 0: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----',
    "\t[=>..................] sync'ed: 11.0% (234068/262100)K",
    '\tfinish: 0:00:57 speed: 0 (0) want: 4,096 K/sec (stalled)',
  ].join('\n');
  const now = await nowOf({ fiori: { 'cat /proc/drbd': text, 'drbdsetup show': shown('r0') } });
  assert.deepEqual(codes(now), ['DRBD_SYNC_STALLED']);
  assert.equal(drbd.pane.running(now)[0]?.stalled, true);
});

test('devices without a name are joined by minor, and it is said', async () => {
  const fiori = { 'cat /proc/drbd': proc84(CONNECTED) };
  const now = await nowOf({ fiori, torchio: fiori });
  const [row, ...sides] = drbd.pane.draw(now).rows;
  assert.equal(row?.id, 'drbd0');
  assert.equal(sides.length, 2);
  const labels = row.details().blocks.map((block) => ('label' in block ? block.label : ''));
  assert.ok(labels.includes('Name not known'));
});

test('a resource that is really called drbd0 has a name', async () => {
  const fiori = { 'cat /proc/drbd': proc84(CONNECTED), 'drbdsetup show': shown('drbd0') };
  const [row] = drbd.pane.draw(await nowOf({ fiori })).rows;
  const labels = row?.details().blocks.map((block) => ('label' in block ? block.label : ''));
  assert.ok(labels !== undefined && !labels.includes('Name not known'));
});

test('two pairs of hosts may each have an r0 of their own', async () => {
  const side = (own: string, peer: string, line: string) => ({
    'cat /proc/drbd': proc84(line),
    'drbdsetup show': shown('r0'),
    'drbdadm dump': `# resource r0 on ${own}: not ignored, not stacked\nresource r0 {\n${[own, peer]
      .map((host) => `on ${host} { device /dev/drbd0 minor 0; disk /dev/vdb; }\n`)
      .join('')}}\n`,
    '/proc/mounts': '/dev/drbd0 /srv ext4 rw 0 0\n',
  });
  const second = ' 0: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----';
  const now = await nowOf({
    a1: side('a1', 'a2', CONNECTED),
    a2: side('a2', 'a1', second),
    b1: side('b1', 'b2', CONNECTED),
    b2: side('b2', 'b1', second),
  });
  assert.deepEqual(codes(now), []);
  const resources = drbd.pane.draw(now).rows.filter(({ depth }) => depth === undefined);
  assert.deepEqual(
    resources.map(({ id }) => id),
    ['r0 (a1, a2)', 'r0 (b1, b2)'],
  );
});

test('a broken file elsewhere takes neither the names nor the watch away', async () => {
  const says = "drbd.d/r1.res:4: Parse error: ';' expected,\n\tbut got 'disk' (TK 277)\n";
  const now = await nowOf({
    fiori: {
      'cat /proc/drbd': proc84(CONNECTED),
      'drbdsetup show': shown('r0'),
      'drbdadm dump': { code: 10, stderr: says },
    },
  });
  const [found, ...others] = drbd.diagnose(now);
  assert.equal(found?.code, 'DRBD_CONFIG_BROKEN');
  assert.match(found.says, /drbd\.d\/r1\.res:4: Parse error/);
  assert.deepEqual(others, []);
  assert.equal(drbd.pane.draw(now).rows[0]?.id, 'r0');
});

test('tools without any resource are no problem, loaded or not', async () => {
  const gone = { code: 1, stderr: 'cat: /proc/drbd: No such file or directory\n' };
  const now = await nowOf({
    kvm: { 'cat /proc/drbd': gone, 'drbdadm dump': '# /etc/drbd.conf\n' },
  });
  assert.deepEqual(codes(now), []);
  assert.equal(drbd.pane.summary(now).tone, 'muted');
});

test('DRBD 9: lost quorum, suspended I/O and peers that do not answer', async () => {
  const status = JSON.stringify([
    {
      name: 'data',
      'node-id': 0,
      role: 'Primary',
      suspended: true,
      devices: [{ volume: 0, minor: 1000, 'disk-state': 'UpToDate', quorum: false }],
      connections: [
        {
          name: 'torchio',
          'peer-node-id': 1,
          'connection-state': 'Connecting',
          'peer-role': 'Unknown',
          peer_devices: [{ volume: 0, 'replication-state': 'Off', 'peer-disk-state': 'DUnknown' }],
        },
      ],
    },
  ]);
  const proc = 'version: 9.2.8 (api:2/proto:86-122)\nTransports (api:20): tcp (9.2.8)\n';
  const now = await nowOf({ fiori: { 'cat /proc/drbd': proc, '--json': status } });
  assert.deepEqual(codes(now), ['DRBD_IO_SUSPENDED', 'DRBD_QUORUM_LOST', 'DRBD_WAITING_FOR_PEER']);
});

test('output that nobody understands is a notice with the lines', async () => {
  const text = `${proc84(CONNECTED)}and more\n`;
  const now = await nowOf({ fiori: { 'cat /proc/drbd': text, 'drbdsetup show': shown('r0') } });
  const [found] = drbd.diagnose(now);
  assert.equal(found?.code, 'DRBD_UNREAD');
  assert.deepEqual(found.evidence[0]?.lines, ['and more']);
});

test('what a host says cannot drive the terminal', async () => {
  const text = proc84(' 0: cs:Dan\u001b[2Jcing ro:Primary/Secondary ds:UpToDate/UpToDate C r-----');
  const now = await nowOf({
    fiori: { 'cat /proc/drbd': text, 'drbdsetup show': shown('r\u001b0') },
  });
  const { rows } = drbd.pane.draw(now);
  const drawn = JSON.stringify([rows, rows[0]?.details(), drbd.diagnose(now)].map((part) => part));
  const words = rows.flatMap(({ cells }) => cells.map(({ text: shownText }) => shownText)).join();
  assert.ok(!words.includes('\u001b'));
  assert.ok(words.includes('^['));
  assert.ok(drawn.length > 0);
});
