import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { multipath } from '../../../source/stacks/multipath/index.js';
import { mapsProbe } from '../../../source/stacks/multipath/probes.js';
import { fixture, fixturesFolder, recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation is to be called. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  healthy: [],
  'no-maps': [],
  'no-multipath': [],
  'one-path-failed': ['MULTIPATH_LAST_PATH', 'MULTIPATH_PORTAL_DOWN'],
  'one-path-only': ['MULTIPATH_ONE_PATH_ONLY'],
  'all-paths-waiting': [
    'MULTIPATH_PORTAL_DOWN',
    'MULTIPATH_PORTAL_DOWN',
    'MULTIPATH_QUEUEING_NO_PATH',
  ],
  'all-paths-failed': ['MULTIPATH_NO_PATH', 'MULTIPATH_PORTAL_DOWN', 'MULTIPATH_PORTAL_DOWN'],
  'daemon-stopped': ['MULTIPATH_DAEMON_DOWN'],
  'config-broken': ['MULTIPATH_CONFIG_BROKEN'],
  'disk-seen-twice': ['MULTIPATH_DUPLICATE_IDS'],
  'old-grammar': ['MULTIPATH_LAST_PATH', 'MULTIPATH_ONE_PATH_ONLY'],
};

test('every situation has its expectation', () => {
  assert.deepEqual([...situations('multipath')].sort(), Object.keys(EXPECTED).sort());
});

for (const [situation, codes] of Object.entries(EXPECTED)) {
  test(`${situation}: ${codes.length === 0 ? 'no findings' : codes.join(', ')}`, async () => {
    const now = await recordedNow(multipath, situation);
    assert.deepEqual(
      multipath
        .diagnose(now)
        .map(({ code }) => code)
        .sort(),
      codes,
    );
    for (const probe of multipath.probes) {
      for (const { unread } of now.known(probe)) assert.deepEqual(unread, [], probe.id);
    }
  });
}

test('a host without multipath says so, and is not a failure', async () => {
  const [reading] = (await recordedNow(multipath, 'no-multipath')).of(mapsProbe);
  assert.ok(reading?.kind === 'absent');
  assert.equal(reading.because, 'multipath is not installed');
});

test('a finding quotes the lines that prove it', async () => {
  const quoted = async (situation: string): Promise<unknown> => {
    const [first] = multipath.diagnose(await recordedNow(multipath, situation));
    return first?.evidence.map(({ command, lines }) => [command, lines]);
  };
  assert.deepEqual(await quoted('one-path-failed'), [
    [
      'multipathd show maps json',
      ['"dev" : "sdb",', '"dm_st" : "failed",', '"chk_st" : "faulty",'],
    ],
  ]);
  assert.deepEqual(await quoted('old-grammar'), [
    ['multipath -ll', [' \\_ 4:0:1:1 sdg 8:96  [failed][faulty]']],
  ]);
});

/** Which inspector reads which recorded file. */
const INSPECTED: readonly (readonly [RegExp, string])[] = [
  [/multipath-ll\.txt$/, 'multipath.ll'],
  [/multipathd-show-maps\.json$/, 'multipath.maps-json'],
  [/iscsiadm-session(?:-P3)?\.txt$/, 'iscsi.sessions'],
];

test('every recorded output is read by its inspector with nothing left unread', () => {
  const files = readdirSync(join(fixturesFolder, 'multipath'), {
    recursive: true,
    encoding: 'utf8',
  });
  let read = 0;
  for (const file of files) {
    const id = INSPECTED.find(([pattern]) => pattern.test(file))?.[1];
    const inspector = multipath.inspectors.find((one) => one.id === id);
    if (!inspector) continue;
    const result = inspector.inspect(fixture(`multipath/${file}`));
    assert.ok(result.ok, file);
    assert.deepEqual(result.unread, [], file);
    read += 1;
  }
  assert.ok(read >= 10, `${read} files`);
});
