import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isConfigured, parseProcDrbd } from '../../../source/stacks/drbd/read/proc.js';

function read(text: string) {
  const result = parseProcDrbd(text);
  assert.ok(result.ok);
  return { ...result.value, unread: result.unread };
}

function device(text: string) {
  const found = read(text).devices[0];
  assert.ok(found && isConfigured(found));
  return found;
}

const HEAD84 = 'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n';

test('8.0 calls roles st:, and says nothing of blocks that differ', () => {
  const { version, devices, unread } = read(
    [
      'version: 8.0.16 (api:86/proto:86)',
      'GIT-hash: d30881451c988619e243d6294a899139eed1183d build by root@a, 2009-08-22 13:26:57',
      ' 0: cs:Connected st:Primary/Secondary ds:UpToDate/UpToDate C r---',
      '    ns:437 nr:0 dw:444 dr:674 al:10 bm:6 lo:0 pe:0 ua:0 ap:0',
      '\tresync: used:0/61 hits:0 misses:0 starving:0 dirty:0 changed:0',
      '\tact_log: used:0/257 hits:793 misses:10 starving:0 dirty:0 changed:10',
      '',
    ].join('\n'),
  );
  assert.equal(version, '8.0.16');
  assert.deepEqual(unread, []);
  assert.deepEqual(devices, [
    {
      minor: 0,
      connection: 'Connected',
      localRole: 'Primary',
      peerRole: 'Secondary',
      localDisk: 'UpToDate',
      peerDisk: 'UpToDate',
      protocol: 'C',
      flags: 'r---',
      outOfSyncKiB: null,
      counters: { ns: 437, nr: 0, dw: 444, dr: 674, al: 10, bm: 6, lo: 0, pe: 0, ua: 0, ap: 0 },
      writeOrder: null,
    },
  ]);
});

test('the progress of 8.0 stands before its resync: and act_log: lines', () => {
  const { sync } = device(
    [
      ' 0: cs:SyncTarget st:Secondary/Primary ds:Inconsistent/UpToDate C r---',
      '    ns:0 nr:300 dw:300 dr:0 al:0 bm:18 lo:160 pe:224 ua:160 ap:0',
      "\t[=>..................] sync'ed: 10.8% (2543056/2843380)K",
      '\tfinish: 0:12:42 speed: 3,212 (3,228) K/sec',
      '\tresync: used:1/61 hits:150527 misses:19 starving:0 dirty:0 changed:19',
    ].join('\n'),
  );
  assert.equal(sync?.leftKiB, 2543056);
  assert.equal(sync.secondsLeft, 762);
  assert.equal(sync.averageKibPerSecond, 3228);
});

test('a version line that is missing is null, not a failure', () => {
  const { version, devices } = read('GIT-hash: 5c9f build by a@b\n 1: cs:Unconfigured\n');
  assert.equal(version, null);
  assert.deepEqual(devices, [{ minor: 1, connection: 'Unconfigured' }]);
});

test('a StandAlone device has a blank where the protocol was', () => {
  const { protocol, flags } = device(
    `${HEAD84} 8: cs:StandAlone ro:Secondary/Unknown ds:UpToDate/DUnknown   r----s\n`,
  );
  assert.equal(protocol, null);
  assert.equal(flags, 'r----s');
});

test('blank lines stand for minors that are not there', () => {
  const { devices, unread } = read(
    `${HEAD84}\n 1: cs:Unconfigured\n\n 4: cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C r-----\n    ns:0 nr:0 dw:0 dr:200 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:1048320 \n`,
  );
  assert.deepEqual(
    devices.map(({ minor }) => minor),
    [1, 4],
  );
  assert.deepEqual(unread, []);
});

function progress(...lines: readonly string[]) {
  const states = ' 3: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent A r-----';
  const { sync } = device([states, ...lines].join('\n'));
  assert.ok(sync);
  return sync;
}

test('the driver of kernel 2.6.39 puts bar and rate on one line', () => {
  const sync = progress(
    "      [>....................] sync'ed:  2.4% (14996/15360)Mfinish: 0:04:08 speed: 61,736 (61,736) K/sec",
  );
  assert.equal(sync.leftKiB, 14996 * 1024);
  assert.equal(sync.secondsLeft, 248);
  assert.equal(sync.kibPerSecond, 61736);
});

test('100.0 % has no blank before it, and data may still be left', () => {
  const sync = progress("\t[===================>] sync'ed:100.0% (12/1048576)K");
  assert.equal(sync.percent, 100);
  assert.equal(sync.leftKiB, 12);
  assert.equal(sync.secondsLeft, null);
});

test('a rate may have three numbers, an aim, and the word that it stalled', () => {
  const sync = progress(
    "\t[=>..................] sync'ed: 11.0% (234068/262100)K",
    '\tfinish: 100:00:57 speed: 0 (1,024 -- 4,004) want: 61,440 K/sec (stalled)',
  );
  assert.equal(sync.kibPerSecond, 0);
  assert.equal(sync.averageKibPerSecond, 4004);
  assert.equal(sync.wantKibPerSecond, 61440);
  assert.equal(sync.secondsLeft, 360057);
  assert.equal(sync.stalled, true);
});

test('a verify is told from a resync', () => {
  const sync = progress(
    '\t[>....................] verified:  4.7% (249860/262100)K',
    '\tfinish: 0:01:00 speed: 4,080 (4,080) want: 4,096 K/sec',
  );
  assert.equal(sync.kind, 'verify');
});

test('DRBD 9 leaves a version and its transports there', () => {
  const { version, devices, transports } = read(
    'version: 9.2.8 (api:2/proto:86-122)\nGIT-hash: e163 build by @a\nTransports (api:20): tcp (9.2.8) lb-tcp (9.2.8) rdma (9.2.8)\n',
  );
  assert.equal(version, '9.2.8');
  assert.deepEqual(devices, []);
  assert.deepEqual(transports, ['tcp', 'lb-tcp', 'rdma']);
});

test('lines that are not understood are kept', () => {
  const { unread } = read(`${HEAD84} 0: cs:Connected something else\nwhat is this\n`);
  assert.deepEqual(unread, [' 0: cs:Connected something else', 'what is this']);
});

test('another text is not taken for /proc/drbd', () => {
  for (const text of ['', '\n', 'USAGE: drbdsetup\n', '{"a":1}']) {
    assert.equal(parseProcDrbd(text).ok, false, JSON.stringify(text));
  }
});
