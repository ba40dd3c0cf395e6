import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import { ocfs2 } from '../../../source/stacks/ocfs2/index.js';
import { makeOcfs2 } from '../../../source/stacks/ocfs2/steps/make-file-system.js';
import { clusterSpec } from '../../../source/stacks/ocfs2/wizards/cluster/index.js';
import { seeUnused } from '../../../source/steps/see-unused.js';
import { readRecording, recordedHost } from '../../../source/transport/recorded.js';
import { assertGolden, draftOf, faultsOf, reviewOf } from '../../support/carry-out.js';
import { fixturesFolder } from '../../support/recordings.js';
import { wholeCluster } from '../../support/surroundings.js';

const golden = new URL('../../../../test/stacks/ocfs2/cluster-wizard.txt', import.meta.url);
const FRESH = { fileSystem: '0d8b1f5e-6c1c-4f0e-9a0b-0f5d7c3a2b11', token: '0123456789abcdef' };
const ANSWERS = {
  hosts: ['fiori', 'torchio'],
  network: '192.0.2.0/25',
  device: '/dev/drbd0',
  label: 'pub',
  mountPoint: '/vol/pub',
};

/** What a host said, as it is to be said: the output of each command goes through it. */
type Altered = (said: string, argv: readonly string[]) => string;

/** The looks of others (firewall, devices) change now and then: one is known by how it begins. */
const BEGINS = 20;

async function host(situation: string, name: string, altered: Altered): Promise<Reader> {
  const folder = join(fixturesFolder, 'ocfs2', situation, name);
  const [recorded, { commands }] = await Promise.all([
    recordedHost(name, folder),
    readRecording(folder),
  ]);
  const alike = (script: string) =>
    commands.find(
      ({ argv }) => argv[0] === 'sh' && argv[2]?.slice(0, BEGINS) === script.slice(0, BEGINS),
    )?.argv;
  return {
    name,
    run: async (command) => {
      const { argv } = command;
      const known = argv[0] === 'sh' ? alike(argv[2] ?? '') : undefined;
      const outcome: Outcome = await recorded.run({ ...command, argv: known ?? argv });
      return outcome.kind === 'exited'
        ? { ...outcome, stdout: altered(outcome.stdout, argv) }
        : outcome;
    },
  };
}

const asRecorded: Altered = (said) => said;

async function look(situation: string, on: Readonly<Record<string, Altered>> = {}) {
  const hosts = ANSWERS.hosts.map((name) => host(situation, name, on[name] ?? asRecorded));
  const found = await clusterSpec.look(await Promise.all(hosts), wholeCluster);
  return { ...found, fresh: FRESH };
}

async function plan(
  situation: string,
  answers: object = {},
  on: Readonly<Record<string, Altered>> = {},
) {
  const found = await look(situation, on);
  return clusterSpec.plan(found, clusterSpec.answers.parse({ ...ANSWERS, ...answers }));
}

test('the plan says every command, as it was reviewed once', async () => {
  const draft = draftOf(await plan('no-cluster'));
  const text = [
    ...reviewOf(draft, ocfs2),
    ...draft.confirmations.map(({ word, accepts }) => `type ${word}: ${accepts}`),
    `put back: ${draft.putBack}`,
    ...draft.warnings,
    '',
  ];
  assertGolden(golden, text.join('\n'));
});

test('every node gets the same bytes, in which it is called by its host name', async () => {
  const draft = draftOf(await plan('no-cluster'));
  const files = draft.steps.flatMap(({ kind, params }) => {
    const text = JSON.stringify(params);
    return kind === 'file.edit' && text.includes('cluster.conf') ? [text] : [];
  });
  assert.equal(files.length, 2);
  assert.equal(files[0], files[1]);
  assert.match(files[0] ?? '', /\\tname = fiori\\n.*\\tname = torchio\\n/);
});

test('mkfs comes after every node is online and was seen not to use the device, on one node alone', async () => {
  const { steps } = draftOf(await plan('no-cluster'));
  const made = steps.filter(({ kind }) => kind === 'ocfs2.make-file-system');
  assert.deepEqual(
    made.map(({ host: on }) => on),
    ['fiori'],
  );
  const needed = new Set(made.flatMap(({ needs }) => needs));
  const seen = steps.find(({ kind }) => kind === 'disk.see-unused');
  assert.ok(seen?.host === 'torchio' && needed.has(seen.id));
});

test('the questions offer the network that both are in, and the device that both have', async () => {
  const asked = clusterSpec.questions(await look('no-cluster'), {});
  const network = asked.find(({ key }) => key === 'network');
  assert.ok(network?.kind === 'one');
  assert.deepEqual(
    network.choices.map(({ value }) => value),
    // Both have the same address in the network of their own consoles.
    ['192.0.2.0/25', '192.0.2.128/25'],
  );
  const device = asked.find(({ key }) => key === 'device');
  assert.ok(device?.kind === 'one');
  assert.deepEqual(
    device.choices.map(({ value, gate }) => [value, gate.open]),
    [['/dev/drbd0', true]],
  );
});

test('what is mounted on any node is no place for a new file system; the one there may be used', async () => {
  assert.match(
    faultsOf(await plan('mounted-on-both', { accept: ['ocfs2'] })).join(),
    /device: \/dev\/drbd0: fiori: it is mounted at \/mnt\/data/,
  );
  const used = draftOf(
    await plan('mounted-on-both', { fileSystem: 'existing', mountPoint: '/mnt/data', test: false }),
  );
  assert.ok(used.steps.every(({ kind }) => kind !== 'ocfs2.make-file-system'));
  assert.deepEqual(used.confirmations, []);
});

const roles =
  (words: string): Altered =>
  (said) =>
    said.replace(/^(drbd drbd0 r0) .*$/m, `$1 ${words}`);

test('a DRBD that is not Primary on both sides, or out of touch, is closed with the reason', async () => {
  for (const words of [
    'r0 role:Primary   disk:UpToDate   peer role:Secondary     replication:Established peer-disk:UpToDate',
    'r0 role:Primary   disk:UpToDate   peer connection:Connecting',
    'r0 role:Primary   disk:UpToDate   torchio connection:StandAlone',
  ]) {
    assert.match(
      faultsOf(await plan('no-cluster', {}, { fiori: roles(words) })).join(),
      /device: \/dev\/drbd0: r0 is not connected and Primary on both sides, as fiori sees it/,
    );
  }
  const nine = 'r0 role:Primary   disk:UpToDate   torchio role:Primary     peer-disk:UpToDate';
  assert.ok((await plan('no-cluster', {}, { fiori: roles(nine), torchio: roles(nine) })).ok);
});

test('two resources that have one minor by chance are not one device', async () => {
  const other: Altered = (said) => said.replace('drbd drbd0 r0 ', 'drbd drbd0 r7 ');
  assert.match(
    faultsOf(await plan('no-cluster', {}, { torchio: other })).join(),
    /device: \/dev\/drbd0: torchio does not have r0 as drbd0/,
  );
});

test('hosts of one name, a network that not all are in, and too few slots are told', async () => {
  const same: Altered = (said) => said.replace(/^hostname torchio$/m, 'hostname fiori');
  assert.match(
    faultsOf(await plan('no-cluster', {}, { torchio: same })).join(),
    /shares its host name with another/,
  );
  assert.match(faultsOf(await plan('no-cluster', { network: '10.9.0.0/16' })).join(), /network: /);
  assert.match(
    faultsOf(await plan('no-cluster', { slots: 1 })).join(),
    /2 nodes need as many slots/,
  );
});

test('a kernel without OCFS2, or too old for every feature, closes what it cannot', async () => {
  const without: Altered = (said) => said.replace(/^module$/m, '');
  assert.match(
    faultsOf(await plan('no-cluster', {}, { torchio: without })).join(),
    /hosts: torchio: its kernel has no OCFS2/,
  );
  const old: Altered = (said) => said.replace(/^kernel .*$/m, 'kernel 3.2.0-4-amd64');
  assert.match(
    faultsOf(await plan('no-cluster', { features: 'max-features' }, { torchio: old })).join(),
    /features: the kernel of torchio may not know all of them/,
  );
});

test('a host without the package gets it with its answers; without a package manager it is closed', async () => {
  const bare: Altered = (said, argv) =>
    argv[1] === '/etc/default/o2cb' || argv[2] === '/etc/default/o2cb'
      ? said
      : said.replace(/^installed$/m, '');
  const { steps } = draftOf(await plan('no-cluster', {}, { torchio: bare }));
  const there = steps.filter(({ host: on }) => on === 'torchio').map(({ kind }) => kind);
  assert.deepEqual(there.slice(0, 2), ['command.run', 'package.install']);
  const none: Altered = (said) => said.replace(/^installed$/m, '').replace(/^apt$/m, '');
  assert.match(
    faultsOf(await plan('no-cluster', {}, { torchio: none })).join(),
    /ocfs2-tools are not installed there/,
  );
});

test('another line of fstab, or another mount, at the place is told', async () => {
  const fstab: Altered = (said, argv) =>
    argv.includes('/etc/fstab') ? `${said}/dev/vdd /vol/pub ext4 defaults 0 2\n` : said;
  assert.match(
    faultsOf(await plan('no-cluster', {}, { torchio: fstab })).join(),
    /mountPoint: torchio: \/etc\/fstab has another line for \/vol\/pub: \/dev\/vdd/,
  );
});

const PARAMS = {
  ...{ device: '/dev/drbd0', uuid: FRESH.fileSystem, label: 'pub', slots: 2, use: 'mail' },
  ...{ features: 'max-features', cluster: 'ocfs2', sizeBytes: 268390400, accepted: [] },
} as const;

test('mkfs.ocfs2 is never given -F, which writes over what is mounted', () => {
  const bound = makeOcfs2.bind(PARAMS);
  assert.ok(bound.ok);
  assert.deepEqual(bound.step.commands[0]?.argv, [
    ...['mkfs.ocfs2', '-x', '-U', FRESH.fileSystem, '-L', 'pub', '-N', '2', '-T', 'mail'],
    ...['--fs-feature-level=max-features', '/dev/drbd0'],
  ]);
});

/** A host with one DRBD device, mounted or not, and a cluster that is online or not. */
function played({
  mounted = '',
  uuid = '',
  type = '',
  size = 268390400,
  online = true,
  found = '',
}) {
  const fields = `NAME="drbd0" KNAME="drbd0" PKNAME="" TYPE="disk" RO="0" SIZE="${size}" SERIAL="" WWN="" MODEL="" TRAN="" FSTYPE="" LABEL="" UUID="" MOUNTPOINT="${mounted}"`;
  const probe = type === '' ? '' : `probe drbd0 UUID=${uuid}\nprobe drbd0 TYPE=${type}\n`;
  const devices = `device ${fields}\nasked drbd0 /dev/drbd0\n${probe}`;
  const reader: Reader = {
    name: 'fiori',
    run: ({ argv }) => {
      const stdout = argv[0] === 'sh' ? devices : argv[0] === 'debugfs.ocfs2' ? found : '';
      const code = argv[0] === 'o2cb' && !online ? 1 : 0;
      return Promise.resolve({ kind: 'exited', code, stdout, stderr: '' });
    },
  };
  return reader;
}

test('a device that came into use, changed or lost its cluster since the review is refused', async () => {
  const bound = makeOcfs2.bind(PARAMS);
  assert.ok(bound.ok);
  const { check } = bound.step;
  const said = async (host: Reader) => {
    const verdict = await check(host);
    return 'because' in verdict ? verdict.because : verdict.kind;
  };
  assert.equal(await said(played({})), 'notYet');
  assert.match(await said(played({ mounted: '/mnt/x' })), /it is mounted at \/mnt\/x/);
  assert.match(await said(played({ size: 1024 })), /another size than reviewed/);
  assert.match(
    await said(played({ type: 'ext4', uuid: 'a' })),
    /it holds ext4, which was not accepted/,
  );
  assert.match(await said(played({ online: false })), /the cluster ocfs2 is not online/);
});

test('a mkfs that was killed half-way is made again; a whole one is found done', async () => {
  const bound = makeOcfs2.bind(PARAMS);
  assert.ok(bound.ok);
  const own = { type: 'ocfs2', uuid: FRESH.fileSystem };
  assert.equal((await bound.step.check(played(own))).kind, 'notYet');
  const whole = { ...own, found: '\tInode: 16   Mode: 0755\n\tType: Directory   Attr: 0x0\n' };
  assert.equal((await bound.step.check(played(whole))).kind, 'done');
});

test('a node that uses the device stops the run before another one writes on it', async () => {
  const bound = seeUnused.bind({ device: '/dev/drbd0', sizeBytes: 268390400 });
  assert.ok(bound.ok);
  assert.equal((await bound.step.check(played({}))).kind, 'done');
  const used = await bound.step.check(played({ mounted: '/mnt/x' }));
  assert.ok(used.kind === 'refused' && used.because.includes('/dev/drbd0 of fiori: it is mounted'));
});
