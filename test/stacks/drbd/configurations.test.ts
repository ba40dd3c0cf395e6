import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { differences, settingsInDump } from '../../../source/stacks/drbd/read/settings.js';
import { codes, nowOf, proc84, shown } from './support.js';

const CONNECTED = ' 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----';

function dump(host: string, net: string, common = '', startup = ''): string {
  const on = (name: string, ip: string) =>
    `on ${name} { device /dev/drbd0 minor 0; disk /dev/vdb; meta-disk internal; address ipv4 ${ip}:7788; }`;
  return `common { ${common} }\n# resource r0 on ${host}: not ignored, not stacked\n# defined at /etc/drbd.d/r0.res:1\nresource r0 { ${on('fiori', '192.0.2.1')} ${on('torchio', '192.0.2.2')} net { ${net} } ${startup} }\n`;
}

function answers(text: string) {
  return {
    'cat /proc/drbd': proc84(CONNECTED),
    'drbdsetup show': shown('r0'),
    'drbdadm dump': text,
  };
}

const both = (fiori: string, torchio: string) =>
  nowOf({ fiori: answers(fiori), torchio: answers(torchio) });

test('files that differ are told while all is connected, with both values', async () => {
  const now = await both(dump('fiori', ''), dump('torchio', 'verify-alg crc32c;'));
  const [found] = drbd.diagnose(now);
  assert.equal(found?.code, 'DRBD_CONFIGS_DIFFER');
  assert.match(found.says, /verify-alg \(not set, crc32c\)/);
  assert.deepEqual(found.remedies, ['drbd.standalone']);
  assert.deepEqual(codes(now), ['DRBD_CONFIGS_DIFFER']);
});

test('the same in other words is the same: defaults, units, the bare word, `common`', async () => {
  const now = await both(
    dump('fiori', 'protocol C; allow-two-primaries; max-buffers 2048;', 'disk { c-max-rate 4M; }'),
    dump('torchio', 'allow-two-primaries yes;', 'net { protocol C; } disk { c-max-rate 4096k; }'),
  );
  assert.deepEqual(codes(now), []);
});

test('what concerns one host alone may differ, and secrets are never told', async () => {
  const startup = 'startup { wfc-timeout 15; } handlers { split-brain "/bin/true"; }';
  assert.deepEqual(codes(await both(dump('fiori', '', '', startup), dump('torchio', ''))), []);
  const now = await both(
    dump('fiori', 'shared-secret "horse one";'),
    dump('torchio', 'verify-alg md5; shared-secret "horse two";'),
  );
  const found = drbd.diagnose(now);
  assert.equal(found.length, 1);
  assert.doesNotMatch(JSON.stringify(found), /horse/);
});

test('a resource is read with its file; another one of the same file is not mixed in', () => {
  const text = `${dump('fiori', 'verify-alg md5;')}# resource r1 on fiori: not ignored, not stacked\n# defined at /etc/drbd.d/two.res:9\nresource r1 { net { csums-alg sha1; } }\n`;
  const r0 = settingsInDump(text, 'r0');
  const r1 = settingsInDump(text, 'r1');
  assert.equal(r0?.file, '/etc/drbd.d/r0.res');
  assert.equal(r1?.file, '/etc/drbd.d/two.res');
  assert.equal(r0.own.get('net/verify-alg'), 'md5');
  assert.ok(!r0.own.has('net/csums-alg'));
  assert.deepEqual(differences(r1.own, new Map([['net/csums-alg', 'sha1']])), []);
});
