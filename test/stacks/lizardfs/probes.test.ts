import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import type { Answer } from '../../../source/core/probe.js';
import { quoteAll } from '../../../source/core/quote.js';
import { clusterProbe } from '../../../source/stacks/lizardfs/probes/cluster.js';
import { localProbe } from '../../../source/stacks/lizardfs/probes/local.js';
import { hostsLinesCommand } from '../../../source/stacks/lizardfs/probes/names.js';
import {
  configCommand,
  elsewhereCommand,
  mountsCommand,
  parseAddresses,
  parseConfigs,
  parseLocalMounts,
  parseProcesses,
  processesCommand,
  resolveCommand,
  toolCommand,
} from '../../../source/stacks/lizardfs/tools/on-host.js';
import { recordedHost } from '../../../source/transport/recorded.js';
import { fixturesFolder } from '../../support/recordings.js';

function printed(stdout: string, code = 0): Outcome {
  return { kind: 'exited', code, stdout, stderr: '' };
}

/** A host that answers by the whole command line; what it does not know is not installed. */
function host(answers: readonly (readonly [string, Outcome])[], asked: string[][] = []): Reader {
  const known = new Map(answers);
  let turn: string[] = [];
  return {
    name: 'xs-1',
    run: async ({ argv }) => {
      if (turn.length === 0) {
        asked.push(turn);
        queueMicrotask(() => (turn = []));
      }
      turn.push(quoteAll(argv));
      await new Promise(setImmediate);
      return known.get(quoteAll(argv)) ?? printed('', 127);
    },
  };
}

const basics = [
  [quoteAll(processesCommand.argv), printed('systemd\nmfschunkserver\n')],
  [quoteAll(toolCommand.argv), printed('/usr/sbin/lizardfs-admin\n')],
] as const;

function value<T>(answer: Answer<T>): T {
  assert.equal(answer.kind, 'value');
  return answer.value;
}

test('the password of a master and of a mount never leaves the host', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'configs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'lizardfs'));
  writeFileSync(
    join(folder, 'lizardfs', 'mfsmaster.cfg'),
    '# PERSONALITY = master\n PERSONALITY=shadow\nADMIN_PASSWORD = secret\nMASTER_HOST = a # b\n',
  );
  writeFileSync(
    join(folder, 'lizardfs', 'mfsmount.cfg'),
    '#mfsmaster=old\nmfspassword=secret,mfsmaster=10.0.0.1,mfsmd5pass=secret\n/mnt/secret\n',
  );
  const script = (configCommand.argv[2] ?? '').replaceAll('/etc/', `${folder}/`);
  const text = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.ok(!text.includes('secret'), text);
  const { value: files, unread } = parseConfigs(text);
  assert.deepEqual(unread, []);
  assert.deepEqual(
    files.map(({ settings }) => settings),
    // A value goes to the end of its line: the daemons know no comments behind it.
    [{ PERSONALITY: 'shadow', MASTER_HOST: 'a # b' }, { 'mount-master': '10.0.0.1' }],
  );
});

test('mounts are known by their source or their type, with blanks in their names', () => {
  const { value: mounts, unread } = parseLocalMounts(
    [
      'mfs#10.0.0.1:9421 /mnt/my\\040files fuse rw,nosuid 0 0',
      'mfsmaster:9421/vm /srv/vm fuse.mfs ro,relatime 0 0',
      'odd fuse.mfs',
    ].join('\n'),
  );
  assert.deepEqual(mounts, [
    { mountPoint: '/mnt/my files', master: { host: '10.0.0.1', port: 9421 }, readOnly: false },
    { mountPoint: '/srv/vm', master: { host: 'mfsmaster', port: 9421 }, readOnly: true },
  ]);
  assert.deepEqual(unread, ['odd fuse.mfs']);
});

test('of the processes only the daemons of this file system are kept, each once', () => {
  const text = 'systemd\n mfsmaster\nmfschunkserver\nmfsmount\nmfsmount\nsfsmetalogger\nsshd\n';
  assert.deepEqual(parseProcesses(text), [
    'mfschunkserver',
    'mfsmaster',
    'mfsmount',
    'sfsmetalogger',
  ]);
});

test('a name has each of its addresses once', () => {
  const text = '10.0.0.1      STREAM mfsmaster\n10.0.0.1      DGRAM  \n10.0.0.2      STREAM \n';
  assert.deepEqual(parseAddresses(text), ['10.0.0.1', '10.0.0.2']);
});

test('a host with nothing of it is absent to both probes', async () => {
  const empty = host([[quoteAll(toolCommand.argv), printed('')]]);
  assert.equal((await localProbe.read(empty)).kind, 'absent');
  assert.equal((await clusterProbe.read(empty)).kind, 'absent');
});

test('a host without the administration tool leaves the cluster to another host', async () => {
  const answers = [basics[0], [quoteAll(toolCommand.argv), printed('')]] as const;
  assert.equal((await clusterProbe.read(host(answers))).kind, 'absent');
});

test('a host that does not answer is a failure, not an absence', async () => {
  const gone: Reader = {
    name: 'xs-1',
    run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
  };
  const answer = await clusterProbe.read(gone);
  assert.equal(answer.kind === 'failed' && answer.failure.what, 'no route to host');
});

test('the name mfsmaster is tried where nothing names a master', async () => {
  const answer = await clusterProbe.read(host(basics));
  assert.equal(answer.kind, 'failed');
  assert.match(answer.failure.what, /^no LizardFS master answers at mfsmaster:9421/);
});

test('the place of a mount is where the master is looked for', async () => {
  const mount = printed('mfs#10.0.0.7:9421 /mnt fuse rw 0 0\n');
  const answer = await clusterProbe.read(host([...basics, [quoteAll(mountsCommand.argv), mount]]));
  assert.match(answer.kind === 'failed' ? answer.failure.what : '', /at 10\.0\.0\.7:9421/);
});

test('all questions to the master are asked in one turn', async () => {
  const asked: string[][] = [];
  const recorded = await recordedHost('m1', join(fixturesFolder, 'lizardfs/healthy/m1'));
  const counting = host([], asked);
  const reader: Reader = {
    name: 'm1',
    run: async (command) => {
      await counting.run(command);
      return recorded.run({ ...command, effect: 'reads' });
    },
  };
  const view = value(await clusterProbe.read(reader));
  assert.equal(view.chunkservers.state, 'known');
  assert.deepEqual(
    asked.map((turn) => turn.length),
    // Looking around, then everything of the likeliest master, then the shadow that it named.
    [5, 8, 1],
  );
});

test('a silent chunkserver leaves the disks that had been printed', async () => {
  const recorded = await recordedHost('m1', join(fixturesFolder, 'lizardfs/hung-cs/m1'));
  const answer = await clusterProbe.read(recorded);
  const view = value(answer);
  assert.equal(view.disks.state === 'partial' && view.disks.value.disks.length, 2);
  assert.match(answer.kind === 'value' ? (answer.partial?.what ?? '') : '', /^list-disks: /);
});

test('of two masters the one whose metadata has seen more is believed', async () => {
  const recorded = await recordedHost('m1', join(fixturesFolder, 'lizardfs/two-masters/m1'));
  assert.deepEqual(value(await clusterProbe.read(recorded)).master.host, '127.0.0.12');
});

test('of two masters the one that the chunkservers have joined is believed, whatever its metadata has seen', async () => {
  const admin = (ask: string, address: string): string =>
    quoteAll(['lizardfs-admin', ask, '--porcelain', address, '9421']);
  const answer = await clusterProbe.read(
    host([
      ...basics,
      [quoteAll(mountsCommand.argv), printed('mfs#10.0.0.1:9421 /mnt fuse rw 0 0\n')],
      [
        quoteAll(configCommand.argv),
        printed('file /etc/mfs/mfschunkserver.cfg\nMASTER_HOST=10.0.0.2\n'),
      ],
      [admin('metadataserver-status', '10.0.0.1'), printed('master\trunning\t900\n')],
      [admin('metadataserver-status', '10.0.0.2'), printed('master\trunning\t800\n')],
      [admin('list-chunkservers', '10.0.0.1'), printed('10.0.0.9:9422 - 0 0 0 0 0 0 0 -\n')],
      [
        admin('list-chunkservers', '10.0.0.2'),
        printed('10.0.0.9:9422 3.13.0 28 65710080 756248576 0 0 0 0 hdd\n'),
      ],
    ]),
  );
  assert.equal(value(answer).master.host, '10.0.0.2');
});

test('a master that runs where the name means another host is not believed alone', async () => {
  const asked: string[][] = [];
  const own = [
    [quoteAll(processesCommand.argv), printed('mfsmaster\n')],
    [quoteAll(toolCommand.argv), printed('/usr/sbin/lizardfs-admin\n')],
  ] as const;
  const there = [quoteAll(elsewhereCommand.argv), printed('mfsmaster\n')] as const;
  const statuses = () => asked.flat().filter((line) => line.includes('metadataserver-status'));
  await clusterProbe.read(host(own, asked));
  assert.deepEqual(statuses(), ['lizardfs-admin metadataserver-status --porcelain 127.0.0.1 9421']);
  asked.length = 0;
  await clusterProbe.read(host([...own, there], asked));
  assert.deepEqual(statuses(), [
    'lizardfs-admin metadataserver-status --porcelain 127.0.0.1 9421',
    'lizardfs-admin metadataserver-status --porcelain mfsmaster 9421',
  ]);
});

test('a host tells what it takes the name of the master for, and what looks for it', async () => {
  const hostsLines = printed('10.0.0.9\tmfsmaster\n10.0.0.7 mfsmaster.example\n');
  const answers = [
    ...basics,
    [quoteAll(hostsLinesCommand(['mfsmaster']).argv), hostsLines],
    [quoteAll(resolveCommand('mfsmaster').argv), printed('10.0.0.9 STREAM mfsmaster\n')],
  ] as const;
  assert.deepEqual(value(await localProbe.read(host(answers))).names, [
    {
      name: 'mfsmaster',
      addresses: ['10.0.0.9'],
      inHosts: ['10.0.0.9'],
      // It runs, and no mfschunkserver.cfg names another.
      users: ['mfschunkserver'],
    },
  ]);
  const unknown = [
    ...basics,
    [quoteAll(resolveCommand('mfsmaster').argv), printed('', 2)],
  ] as const;
  const [name] = value(await localProbe.read(host(unknown))).names;
  assert.deepEqual(name?.addresses, []);
  // A resolver that fails otherwise has not said that there is no such name.
  const [silent] = value(await localProbe.read(host(basics))).names;
  assert.equal(silent?.addresses, undefined);
});
