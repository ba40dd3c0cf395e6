import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../source/core/finding.js';
import { hostNode, StorageGraph } from '../../../source/core/graph.js';
import type { Exchange } from '../../../source/core/host.js';
import { judge } from '../../../source/core/mute.js';
import { Now, type HostState, type Reading, type Survey } from '../../../source/core/probe.js';
import { backlogMetric } from '../../../source/stacks/lizardfs/pane/replication.js';
import { versionMetric } from '../../../source/stacks/lizardfs/picture.js';
import { lizardfs } from '../../../source/stacks/lizardfs/index.js';
import { clusterProbe, type ClusterView } from '../../../source/stacks/lizardfs/probes/cluster.js';
import { localProbe, type Local } from '../../../source/stacks/lizardfs/probes/local.js';
import { parseChunkservers } from '../../../source/stacks/lizardfs/tools/chunkservers.js';
import { parseChunksHealth } from '../../../source/stacks/lizardfs/tools/chunks-health.js';
import { parseDisks } from '../../../source/stacks/lizardfs/tools/disks.js';
import { parseGoals } from '../../../source/stacks/lizardfs/tools/goals.js';
import { parseInfo } from '../../../source/stacks/lizardfs/tools/info.js';
import { parseMetadataServers } from '../../../source/stacks/lizardfs/tools/metadata-servers.js';
import type { Part } from '../../../source/stacks/lizardfs/tools/question.js';
import type { Parsed } from '../../../source/core/parsed.js';
import { RECORDED_AT, recordedNow } from '../../support/recordings.js';

function known<T>(result: Parsed<T>): Part<T> {
  assert.ok(result.ok);
  return { state: 'known', value: result.value, unread: result.unread };
}

/** A quiet installation: a master on 10.0.0.1, its shadow on 10.0.0.2, two chunkservers. */
function quiet(changes: Partial<ClusterView> = {}): ClusterView {
  return {
    admin: 'lizardfs-admin',
    master: { host: '10.0.0.1', port: 9421 },
    info: known(parseInfo('3.13.0 1 1000 500 0 0 0 0 9 1 8 8 16 16\n')),
    chunkservers: servers(
      '10.0.0.1:9422 3.13.0 4 10 100 0 0 0 0 _',
      '10.0.0.2:9422 3.13.0 4 10 100 0 0 0 0 _',
    ),
    disks: disks(
      '10.0.0.1:9422 /mnt/a/ no no no 0 0 100 10 4',
      '10.0.0.2:9422 /mnt/a/ no no no 0 0 100 10 4',
    ),
    health: known(parseChunksHealth('AVA 2 8 0 0\nREP 2 8 0 0 0 0 0 0 0 0 0 0\n')),
    metadataServers: metadata(
      '10.0.0.1 9421 a master running 50 3.13.0',
      '10.0.0.2 9421 a shadow connected 50 3.13.0',
    ),
    goals: { state: 'known', value: { goals: [] }, unread: [] },
    mounts: { state: 'known', value: { mounts: [] }, unread: [] },
    statuses: [],
    ...changes,
  };
}

function servers(...lines: readonly string[]): ClusterView['chunkservers'] {
  return known(parseChunkservers(lines.join('\n')));
}

function disks(...lines: readonly string[]): ClusterView['disks'] {
  return known(parseDisks(lines.join('\n')));
}

function metadata(...lines: readonly string[]): ClusterView['metadataServers'] {
  return known(parseMetadataServers(lines.join('\n')));
}

function survey(...addresses: readonly string[]): Survey {
  const rest = { kernel: '', os: '', clockOffset: 0, bootId: '', root: true };
  return { hostname: '', addresses, ...rest, present: new Set() };
}

function state(name: string, address: string): HostState {
  const since = RECORDED_AT - 60_000;
  const told = { survey: survey(address), stacks: ['lizardfs'] };
  return { name, target: name, phase: 'up', since, ...told };
}

const hosts = [state('a', '10.0.0.1'), state('b', '10.0.0.2')];

function fresh<T>(
  probe: Reading<T>['probe'],
  host: string,
  value: T,
  asked: readonly Exchange[] = [],
): Reading<T> {
  return { probe, host, asked, kind: 'fresh', at: RECORDED_AT, value, unread: [] };
}

function now(view: ClusterView, ...more: readonly Reading<unknown>[]): Now {
  return new Now(RECORDED_AT, hosts, [fresh(clusterProbe, 'a', view), ...more]);
}

function codes(moment: Now): readonly string[] {
  return lizardfs.diagnose(moment).map(({ code }) => code.replace('LIZARDFS_', ''));
}

function local(host: string, more: Partial<Local>): Reading<unknown> {
  return fresh(localProbe, host, {
    daemons: [],
    configs: [],
    mounts: [],
    masters: [],
    names: [],
    ...more,
  });
}

test('a quiet installation has no findings', () => {
  assert.deepEqual(codes(now(quiet())), []);
});

test('a dead host mutes its chunkserver, and that mutes the chunks that lack its copies', () => {
  const moment = now(
    quiet({
      chunkservers: servers(
        '10.0.0.1:9422 3.13.0 4 10 100 0 0 0 0 _',
        '10.0.0.2:9422 - 0 0 0 0 0 0 0 -',
      ),
      health: known(parseChunksHealth('AVA 2 0 8 0\nREP 2 0 8 0 0 0 0 0 0 0 0 0\n')),
    }),
  );
  const dead: Finding = {
    code: 'HOST_DOWN',
    severity: 'warning',
    title: '',
    subject: 'b',
    hosts: ['b'],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: [hostNode('b')],
    explains: true,
  };
  const judged = judge(
    [dead, ...lizardfs.diagnose(moment)],
    new StorageGraph([lizardfs.graph(moment)]),
  );
  assert.deepEqual(
    judged.map(({ key, severity, causedBy }) => [key, severity, causedBy]),
    [
      ['HOST_DOWN/b', 'alert', undefined],
      ['LIZARDFS_CHUNKSERVER_DOWN/10.0.0.2:9422', 'alert', 'HOST_DOWN/b'],
      ['LIZARDFS_CHUNKS_ENDANGERED/goal 2', 'alert', 'HOST_DOWN/b'],
    ],
  );
});

test('chunks with one copy by intention are said once, calmly, and not alarmed about', () => {
  const health = known(parseChunksHealth('AVA 1 0 8 0\nREP 1 8 0 0 0 0 0 0 0 0 0 0\n'));
  const findings = lizardfs.diagnose(now(quiet({ health })));
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['LIZARDFS_GOAL_ONE', 'notice']],
  );
});

test('endangered chunks heal by themselves only with servers enough for their goal', () => {
  const health = known(parseChunksHealth('AVA 3 0 8 0\nREP 3 0 8 0 0 0 0 0 0 0 0 0\n'));
  const healing = (definition: string): boolean | undefined => {
    const view = quiet({ health, goals: known(parseGoals(`3 3 "${definition}"\n`)) });
    return lizardfs.diagnose(now(view))[0]?.heals;
  };
  assert.equal(healing('3: $std {_ _}'), true);
  assert.equal(healing('3: $std {_ _ _}'), undefined);
});

test('space is judged for each server and in total', () => {
  const view = quiet({
    info: known(parseInfo('3.13.0 1 1000 10 0 0 0 0 9 1 8 8 16 16\n')),
    chunkservers: servers(
      '10.0.0.1:9422 3.13.0 4 90 100 0 0 0 0 _',
      '10.0.0.2:9422 3.13.0 4 89 100 0 0 0 0 _',
    ),
  });
  assert.deepEqual(
    lizardfs.diagnose(now(view)).map(({ code, subject }) => [code, subject]),
    [
      ['LIZARDFS_NEARLY_FULL', '10.0.0.1:9422'],
      ['LIZARDFS_FULL', 'all space'],
    ],
  );
});

test('errors of a disk count for a day; a damaged disk is not told twice', () => {
  const seconds = RECORDED_AT / 1000;
  const view = (at: number, damaged = 'no'): ClusterView =>
    quiet({ disks: disks(`10.0.0.1:9422 /mnt/a/ no ${damaged} no 5 ${at} 100 10 4`) });
  assert.deepEqual(codes(now(view(seconds - 3600))), ['DISK_ERRORS']);
  assert.deepEqual(codes(now(view(seconds + 60))), ['DISK_ERRORS']);
  assert.deepEqual(codes(now(view(seconds - 90_000))), []);
  assert.deepEqual(codes(now(view(seconds - 60, 'yes'))), ['DISK_DAMAGED']);
});

test('scanning and removal of a disk are warnings', () => {
  const view = quiet({ disks: disks('10.0.0.1:9422 /mnt/a/ yes no yes 0 0 100 10 4') });
  assert.deepEqual(codes(now(view)), ['DISK_REMOVAL', 'DISK_SCANNING']);
});

test('a shadow is behind when it lacks what the master had before it was asked', () => {
  const list = metadata(
    '10.0.0.1 9421 a master running 60 3.13.0',
    '10.0.0.2 9421 a shadow connected 50 3.13.0',
  );
  const later = (metadataVersion: number): ClusterView['statuses'] => [
    {
      host: '10.0.0.2',
      port: 9421,
      addresses: ['10.0.0.2'],
      status: {
        state: 'known',
        unread: [],
        value: { personality: 'shadow', status: 'connected', metadataVersion },
      },
    },
  ];
  assert.deepEqual(codes(now(quiet({ metadataServers: list, statuses: later(60) }))), []);
  assert.deepEqual(codes(now(quiet({ metadataServers: list, statuses: later(52) }))), [
    'SHADOW_BEHIND',
  ]);
});

test('a master alone is warned about unless a metalogger is known', () => {
  const view = quiet({ metadataServers: metadata('10.0.0.1 9421 a master running 50 3.13.0') });
  assert.deepEqual(codes(now(view)), ['NO_SHADOW']);
  assert.deepEqual(codes(now(view, local('b', { daemons: ['mfsmetalogger'] }))), []);
});

test('one master asked by two names is not two masters', () => {
  const floating = {
    host: 'mfsmaster',
    port: 9421,
    addresses: ['10.0.0.100'],
    status: {
      state: 'known',
      unread: [],
      value: { personality: 'master', status: 'running', metadataVersion: 51 },
    },
  } as const;
  assert.deepEqual(codes(now(quiet({ statuses: [floating] }))), []);
});

test('two hosts that each say they are master are two masters, whatever the lists say', () => {
  const own = (host: string): Reading<unknown> =>
    local(host, {
      ownServer: { host: '127.0.0.1', port: 9421, running: true },
      status: {
        state: 'known',
        unread: [],
        value: { personality: 'master', status: 'running', metadataVersion: 50 },
      },
    });
  assert.ok(codes(now(quiet(), own('a'), own('b'))).includes('TWO_MASTERS'));
  assert.deepEqual(codes(now(quiet(), own('a'))), []);
});

test('configs that name different masters are told', () => {
  const told = (host: string, master: string): Reading<unknown> =>
    local(host, { masters: [{ host: master, from: 'x.cfg', addresses: [master] }] });
  const differ = now(quiet(), told('a', '10.0.0.1'), told('b', '10.0.0.2'));
  assert.deepEqual(codes(differ), ['MASTER_HOST_DIFFERS']);
  const agree = now(quiet(), told('a', '10.0.0.1'), told('b', '10.0.0.1'));
  assert.deepEqual(codes(agree), []);
});

/** A host that takes mfsmaster for these addresses. */
function naming(
  host: string,
  addresses: readonly string[] | undefined,
  users: readonly string[] = [],
): Reading<unknown> {
  const name = { name: 'mfsmaster', inHosts: addresses ?? [], users };
  const masters = users.map((from) => ({ host: 'mfsmaster', from, addresses: addresses ?? [] }));
  return local(host, { masters, names: [{ ...name, ...(addresses && { addresses }) }] });
}

test('hosts that take the name of the master for different machines are told once, each with what it says', () => {
  const moment = now(
    quiet(),
    naming('a', ['10.0.0.1'], ['mfschunkserver.cfg']),
    naming('b', ['10.0.0.2'], ['mfschunkserver.cfg']),
  );
  const [finding, ...more] = lizardfs.diagnose(moment);
  assert.deepEqual(more, []);
  assert.equal(finding?.code, 'LIZARDFS_MASTER_NAME_DIFFERS');
  assert.equal(finding.severity, 'warning');
  assert.equal(finding.says, 'mfsmaster is not the same everywhere: 10.0.0.1 on a; 10.0.0.2 on b.');
  assert.match(finding.means, /mfschunkserver\.cfg on a and mfschunkserver\.cfg on b/);
  assert.deepEqual(finding.remedies, ['lizardfs.name-and-firewall']);
});

test('on the master itself its name may be loopback', () => {
  assert.deepEqual(codes(now(quiet(), naming('a', ['127.0.1.1']), naming('b', ['10.0.0.1']))), []);
});

test('two addresses of one master are only a notice', () => {
  const two = { ...state('a', '10.0.0.1'), survey: survey('10.0.0.1', '10.0.0.100') };
  const readings = [naming('a', ['10.0.0.1']), naming('b', ['10.0.0.100'])];
  const moment = new Now(
    RECORDED_AT,
    [two, ...hosts.slice(1)],
    [fresh(clusterProbe, 'a', quiet()), ...readings],
  );
  assert.deepEqual(
    lizardfs.diagnose(moment).map(({ code, severity }) => [code, severity]),
    [['LIZARDFS_MASTER_NAME_DIFFERS', 'notice']],
  );
});

test('a host that does not know the name counts only where something looks for it', () => {
  const one = naming('a', ['10.0.0.1']);
  assert.deepEqual(codes(now(quiet(), one, naming('b', []))), []);
  assert.deepEqual(codes(now(quiet(), one, naming('b', [], ['mfschunkserver']))), [
    'MASTER_NAME_DIFFERS',
  ]);
  assert.deepEqual(codes(now(quiet(), one, naming('b', undefined, ['mfschunkserver']))), []);
});

test('servers of different versions are noticed', () => {
  const view = quiet({
    chunkservers: servers(
      '10.0.0.1:9422 3.13.0 4 10 100 0 0 0 0 _',
      '10.0.0.2:9422 3.12.0 4 10 100 0 0 0 0 _',
    ),
  });
  assert.deepEqual(codes(now(view)), ['VERSIONS_DIFFER']);
});

test('a list of shadows that breaks off means that one of them is silent', () => {
  const list = metadata('10.0.0.1 9421 a master running 50 3.13.0');
  assert.ok(list.state === 'known');
  const failure = { what: 'silent', where: 'a', means: '', todo: '' };
  const view = quiet({ metadataServers: { ...list, state: 'partial', failure } });
  assert.ok(codes(now(view)).includes('SHADOW_DOWN'));
  assert.ok(codes(now(view)).includes('PARTIAL'));
});

test('lines that nobody understood are shown', () => {
  const reading = { ...fresh(clusterProbe, 'a', quiet()), unread: ['what is this'] };
  const [finding] = lizardfs.diagnose(new Now(RECORDED_AT, hosts, [reading]));
  assert.equal(finding?.code, 'LIZARDFS_UNREAD');
  assert.deepEqual(finding.evidence[0]?.lines, ['what is this']);
});

test('a finding quotes the line that proves it, with its command', () => {
  const line = '10.0.0.2:9422 - 0 0 0 0 0 0 0 -';
  const exchange: Exchange = {
    host: 'a',
    command: { argv: ['lizardfs-admin', 'list-chunkservers'], effect: 'reads', deadline: 8000 },
    outcome: { kind: 'exited', code: 0, stdout: `${line}\nother\n`, stderr: '' },
    at: RECORDED_AT,
    took: 10,
  };
  const view = quiet({ chunkservers: servers(line) });
  const reading = fresh(clusterProbe, 'a', view, [exchange]);
  const [finding] = lizardfs.diagnose(new Now(RECORDED_AT, hosts, [reading]));
  assert.deepEqual(finding?.evidence, [
    { host: 'a', command: 'lizardfs-admin list-chunkservers', lines: [line] },
  ]);
});

test('without a master the problems known from before stay, and the pane says how old they are', async () => {
  const recorded = await recordedNow(lizardfs, 'one-cs-down');
  const [before] = recorded.known(clusterProbe);
  assert.ok(before);
  const failure = { what: 'no LizardFS master answers at m1', where: 'm1', means: '', todo: '' };
  const at = RECORDED_AT - 90_000;
  const { probe, host, asked, value, unread } = before;
  const base = { probe, host, asked, value, unread };
  const stale: Reading<unknown> = { ...base, kind: 'stale', at, failure, failedAt: RECORDED_AT };
  const moment = new Now(RECORDED_AT, recorded.hosts, [stale]);
  const found = codes(moment);
  assert.ok(found.includes('NO_MASTER') && found.includes('CHUNKSERVER_DOWN'));
  const { rows, head } = lizardfs.pane.draw(moment);
  assert.match(head?.[0]?.text ?? '', /1 min old/);
  assert.ok(rows.every(({ tone }) => tone !== 'good'));
});

test('a metadata server reached by loopback is shown by the address of its host', () => {
  const view = quiet({
    master: { host: '127.0.0.1', port: 9421 },
    metadataServers: metadata(
      '127.0.0.1 9421 a master running 50 3.13.0',
      '10.0.0.2 9421 a shadow connected 50 3.13.0',
    ),
  });
  const { rows } = lizardfs.pane.draw(now(view));
  assert.deepEqual(
    rows.slice(0, 2).map(({ cells, hosts: of }) => [cells[0]?.text, of]),
    [
      ['10.0.0.1:9421', ['a']],
      ['10.0.0.2:9421', ['b']],
    ],
  );
});

test('a shadow that is behind and stands still is an alert, one that moves a warning', () => {
  const seen = now(
    quiet({
      metadataServers: metadata(
        '10.0.0.1 9421 a master running 50 3.13.0',
        '10.0.0.2 9421 a shadow connected 40 3.13.0',
      ),
    }),
  );
  const severity = (pace: number): string | undefined => {
    const paces = new Map([[versionMetric('10.0.0.2:9421'), pace]]);
    const at = new Now(seen.at, seen.hosts, seen.readings, new Map(), paces);
    return lizardfs.diagnose(at).find(({ code }) => code === 'LIZARDFS_SHADOW_BEHIND')?.severity;
  };
  assert.deepEqual([severity(0), severity(3)], ['alert', 'warning']);
});

test('metadata is late when it was due 45 minutes ago, not when it is 45 minutes old', () => {
  const saved = (minutes: number): boolean => {
    const server = {
      ip: '10.0.0.1',
      hostname: '',
      personality: 'master',
      status: 'running',
      metadataVersion: 50,
      version: '3.0.117',
      savedSecondsAgo: minutes * 60,
    };
    const value = { servers: [server], loggers: [{ ip: '10.0.0.2', version: '3.13.0' }] };
    const view = quiet({ metadataServers: { state: 'known', value, unread: [] } });
    return lizardfs.diagnose(now(view)).some(({ code }) => code === 'LIZARDFS_METADATA_UNSAVED');
  };
  assert.deepEqual([saved(50), saved(106)], [false, true]);
});

test('the matrix has goals by what is safe, endangered and lost, and what is to be made of each', () => {
  const health = known(
    parseChunksHealth(
      'AVA 2 5 3 0\nREP 2 5 3 0 0 0 0 0 0 0 0 0\nAVA 3 7 0 1\nREP 3 7 0 1 0 0 0 0 0 0 0 0\n',
    ),
  );
  const { rows } = lizardfs.pane.draw(now(quiet({ health })));
  const tables = rows.flatMap((row) =>
    row
      .details()
      .blocks.filter((block) => block.kind === 'table' && block.label.includes('matrix')),
  );
  const [matrix] = tables;
  assert.ok(matrix?.kind === 'table');
  assert.deepEqual(
    matrix.columns.map(({ title }) => title),
    ['goal', 'safe', 'endangered', 'lost', 'none', '1 more', '2 more'],
  );
  assert.deepEqual(
    matrix.rows.map((cells) => cells.map(({ text }) => text)),
    [
      ['2', '5', '3', '0', '5', '3', '-'],
      ['3', '7', '0', '1', '7', '-', '1'],
    ],
  );
});

test('what is to be copied has its pace and the time left, and standing still is said', () => {
  const health = known(parseChunksHealth('AVA 2 60 40 0\nREP 2 60 40 0 0 0 0 0 0 0 0 0\n'));
  const seen = now(quiet({ health }));
  const running = (perSecond: number) => {
    const paces = new Map([[backlogMetric('2'), perSecond]]);
    return lizardfs.pane.running(new Now(seen.at, seen.hosts, seen.readings, new Map(), paces))[0];
  };
  assert.equal(running(-2)?.secondsLeft, 20);
  assert.equal(running(0)?.stalled, true);
});
