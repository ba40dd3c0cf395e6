import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Host, Outcome } from '../../../../../source/core/host.js';
import { StepKinds } from '../../../../../source/core/step.js';
import {
  chunkDisks,
  chunkDisksSpec,
} from '../../../../../source/stacks/lizardfs/wizards/chunk-disks/index.js';
import {
  look,
  type Found,
} from '../../../../../source/stacks/lizardfs/wizards/chunk-disks/look.js';
import { lizardfs } from '../../../../../source/stacks/lizardfs/index.js';
import { generalSteps } from '../../../../../source/steps/index.js';
import { wholeCluster } from '../../../../support/surroundings.js';

const golden = new URL(
  '../../../../../../test/stacks/lizardfs/wizards/chunk-disks/plan.txt',
  import.meta.url,
);
const BLANK = 'ata-CT250MX200SSD1_153710904260';
const OLD = 'ata-SAMSUNG_HD204UI_S2H7J1CZ909998';
const BY_ID = '/dev/disk/by-id';

const disk = (name: string, id: string, more = ''): string => {
  const serial = id.slice(id.lastIndexOf('_') + 1);
  const model = id.slice(4, id.lastIndexOf('_'));
  return [
    `device NAME="${name}" KNAME="${name}" PKNAME="" TYPE="disk" RO="0" SIZE="250059350016" SERIAL="${serial}" WWN="" MODEL="${model}" FSTYPE=""`,
    `link /dev/${name} ${id}`,
    more,
  ].join('\n');
};

const DEVICES = [
  disk('sda', 'ata-SYSTEM_1', 'number sda 8:0\nmount 1 0 8:0 / / rw - ext4 /dev/sda rw'),
  disk('sdi', BLANK),
  disk('sdf', OLD, 'signature sdf 0x438,u,,ext4'),
].join('\n');

const FACTS = [
  'folder /etc/mfs',
  'file /etc/mfs/mfshdd.cfg',
  'user mfs mfs',
  'program /usr/sbin/mfschunkserver',
  'unit lizardfs-chunkserver.service CanReload=yes',
  'runs mfschunkserver',
  'maker mkfs.ext4',
  'verifies',
  'address 10.0.0.1',
].join('\n');

/** What a host answers to the wizard's looks; `change` puts other answers in their place. */
function hostWith(name: string, change: Readonly<Record<string, string>> = {}): Host {
  const answers: Readonly<Record<string, string>> = {
    devices: DEVICES,
    facts: FACTS,
    '/etc/fstab': '/dev/sda / ext4 defaults 0 1\n',
    '/etc/mfs/mfshdd.cfg': '# disks\n/mnt/old\n',
    ...change,
  };
  const run = ({ argv }: { readonly argv: readonly string[] }): Promise<Outcome> => {
    const stdout = answers[subject(argv)];
    if (stdout === undefined) {
      return Promise.resolve({ kind: 'exited', code: 1, stdout: '', stderr: 'No such file' });
    }
    return Promise.resolve({ kind: 'exited', code: 0, stdout, stderr: '' });
  };
  return { name, run };
}

function subject(argv: readonly string[]): string {
  const script = argv[2] ?? '';
  if (argv[0] === 'lsblk' || argv[0] === 'wipefs' || argv[3] === 'sh') return 'basis';
  if (argv[0] === 'cat') return script;
  if (script.startsWith('lsblk')) return 'devices';
  return script.includes('mkfs.xfs') ? 'facts' : '';
}

/** The same names for the new file systems each time. */
function settled(found: Found): Found {
  let n = 0;
  const uuid = (): string => `00000000-0000-4000-8000-${String((n += 1)).padStart(12, '0')}`;
  const hosts = found.hosts.map((host) =>
    host.ok ? { ...host, disks: host.disks.map((one) => ({ ...one, freshUuid: uuid() })) } : host,
  );
  return { ...found, hosts };
}

async function foundOn(...hosts: readonly Host[]): Promise<Found> {
  return settled(await look(hosts, wholeCluster));
}

const one = hostWith('xs-1', { basis: 'said before' });
const key = (id: string, host = 'xs-1'): string => `${host}:${BY_ID}/${id}`;

async function faultsOf(found: Found, answers: object): Promise<readonly string[]> {
  const drafted = chunkDisksSpec.plan(found, chunkDisksSpec.answers.parse(answers));
  return Promise.resolve(drafted.ok ? [] : drafted.faults.map((f) => `${f.key}: ${f.says}`));
}

test('from blank disks to a plan that says every command, as it was reviewed once', async () => {
  const found = await foundOn(one);
  const answers = {
    disks: [key(BLANK), { host: 'xs-1', device: `${BY_ID}/${OLD}`, accept: ['ext4'] }],
  };
  const drafted = chunkDisksSpec.plan(
    {
      ...found,
      master: {
        from: 'xs-1',
        admin: 'lizardfs-admin',
        place: { host: '10.0.0.9', port: 9421 },
        servers: [],
      },
    },
    chunkDisksSpec.answers.parse(answers),
  );
  assert.ok(drafted.ok);
  const { draft } = drafted;
  const kinds = new StepKinds([...generalSteps, ...(lizardfs.steps ?? [])]);
  const steps = draft.steps.flatMap((step) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : bound.because);
    const { telling, preview, undo } = bound.step;
    const back =
      undo.kind === 'commands' ? undo.says : undo.kind === 'impossible' ? undo.because : '-';
    return [
      `${step.id} ${step.host} ${step.kind} after ${step.needs.join(' ') || 'nothing'}: ${telling.title}, ${telling.on}`,
      ...preview.lines.map((line) => `    ${line}`),
      `    undo: ${back}`,
    ];
  });
  const text = [
    draft.title,
    ...steps,
    ...draft.confirmations.map(({ word, accepts }) => `type ${word}: ${accepts}`),
    ...draft.loses.map((line) => `loses: ${line}`),
    ...draft.warnings.map((line) => `warning: ${line}`),
    ...draft.basis.map(({ says, expect }) => `basis: ${says}: ${expect}`),
  ].join('\n');
  assert.equal(`${text}\n`, readFileSync(golden, 'utf8'));
});

test('every wrong answer is named, not only the first', async () => {
  const found = await foundOn(one);
  const answers = {
    disks: [
      key('ata-SYSTEM_1'),
      key(OLD),
      key('ata-NONE'),
      key(BLANK, 'xs-9'),
      key(BLANK),
      key(BLANK),
    ],
    accept: [`${key('ata-OTHER')} ext4`],
    fileSystem: 'xfs',
  };
  assert.deepEqual(await faultsOf(found, answers), [
    `disks: ${key('ata-SYSTEM_1')}: the system runs from it (/)`,
    `disks: ${key(OLD)}: it holds ext4, whose loss must be accepted by name`,
    `disks: ${key('ata-NONE')}: there is no such disk`,
    `disks: ${key(BLANK, 'xs-9')}: its host is not among those that were looked at`,
    `disks: ${key(BLANK)} is named twice`,
    `accept: ${key('ata-OTHER')} ext4: this disk is not among those chosen`,
    'fileSystem: mkfs.xfs is not on xs-1',
  ]);
});

test('answers of the wrong shape are refused by the schema, by name', async () => {
  const session = await chunkDisks.begin([one], wholeCluster);
  const drafted = session.plan({ disks: [], mountRoot: 'mnt', fileSystem: 'zfs', more: 1 });
  assert.ok(!drafted.ok);
  const keys = drafted.faults.map(({ key: name }) => name).sort();
  assert.deepEqual(keys, ['', 'disks', 'fileSystem', 'mountRoot']);
});

test('what accepting one signature does not cover is still refused', async () => {
  const found = await foundOn(one);
  const disks = [{ host: 'xs-1', device: `${BY_ID}/${OLD}`, accept: ['xfs'] }];
  assert.match(
    (await faultsOf(found, { disks })).join(),
    /holds ext4, whose loss must be accepted/,
  );
  const accept = [`${key(OLD)} ext4`];
  assert.deepEqual(await faultsOf(found, { disks: [key(OLD)], accept }), []);
});

test('a mount point or a disk that fstab or the list has already is refused', async () => {
  const fstab = `${BY_ID}/${BLANK} /srv ext4 defaults 0 2\n`;
  const listed = `/mnt/${BLANK}/\n`;
  const found = await foundOn(
    hostWith('xs-1', { basis: '', '/etc/fstab': fstab, '/etc/mfs/mfshdd.cfg': listed }),
  );
  assert.deepEqual(await faultsOf(found, { disks: [key(BLANK)] }), [
    `disks: xs-1: /etc/fstab has a line for ${BY_ID}/${BLANK} already; take it out first`,
    `disks: xs-1: /etc/mfs/mfshdd.cfg lists /mnt/${BLANK} already; take it out first`,
  ]);
});

test('a disk that two hosts see is taken by one of them at most, and by none where one uses it', async () => {
  const shared = disk('sdi', BLANK).replace('WWN=""', 'WWN="0x60a9"');
  const used = `${shared}\nuser sdi a mounted btrfs`;
  const a = hostWith('a', { basis: '', devices: shared });
  const both = await foundOn(a, hostWith('b', { basis: '', devices: shared }));
  assert.match(
    (await faultsOf(both, { disks: [key(BLANK, 'a'), key(BLANK, 'b')] })).join(),
    /b:.* is the same disk as a:/,
  );
  const elsewhere = await foundOn(a, hostWith('b', { basis: '', devices: used }));
  assert.match(
    (await faultsOf(elsewhere, { disks: [key(BLANK, 'a')] })).join(),
    /b uses the same disk: a mounted btrfs/,
  );
});

test('a disk that hosts may share which could not be asked is told in the plan, a local one is not', async () => {
  const shared = disk('sdi', BLANK).replace('WWN=""', 'WWN="0x600140500000000000000000000000a1"');
  const around = { neverTouch: [], notAsked: [{ host: 'xs-7', because: 'it was left out' }] };
  const dead: Host = {
    name: 'xs-8',
    run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
  };
  const warned = async (devices: string): Promise<string> => {
    const found = await look([hostWith('xs-1', { basis: '', devices }), dead], around);
    const drafted = chunkDisksSpec.plan(
      found,
      chunkDisksSpec.answers.parse({ disks: [key(BLANK)] }),
    );
    assert.ok(drafted.ok);
    return drafted.draft.warnings.join('\n');
  };
  assert.match(
    await warned(shared),
    /xs-1: other hosts may see sdi too.*xs-7 \(it was left out\) and xs-8 \(.*no route to host/,
  );
  assert.doesNotMatch(await warned(disk('sdi', BLANK)), /other hosts may see/);
  const local = shared.replace('MODEL=', 'TRAN="sata" MODEL=');
  assert.doesNotMatch(await warned(local), /other hosts may see/);
});

test('a disk that another host sees too is looked at there again before the plan is carried out', async () => {
  const shared = disk('sdi', BLANK).replace('WWN=""', 'WWN="0x600140500000000000000000000000a1"');
  const [a, b] = ['a', 'b'].map((name) => hostWith(name, { basis: 'x', devices: shared }));
  assert.ok(a && b);
  const found = await foundOn(a, b);
  const drafted = chunkDisksSpec.plan(
    found,
    chunkDisksSpec.answers.parse({ disks: [key(BLANK, 'a')] }),
  );
  assert.ok(drafted.ok);
  assert.deepEqual(
    drafted.draft.basis.map(({ host, says }) => `${host}: ${says.split(' ')[0]}`),
    ['a: size,', 'a: what', 'a: who', 'b: size,', 'b: what', 'b: who'],
  );
});

test('a protected disk is shown closed with the reason', async () => {
  const found = await look([one], {
    neverTouch: [BLANK.slice(BLANK.lastIndexOf('_') + 1)],
    notAsked: [],
  });
  const [disks] = chunkDisksSpec.questions(found, {});
  assert.ok(disks?.kind === 'many');
  const gate = disks.choices.find(({ value }) => value === key(BLANK))?.gate;
  assert.match(
    gate?.open === false ? gate.because : '',
    /^it is on the never-touch list \(153710904260\)/,
  );
});

test('faults in fstab as it stands are told and left alone; a stopped chunkserver is started, also at boot', async () => {
  const fstab = '/dev/disk/by-id/ata-X defaults,nofail 0 2\n';
  const facts = FACTS.replace('runs mfschunkserver\n', '').replace('verifies\n', '');
  const found = await foundOn(hostWith('xs-1', { basis: '', '/etc/fstab': fstab, facts }));
  const drafted = chunkDisksSpec.plan(found, chunkDisksSpec.answers.parse({ disks: [key(BLANK)] }));
  assert.ok(drafted.ok);
  assert.match(drafted.draft.warnings.join('\n'), /line 1 of \/etc\/fstab is broken[^]*is started/);
  const edit = drafted.draft.steps.find((step) => JSON.stringify(step.params).includes('fstab'));
  assert.ok(edit && !JSON.stringify(edit.params).includes('checker'));
  const [start, boot] = drafted.draft.steps.slice(-2).map(({ params }) => JSON.stringify(params));
  assert.match(start ?? '', /systemctl","start"/);
  assert.match(boot ?? '', /systemctl","enable"/);
});

test('where findmnt finds fault with fstab already, it cannot judge the edited one', async () => {
  const facts = FACTS.replace('verifies', 'fault [E] unreachable on boot required source: UUID=x');
  const found = await foundOn(hostWith('xs-1', { basis: '', facts }));
  const drafted = chunkDisksSpec.plan(found, chunkDisksSpec.answers.parse({ disks: [key(BLANK)] }));
  assert.ok(drafted.ok);
  assert.match(drafted.draft.warnings.join(), /as it stands: unreachable on boot required source/);
  assert.doesNotMatch(JSON.stringify(drafted.draft.steps), /findmnt/);
});

test('a host that cannot be looked at is named by the question, and the others go on', async () => {
  const dead: Host = {
    name: 'xs-2',
    run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
  };
  const found = await foundOn(one, dead);
  const [disks] = chunkDisksSpec.questions(found, {});
  assert.match(disks?.explains ?? '', /xs-2 could not be looked at: no route to host/);
  assert.ok(disks?.kind === 'many');
  assert.deepEqual(
    disks.choices.map(({ gate, accepts }) => (gate.open ? (accepts ?? 'open') : gate.because)),
    ['the system runs from it (/)', 'open', 'its ext4 is lost'],
  );
});

test('what may be lost is asked only of disks that are chosen and not blank', async () => {
  const found = await foundOn(one);
  const keys = (answers: Parameters<typeof chunkDisksSpec.questions>[1]) =>
    chunkDisksSpec.questions(found, answers).map((question) => question.key);
  assert.deepEqual(keys({ disks: [key(BLANK)] }), ['disks', 'fileSystem', 'mountRoot']);
  assert.deepEqual(keys({ disks: [key(OLD)] }), ['disks', 'accept', 'fileSystem', 'mountRoot']);
});
