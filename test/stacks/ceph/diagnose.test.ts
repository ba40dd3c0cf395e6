import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../source/core/finding.js';
import { StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { parseOsdTree, type OsdTree } from '../../../source/stacks/ceph/read/osd-tree.js';
import { diagnose, findingsOf } from '../../../source/stacks/ceph/diagnose.js';
import { graph } from '../../../source/stacks/ceph/graph.js';
import { osdTreeProbe, statusProbe } from '../../../source/stacks/ceph/probes.js';
import { check, fresh, host, nowOf, said, view, type Said } from './views.js';

function grades(parts: Said): Record<string, string> {
  return Object.fromEntries(findingsOf(view(parts)).map((f) => [f.code, f.severity]));
}

function only(parts: Said): Finding {
  const [first, ...rest] = findingsOf(view(parts));
  assert.ok(first);
  assert.deepEqual(rest, []);
  return first;
}

test('a healthy cluster has no findings', () => {
  assert.deepEqual(grades({}), {});
});

test('a severity is only ever raised', () => {
  const checks = {
    OSD_FULL: check('HEALTH_ERR', '1 full osd(s)'),
    POOL_FULL: check('HEALTH_WARN', '1 pool(s) full'),
    OSD_SCRUB_ERRORS: check('HEALTH_WARN', '2 scrub errors'),
    PG_RECOVERY_FULL: check('HEALTH_WARN', 'low space'),
    PG_BACKFILL_FULL: check('HEALTH_WARN', 'low space'),
    PG_DAMAGED: check('HEALTH_WARN', 'possible data damage'),
    MON_DISK_CRIT: check('HEALTH_WARN', 'mon a is very low on available space'),
    OBJECT_UNFOUND: check('HEALTH_WARN', '1/100 objects unfound (1.000%)'),
    POOL_APP_NOT_ENABLED: check('HEALTH_WARN', 'application not enabled on 1 pool(s)'),
    SOMETHING_NEW: check('HEALTH_ERR', 'something new'),
  };
  const { CEPH_POOL_APP_NOT_ENABLED: mild, ...grave } = grades({ checks });
  assert.equal(mild, 'warning');
  assert.deepEqual(new Set(Object.values(grave)), new Set(['alert']));
  assert.equal(Object.keys(grave).length, 9);
});

test('a muted check is a notice that says so', () => {
  const finding = only({
    checks: { PG_DAMAGED: check('HEALTH_ERR', 'possible data damage', { muted: true }) },
  });
  assert.equal(finding.severity, 'notice');
  assert.match(finding.says, /muted/);
});

test('a code that nobody has heard of is shown with the way to read on', () => {
  const finding = only({ checks: { OSD_ON_MOON: check('HEALTH_WARN', '1 osd on the moon') } });
  assert.equal(finding.code, 'CEPH_OSD_ON_MOON');
  assert.equal(finding.says, '1 osd on the moon.');
  assert.match(finding.todo, /ceph health detail/);
});

test('one lost OSD of many is a warning, a tenth of them an alert', () => {
  const lost = (up: number): Said => ({
    osds: { num_osds: 20, num_in_osds: 20, num_up_osds: up },
    checks: {
      OSD_DOWN: check('HEALTH_WARN', 'osds down', { summary: { message: `${20 - up} osds down` } }),
    },
  });
  assert.equal(only(lost(19)).severity, 'warning');
  assert.equal(only(lost(18)).severity, 'alert');
});

test('lost OSDs are seen in the counts before a check says so', () => {
  const finding = only({ osds: { num_up_osds: 9 } });
  assert.equal(finding.code, 'CEPH_OSD_DOWN');
  assert.equal(finding.says, '1 of 10 OSDs is down.');
});

test('an OSD that was given up is no finding', () => {
  assert.deepEqual(grades({ osds: { num_up_osds: 9, num_in_osds: 9 } }), {});
});

test('data that is not available is an alert unless lost OSDs explain it', () => {
  const PG_AVAILABILITY = check('HEALTH_WARN', 'Reduced data availability: 1 pg inactive');
  const OSD_DOWN = check('HEALTH_WARN', '1 osds down');
  assert.equal(grades({ checks: { PG_AVAILABILITY } }).CEPH_PG_AVAILABILITY, 'alert');
  assert.equal(grades({ checks: { OSD_DOWN, PG_AVAILABILITY } }).CEPH_PG_AVAILABILITY, 'warning');
});

test('groups without I/O are an alert even under HEALTH_OK, a moment of peering is not', () => {
  const groups = (state_name: string): Said => ({
    pgmap: { pgs_by_state: [{ state_name, count: 128 }] },
  });
  const hanging = only(groups('undersized+peered'));
  assert.deepEqual([hanging.code, hanging.severity], ['CEPH_PGS_INACTIVE', 'alert']);
  assert.match(hanging.means, /HEALTH_OK/);
  const passing = only(groups('creating+peering'));
  assert.deepEqual([passing.severity, passing.heals], ['warning', true]);
});

test('a lost monitor that leaves no spare is an alert, one that leaves a spare is not', () => {
  assert.deepEqual(grades({ quorum: [0, 1], mons: 3 }), { CEPH_QUORUM_NO_SPARE: 'alert' });
  assert.deepEqual(grades({ quorum: [0, 1, 2, 3], mons: 5 }), {});
  assert.deepEqual(grades({ quorum: [0], mons: 1 }), {});
});

test('a manager that is gone is found in its map when health does not say it yet', () => {
  assert.deepEqual(grades({ manager: false }), { CEPH_MGR_DOWN: 'warning' });
});

test('usage warns at 85 % and alarms at 95 %, and no reported space is no usage', () => {
  const used = (bytes_used: number): Said => ({ pgmap: { bytes_used } });
  assert.deepEqual(grades(used(849)), {});
  assert.deepEqual(grades(used(850)), { CEPH_USAGE_HIGH: 'warning' });
  assert.deepEqual(grades(used(950)), { CEPH_USAGE_HIGH: 'alert' });
  assert.deepEqual(grades({ pgmap: { bytes_used: 0, bytes_total: 0 } }), {});
});

test('much misplaced data under HEALTH_OK is a notice; what the balancer moves is none', () => {
  const moved = (misplaced_objects: number): Said => ({
    pgmap: { misplaced_objects, misplaced_total: 900 },
  });
  assert.deepEqual(grades(moved(300)), { CEPH_OBJECT_MISPLACED: 'notice' });
  assert.deepEqual(grades(moved(40)), {});
});

test('unfound objects are an alert in releases without codes too', () => {
  assert.deepEqual(grades({ pgmap: { unfound_objects: 3 } }), { CEPH_OBJECT_UNFOUND: 'alert' });
});

test('a sentence keeps its key while only its numbers change', () => {
  const sentence = (summary: string): Finding => {
    const status = {
      ...said(),
      checks: [
        { code: 'HEALTH_SUMMARY', severity: 'HEALTH_WARN', summary, muted: false, details: [] },
      ],
    };
    const [finding] = findingsOf({ ...view(), status, checks: status.checks });
    assert.ok(finding);
    return finding;
  };
  const one = sentence('recovery 12/3000 objects degraded (0.400%)');
  assert.equal(one.subject, sentence('recovery 7/3000 objects degraded (0.233%)').subject);
  assert.equal(one.says, 'recovery 12/3000 objects degraded (0.400%).');
});

function tree(down: readonly number[]): OsdTree {
  const hosts = ['stor1', 'stor2'].map((name, i) => ({
    id: -2 - i,
    name,
    type: 'host',
    children: [2 * i, 2 * i + 1],
  }));
  const osds = [0, 1, 2, 3].map((id) => ({
    id,
    name: `osd.${id}`,
    type: 'osd',
    status: down.includes(id) ? 'down' : 'up',
    reweight: 1,
  }));
  const result = parseOsdTree(JSON.stringify({ nodes: [...hosts, ...osds] }));
  assert.ok(result.ok);
  return result.value;
}

function lost(down: readonly number[], dead: string): ReturnType<typeof nowOf> {
  const status = said({
    osds: { num_osds: 4, num_in_osds: 4, num_up_osds: 4 - down.length },
    checks: {
      OSD_DOWN: check('HEALTH_WARN', `${down.length} osds down`, {
        summary: { message: `${down.length} osds down`, count: down.length },
      }),
      PG_DEGRADED: check('HEALTH_WARN', 'Degraded data redundancy'),
      POOL_APP_NOT_ENABLED: check('HEALTH_WARN', 'application not enabled'),
    },
  });
  const readings = [fresh(statusProbe, 'stor2', status), fresh(osdTreeProbe, 'stor2', tree(down))];
  return nowOf(readings, [host('stor1', dead === 'stor1' ? 'down' : 'up'), host('stor2')]);
}

function causes(now: ReturnType<typeof nowOf>): Record<string, string | undefined> {
  const dead: Finding = {
    code: 'HOST_DOWN',
    severity: 'alert',
    title: '',
    subject: 'stor1',
    hosts: ['stor1'],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: ['host:stor1'],
    explains: true,
  };
  const all = now.hosts.some(({ phase }) => phase === 'down') ? [dead] : [];
  const judged = judge([...all, ...diagnose(now)], new StorageGraph([graph(now)]));
  return Object.fromEntries(judged.map((j) => [j.finding.code, j.causedBy]));
}

test('degraded data is a consequence of lost OSDs, an unmarked pool is not', () => {
  assert.deepEqual(causes(lost([0], '')), {
    CEPH_OSD_DOWN: undefined,
    CEPH_PG_DEGRADED: 'CEPH_OSD_DOWN/cluster',
    CEPH_POOL_APP_NOT_ENABLED: undefined,
  });
});

test('OSDs lost with their host are a consequence of the host', () => {
  const found = causes(lost([0, 1], 'stor1'));
  assert.equal(found.CEPH_OSD_DOWN, 'HOST_DOWN/stor1');
  assert.equal(found.CEPH_PG_DEGRADED, 'HOST_DOWN/stor1');
});

test('a dead host does not hide a dead OSD on a live one', () => {
  assert.equal(causes(lost([0, 1, 2], 'stor1')).CEPH_OSD_DOWN, undefined);
});
