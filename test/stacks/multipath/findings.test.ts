import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingKey, type Finding } from '../../../source/core/finding.js';
import { hostNode, StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { Now } from '../../../source/core/probe.js';
import { multipath } from '../../../source/stacks/multipath/index.js';
import { mapsProbe } from '../../../source/stacks/multipath/probes.js';
import type { MultipathMap } from '../../../source/stacks/multipath/map.js';
import { usableKey } from '../../../source/stacks/multipath/view.js';
import { map, moment, session, type HostFacts } from './moment.js';

function found(hosts: Readonly<Record<string, HostFacts>>): readonly Finding[] {
  return multipath.diagnose(moment(hosts));
}

function ofMap(paths: readonly string[], more: Partial<MultipathMap> = {}): string[] {
  return found({ fiori: { maps: [map(paths, more)] } }).map((f) => `${f.code} ${f.severity}`);
}

const UP = 'active ready';
const DOWN = 'failed faulty';

test('a map with all its paths has no findings, and a passive path counts as usable', () => {
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${UP}`]), []);
  assert.deepEqual(ofMap([`sda ${UP}`, 'sdb active ghost']), []);
});

test('the fewer paths are left the graver it is, and only the gravest is said', () => {
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${UP}`, `sdc ${DOWN}`]), [
    'MULTIPATH_PATH_LOST warning',
  ]);
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${DOWN}`]), ['MULTIPATH_LAST_PATH alert']);
  assert.deepEqual(ofMap([`sda ${DOWN}`, `sdb ${DOWN}`]), ['MULTIPATH_NO_PATH alert']);
  assert.deepEqual(ofMap([]), ['MULTIPATH_NO_PATH alert']);
});

test('a map that never had more than one path is told from one that lost its other paths', () => {
  assert.deepEqual(ofMap([`sda ${UP}`]), ['MULTIPATH_ONE_PATH_ONLY warning']);
});

/** The findings of a map at a moment when it is used to so many usable paths. */
function usedTo(paths: readonly string[], most: number): readonly string[] {
  const one = map(paths);
  const seen = moment({ fiori: { maps: [one] } });
  const peaks = new Map([[usableKey('fiori', one), most]]);
  return multipath
    .diagnose(new Now(seen.at, seen.hosts, seen.readings, peaks))
    .map(({ code, severity }) => `${code} ${severity}`);
}

test('fewer paths than it is used to is an alert, also when the others left the map', () => {
  const two = [`sda ${UP}`, `sdb ${UP}`];
  assert.deepEqual(usedTo(two, 2), []);
  assert.deepEqual(usedTo(two, 4), ['MULTIPATH_PATHS_FEWER alert']);
  assert.deepEqual(usedTo([...two, `sdc ${DOWN}`], 3), ['MULTIPATH_PATH_LOST alert']);
  assert.deepEqual(usedTo([`sda ${UP}`], 2), ['MULTIPATH_ONE_PATH_ONLY alert']);
});

test('without a path it is said whether I/O waits or fails', () => {
  const queueing = { queueing: true, features: '1 queue_if_no_path' };
  assert.deepEqual(ofMap([`sda ${DOWN}`], queueing), ['MULTIPATH_QUEUEING_NO_PATH alert']);
  // multipathd stopped waiting: the features may still say otherwise for a moment.
  assert.deepEqual(ofMap([`sda ${DOWN}`], { ...queueing, retry: 'off' }), [
    'MULTIPATH_NO_PATH alert',
  ]);
  const [finding] = found({
    fiori: { maps: [map([`sda ${DOWN}`], { ...queueing, retry: '12 sec' })] },
  });
  assert.match(finding?.means ?? '', /hangs until a path is back, or fails in 12 s/);
});

test('shaky, delayed and timed-out paths are named as such', () => {
  const two = [`sda ${UP}`, `sdb ${UP}`];
  assert.deepEqual(ofMap([...two, 'sdc active shaky']), ['MULTIPATH_PATH_SHAKY warning']);
  assert.deepEqual(ofMap([...two, 'sdc failed delayed']), ['MULTIPATH_PATH_DELAYED warning']);
  assert.deepEqual(ofMap([...two, 'sdc failed i/o timeout']), ['MULTIPATH_PATH_TIMEOUT warning']);
});

test('a path that nobody has checked is neither good nor lost', () => {
  assert.deepEqual(ofMap([`sda ${UP}`, 'sdb active i/o pending']), [
    'MULTIPATH_PATH_UNCHECKED notice',
  ]);
  assert.deepEqual(ofMap(['sda active undef', 'sdb active undef']), [
    'MULTIPATH_PATH_UNCHECKED warning',
  ]);
});

test('states that are not known are said, and not counted as usable', () => {
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${UP}`, 'sdc active bananas']), [
    'MULTIPATH_UNKNOWN_STATE warning',
  ]);
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${UP}`], { access: 'rx' }), [
    'MULTIPATH_UNKNOWN_STATE warning',
  ]);
});

test('a read-only map and a path without an address are warnings', () => {
  assert.deepEqual(ofMap([`sda ${UP}`, `sdb ${UP}`], { access: 'ro' }), [
    'MULTIPATH_READ_ONLY warning',
  ]);
  const nameless = map([`sda ${UP}`, `sdb ${UP}`]);
  const groups = nameless.groups.map((group) => ({
    ...group,
    paths: group.paths.map((p) => ({ ...p, hctl: '#:#:#:#' })),
  }));
  assert.deepEqual(ofMap([], { groups }), ['MULTIPATH_NAMELESS_PATH warning']);
});

const A = '192.0.2.2:3260';
const B = '192.0.2.130:3260';

function host(a: 'up' | 'down', b: 'up' | 'down'): HostFacts {
  const state = { up: UP, down: DOWN };
  return {
    maps: [map([`sda ${state[a]}`, `sdb ${state[b]}`])],
    sessions: [session('2', A, 'sda', a), session('3', B, 'sdb', b)],
  };
}

test('a portal that no host reaches is one cause, and the lost paths are its consequences', () => {
  const now = moment({ 'kvm-1': host('up', 'down'), 'kvm-2': host('up', 'down') });
  const judged = judge(multipath.diagnose(now), new StorageGraph([multipath.graph(now)]));
  const cause = `MULTIPATH_PORTAL_DOWN/${B}`;
  assert.deepEqual(
    judged.map((j) => [j.key, j.severity, j.causedBy]),
    [
      ['MULTIPATH_LAST_PATH/dados@kvm-1', 'alert', cause],
      ['MULTIPATH_LAST_PATH/dados@kvm-2', 'alert', cause],
      [cause, 'alert', undefined],
    ],
  );
  assert.deepEqual(judged[2]?.finding.hosts, ['kvm-1', 'kvm-2']);
  assert.match(judged[2].finding.says, /dados@kvm-1 and dados@kvm-2/);
});

test('a portal that one host still reaches is up: the session of the other is the cause', () => {
  const now = moment({ 'kvm-1': host('up', 'down'), 'kvm-2': host('up', 'up') });
  const judged = judge(multipath.diagnose(now), new StorageGraph([multipath.graph(now)]));
  const cause = `MULTIPATH_SESSION_DOWN/${B} iqn.2004-10.example.lab:t@kvm-1`;
  assert.deepEqual(
    judged.map((j) => [j.key, j.causedBy]),
    [
      ['MULTIPATH_LAST_PATH/dados@kvm-1', cause],
      [cause, undefined],
    ],
  );
});

test('a path lost while its session is up is not blamed on another portal', () => {
  const now = moment({
    'kvm-1': {
      maps: [map([`sda ${UP}`, `sdb ${DOWN}`, `sdc ${UP}`])],
      sessions: [session('2', A, 'sda', 'up'), session('3', B, 'sdb', 'up')],
    },
    'kvm-2': { sessions: [session('9', 'x:3260', 'sdz', 'down')], maps: [] },
  });
  const judged = judge(multipath.diagnose(now), new StorageGraph([multipath.graph(now)]));
  assert.deepEqual(
    judged.map((j) => [findingKey(j.finding), j.causedBy]),
    [
      ['MULTIPATH_PATH_LOST/dados@kvm-1', undefined],
      ['MULTIPATH_PORTAL_DOWN/x:3260', undefined],
    ],
  );
});

test('a session whose disk is in no map is the only way to it: an alert', () => {
  const [finding] = found({ fiori: { sessions: [session('2', A, 'sda', 'down')] } });
  assert.deepEqual([finding?.code, finding?.severity], ['MULTIPATH_PORTAL_DOWN', 'alert']);
});

test('a portal stands on the host of ours that has its address', () => {
  const now = moment({ fiori: host('up', 'up'), torchio: { addresses: ['192.0.2.2'] } });
  const graph = new StorageGraph([multipath.graph(now)]);
  const beneath = graph.beneath(['multipath.map:fiori/3600']);
  assert.ok(beneath.has(hostNode('torchio')));
  assert.ok(beneath.has('iscsi.portal:192.0.2.130:3260'));
  assert.ok(beneath.has('disk:3600'));
});

test('a stopped daemon is an alert while there are maps, and nothing without', () => {
  const stopped = { daemon: 'stopped' as const };
  const codes = (maps: readonly MultipathMap[]) =>
    found({ fiori: { maps, more: stopped } }).map((f) => f.code);
  assert.deepEqual(codes([map([`sda ${UP}`, `sdb ${UP}`])]), ['MULTIPATH_DAEMON_DOWN']);
  assert.deepEqual(codes([]), []);
});

test('disks of one identity outside any map are found; makers’ texts are not compared', () => {
  const disk = (device: string, wwid: string) => ({ device, hctl: null, wwid });
  const disks = {
    maps: [{ dm: 'dm-0', name: 'm', wwid: '3600', sizeBytes: 1, members: ['sde', 'sdf'] }],
    disks: [
      ...[disk('sda', 'naa.6000'), disk('sdb', 'naa.6000')],
      ...[disk('sdc', 't10.ATA x'), disk('sdd', 't10.ATA x')],
      ...[disk('sde', 'naa.7000'), disk('sdf', 'naa.7000')],
    ],
  };
  const twins = (daemon: 'running' | 'stopped') =>
    found({ fiori: { maps: [], more: { daemon }, disks } }).map((f) => [f.subject, f.severity]);
  assert.deepEqual(twins('running'), [['naa.6000@fiori', 'warning']]);
  assert.deepEqual(twins('stopped'), [['naa.6000@fiori', 'alert']]);
});

test('a host that is up and does not answer about its maps is a warning and a row', () => {
  const { at, hosts } = moment({ fiori: {} });
  const failure = { what: 'no answer in 20 s', where: 'fiori', means: 'It hangs.', todo: '' };
  const reading = { probe: mapsProbe, host: 'fiori', asked: [], at, failure };
  const now = new Now(at, hosts, [{ ...reading, kind: 'failed' }]);
  assert.deepEqual(
    multipath.diagnose(now).map((f) => f.code),
    ['MULTIPATH_NO_ANSWER'],
  );
  assert.deepEqual(
    multipath.pane.draw(now).rows.map((row) => row.cells[0]?.text),
    ['not read'],
  );
  assert.equal(multipath.pane.summary(now).third.text, '1 host not read');
});
