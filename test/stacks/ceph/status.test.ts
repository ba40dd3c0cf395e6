import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHealthDetail } from '../../../source/stacks/ceph/read/health-detail.js';
import { parseOsdTree } from '../../../source/stacks/ceph/read/osd-tree.js';
import { parseStatus, type CephStatus } from '../../../source/stacks/ceph/read/status.js';
import { fixture } from '../../support/recordings.js';

function read(text: string): { readonly value: CephStatus; readonly unread: readonly string[] } {
  const result = parseStatus(text);
  assert.ok(result.ok, result.ok ? '' : result.expected);
  return result;
}

test('a status of Pacific is read with every number', () => {
  const { value, unread } = read(fixture('ceph/one-osd-down/stor1/status.json'));
  assert.deepEqual(unread, []);
  assert.equal(value.health, 'HEALTH_WARN');
  assert.deepEqual(
    value.checks.map(({ code, severity, muted, count }) => [code, severity, muted, count]),
    [
      ['OSD_DOWN', 'HEALTH_WARN', false, 1],
      ['OSD_HOST_DOWN', 'HEALTH_WARN', false, 1],
      ['PG_DEGRADED', 'HEALTH_WARN', false, 32],
    ],
  );
  assert.deepEqual(value.monitors, { inQuorum: 1, total: 1 });
  assert.deepEqual(value.osds, { up: 2, in: 3, total: 3 });
  assert.deepEqual(value.pgs?.byState, {
    'active+undersized+degraded': 32,
    'active+undersized': 1,
  });
  assert.deepEqual(value.objects, {
    total: 8002,
    degraded: 8002,
    misplaced: 0,
    unfound: 0,
    copies: 24006,
  });
  assert.deepEqual(value.manager, { available: true, standbys: 0 });
  assert.equal(value.release, 'pacific');
});

test('rates that Ceph leaves out at zero are left out, and half of a pair is zero', () => {
  assert.equal(read(fixture('ceph/healthy/stor1/status.json')).value.client, undefined);
  assert.deepEqual(read(fixture('ceph/healthy-under-io/stor1/status.json')).value.client, {
    readBytesPerSecond: 0,
    writeBytesPerSecond: 15653471,
    readsPerSecond: 0,
    writesPerSecond: 238,
  });
  assert.deepEqual(read(fixture('ceph/recovery/stor1/status.json')).value.recovery, {
    bytesPerSecond: 6079741,
    objectsPerSecond: 5,
  });
});

test('the sentences of Jewel become checks without a code', () => {
  const { value, unread } = read(fixture('ceph/jewel/xs-2/status.json'));
  assert.deepEqual(unread, []);
  assert.equal(value.health, 'HEALTH_WARN');
  assert.deepEqual(new Set(value.checks.map(({ code }) => code)), new Set(['HEALTH_SUMMARY']));
  assert.equal(value.checks[4]?.summary, '1/6 in osds are down');
  assert.deepEqual(value.flags, ['noout']);
  assert.deepEqual(value.monitors, { inQuorum: 3, total: 3 });
  assert.equal(value.manager, null);
});

test('the summary that Luminous fills with a warning about itself is not taken for health', () => {
  const { value, unread } = read(fixture('ceph/luminous/ceph2/status.json'));
  assert.deepEqual(unread, []);
  assert.deepEqual(
    value.checks.map(({ code }) => code),
    ['POOL_APP_NOT_ENABLED', 'MON_DOWN'],
  );
  assert.deepEqual(value.monitors, { inQuorum: 2, total: 3 });
  assert.deepEqual(value.manager, { available: true, standbys: 1, name: 'ceph1' });
});

test('status decides over overall_status where both are there', () => {
  const health = { checks: {}, status: 'HEALTH_OK', overall_status: 'HEALTH_WARN' };
  assert.equal(read(JSON.stringify({ health })).value.health, 'HEALTH_OK');
});

test('what a release does not say is null and not zero', () => {
  const { value } = read('{"health":{},"pgmap":{"num_pgs":129,"bytes_total":0,"bytes_used":0}}');
  assert.equal(value.health, null);
  assert.equal(value.osds, null);
  assert.equal(value.monitors, null);
  assert.equal(value.manager, null);
  assert.deepEqual(value.pgs, { total: 129, byState: {}, inactiveShare: 0 });
});

test('lines around the JSON are shown as not understood, a report line is not', () => {
  const { value, unread } = read(
    'report 1188805303\nsome warning\n\n{"health":{"status":"HEALTH_OK"}}\n# exit=0\n',
  );
  assert.equal(value.health, 'HEALTH_OK');
  assert.deepEqual(unread, ['some warning', '# exit=0']);
});

test('a field that no release has and a field of another shape are shown as not understood', () => {
  const { value, unread } = read(
    '{"health":{"status":"HEALTH_OK"},"osdmap":[],"moon":{"phase":3},"quorum_names":["a",7]}',
  );
  assert.equal(value.osds, null);
  assert.deepEqual(value.quorumNames, ['a']);
  assert.deepEqual(unread.toSorted(), ['moon: {phase}', 'osdmap: []', 'quorum_names[1]: 7']);
});

test('state words that nobody has heard of are kept', () => {
  const { value } = read(
    '{"pgmap":{"pgs_by_state":[{"state_name":"active+pondering","count":3},{"state_name":"__proto__","count":1}]}}',
  );
  assert.deepEqual(Object.entries(value.pgs?.byState ?? {}), [
    ['active+pondering', 3],
    ['__proto__', 1],
  ]);
  assert.equal(value.pgs?.total, 4);
});

test('a text that is no status says what was expected and where', () => {
  assert.deepEqual(parseStatus('timed out\n'), {
    ok: false,
    line: 1,
    expected: 'a JSON object, as `-f json` prints it',
  });
  const cut = parseStatus('\n{"health":{"status":"HEALTH_OK"},\n"pgmap":{');
  assert.ok(!cut.ok);
  assert.deepEqual([cut.line, cut.expected], [3, 'the end of the JSON object']);
  const broken = parseStatus('\n{"health":{}\n"pgmap":{}}');
  assert.ok(!broken.ok);
  assert.equal(broken.line, 3);
  assert.equal(parseStatus('{"nodes":[]}').ok, false);
});

test('no input makes a parser throw', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .dictionary(
        fc.constantFrom(
          'health',
          'pgmap',
          'osdmap',
          'monmap',
          'quorum',
          'mgrmap',
          'nodes',
          'checks',
        ),
        fc.jsonValue(),
      )
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(anything, (text) => {
      for (const parse of [parseStatus, parseHealthDetail, parseOsdTree]) parse(text);
    }),
    { numRuns: 400 },
  );
});

test('a mebibyte of braces, quotes or noise is answered at once', () => {
  const size = 1024 * 1024;
  for (const piece of ['{', '{"', '\n{', '"{}', ' ', '{"a":', '\n{"health":[[[']) {
    const text = piece.repeat(Math.ceil(size / piece.length));
    const start = performance.now();
    parseStatus(text);
    assert.ok(performance.now() - start < 500, `${JSON.stringify(piece)} was slow`);
  }
});

test('a flood of values that are not understood is counted and not listed', () => {
  const quorum_names = Array.from({ length: 5000 }, () => 7);
  const { unread } = read(JSON.stringify({ health: {}, quorum_names }));
  assert.equal(unread.length, 201);
  assert.equal(unread.at(-1), 'and 4800 more values that were not understood');
});
