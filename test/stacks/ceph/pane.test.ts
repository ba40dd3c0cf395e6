import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Drawing, Row } from '../../../source/core/pane.js';
import { ceph } from '../../../source/stacks/ceph/index.js';
import { statusProbe } from '../../../source/stacks/ceph/probes.js';
import { recordedNow } from '../../support/recordings.js';
import { check, fresh, nowOf, said, stale, type Said } from './views.js';

const { summary, draw, running, metrics } = ceph.pane;

function texts(situation: string): Promise<readonly string[]> {
  return recordedNow(ceph, situation).then((now) => {
    const { first, second, third } = summary(now);
    return [first.text, second.text, third.text];
  });
}

function row(drawing: Drawing, id: string): Row {
  const found = drawing.rows.find((one) => one.id === id);
  assert.ok(found, `no row ${id}`);
  return found;
}

function now(parts: Said): ReturnType<typeof nowOf> {
  return nowOf([fresh(statusProbe, 'stor1', said(parts))]);
}

test('the overview says health, OSDs, usage and what clients get', async () => {
  assert.deepEqual(await texts('healthy-under-io'), [
    'HEALTH_OK',
    '3/3 OSD  16 % used',
    'in 14.9 MiB/s  out 0 B/s',
  ]);
  assert.deepEqual(await texts('recovery'), [
    'HEALTH_WARN',
    '3/3 OSD  40 % used',
    'recovering 5.8 MiB/s, 1 min left',
  ]);
});

test('no client rate under lost placement groups is standstill and not rest', async () => {
  assert.equal((await texts('healthy'))[2], 'no client I/O');
  assert.equal((await texts('two-osd-down'))[2], 'I/O hangs');
  assert.equal((await texts('full'))[2], 'writes hang: full');
});

test('without a quorum the overview says so', async () => {
  assert.deepEqual(await texts('mon-down'), ['no quorum', 'no Ceph monitor answers', 'stor1']);
});

test('OSDs stand beneath their hosts', async () => {
  const drawing = draw(await recordedNow(ceph, 'one-osd-down'));
  const osds = drawing.rows.slice(drawing.rows.findIndex(({ id }) => id === 'osds'));
  assert.deepEqual(
    osds.map(({ cells, depth }) => [depth ?? 0, cells[0]?.text, cells[1]?.text]),
    [
      [0, 'OSDs', '2 of 3 up'],
      [1, 'stor1', '0 of 1 up'],
      [2, 'osd.0', 'down'],
      [1, 'stor2', '1 of 1 up'],
      [2, 'osd.1', 'up'],
      [1, 'stor3', '1 of 1 up'],
      [2, 'osd.2', 'up'],
    ],
  );
});

test('what the manager gathered is drawn as not current when it is gone', async () => {
  const drawing = draw(await recordedNow(ceph, 'mgr-down'));
  assert.equal(row(drawing, 'pgs').tone, 'unknown');
  assert.equal(row(drawing, 'client').tone, 'unknown');
  assert.equal(row(drawing, 'osds').tone, 'good');
  assert.match(drawing.head?.[0]?.text ?? '', /stand still/);
  assert.deepEqual(metrics(await recordedNow(ceph, 'mgr-down')), []);
});

test('an old status is drawn as old in every row, with its age', () => {
  const failure = { what: 'no Ceph monitor answers', where: 'stor1', means: 'm', todo: 't' };
  const old = nowOf([stale('stor1', said(), failure)]);
  const drawing = draw(old);
  const tones = drawing.rows.filter(({ id }) => !id.startsWith('finding:')).map(({ tone }) => tone);
  assert.deepEqual(new Set(tones), new Set(['unknown']));
  assert.match(drawing.head?.[0]?.text ?? '', /no Ceph monitor answers.*42 s ago/);
  assert.deepEqual(running(old), []);
  assert.deepEqual(metrics(old), []);
  assert.equal(summary(old).tone, 'alert');
});

test('a recovery runs with its share, rate and time left, and ends with its groups', () => {
  const recovering = {
    pgs_by_state: [{ state_name: 'active+recovering+degraded', count: 1 }],
    degraded_objects: 200,
    misplaced_objects: 50,
    degraded_total: 1000,
    recovering_bytes_per_sec: 4096,
    recovering_objects_per_sec: 5,
  };
  assert.deepEqual(running(now({ pgmap: recovering })), [
    {
      id: 'ceph.recovery',
      title: 'Ceph recovery',
      share: 0.75,
      bytesPerSecond: 4096,
      secondsLeft: 50,
    },
  ]);
  // Ceph averages its rate over some polls: it is still there when all is clean.
  assert.deepEqual(running(now({ pgmap: { recovering_bytes_per_sec: 4096 } })), []);
});

test('a recovery that only waits is stalled, and without a manager its pace is not told', () => {
  const waiting = {
    pgs_by_state: [{ state_name: 'active+undersized+backfill_wait', count: 4 }],
    misplaced_objects: 10,
    misplaced_total: 100,
  };
  assert.equal(running(now({ pgmap: waiting }))[0]?.stalled, true);
  const [frozen] = running(now({ pgmap: waiting, manager: false }));
  assert.deepEqual(
    [frozen?.title, frozen?.bytesPerSecond, frozen?.stalled],
    ['Ceph rebalancing (pace not known)', undefined, undefined],
  );
});

test('work that the manager reports on runs beside it', () => {
  const progress = { 'a1-b2': { message: 'Rebalancing after osd.3 marked in', progress: 0.25 } };
  assert.deepEqual(running(now({ progress })), [
    { id: 'ceph.progress.a1-b2', title: 'Rebalancing after osd.3 marked in', share: 0.25 },
  ]);
});

test('control characters from the cluster are made visible', () => {
  const checks = { EVIL: check('HEALTH_WARN', 'red \u001b[31m and \u202e back') };
  const drawn = JSON.stringify(draw(now({ checks })).rows.map(({ cells }) => cells));
  assert.ok(drawn.includes('^[[31m') && drawn.includes('<202E>'));
});
