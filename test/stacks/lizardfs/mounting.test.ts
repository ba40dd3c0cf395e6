import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Host, Outcome } from '../../../source/core/host.js';
import { StepKinds } from '../../../source/core/step.js';
import { lizardfs } from '../../../source/stacks/lizardfs/index.js';
import { lookAtClient } from '../../../source/stacks/lizardfs/mounting/look.js';
import { mountSpec } from '../../../source/stacks/lizardfs/wizards/mount/index.js';
import { vmMountsSpec } from '../../../source/stacks/lizardfs/wizards/vm-mounts/index.js';
import { draftText } from '../../support/draft-text.js';
import { wholeCluster } from '../../support/surroundings.js';

const folder = new URL('../../../../test/stacks/lizardfs/', import.meta.url);

type Told = Readonly<Record<string, string>>;

/** A host that answers by the first word, or by what a script asks for. */
function hostWith(name: string, told: Told): Host {
  const run = ({ argv }: { readonly argv: readonly string[] }): Promise<Outcome> => {
    const [program = '', flag = '', script = ''] = argv;
    const asked =
      program === 'cat'
        ? script
        : program === 'sh'
          ? script.includes('os-release')
            ? 'flavour'
            : script.includes('ELF')
              ? 'client'
              : ''
          : program === 'grep'
            ? 'mounts'
            : `${program} ${flag}`;
    const stdout = told[asked];
    return Promise.resolve({
      kind: 'exited',
      code: stdout === undefined ? 1 : 0,
      stdout: stdout ?? '',
      stderr: '',
    });
  };
  return { name, run };
}

const MFS = 'folder /etc/mfs\nprogram /usr/bin/mfsmount\naddress 10.0.0.1\n';
const ROOT = 'UUID=1 / ext4 defaults 0 1\n';
const fresh = hostWith('pve-1', {
  flavour: MFS,
  client: 'helper fuse\nhelper lzfs\nbinary lizardfs\nverifies\npoint /\nguest web-1\n',
  '/etc/fstab': ROOT,
  mounts: '',
});
const mounted = hostWith('pve-2', {
  flavour: MFS,
  client: 'helper fuse\nbinary mfssetgoal\nbinary mfsgetgoal\npoint /\npoint /mnt/lizardfs\n',
  '/etc/fstab': `${ROOT}mfsmount /mnt/lizardfs fuse mfsmaster=mfsmaster,_netdev 0 0\n`,
  mounts: 'mfs#mfsmaster:9421 /mnt/lizardfs fuse rw 0 0\n',
});
const sauna = hostWith('new-1', {
  flavour: 'folder /etc/saunafs\nprogram /usr/bin/sfsmount\nprogram /usr/bin/saunafs\n',
  client: 'helper safs\nbinary saunafs\n',
  '/etc/fstab': ROOT,
  mounts: '',
});
const scripts = hostWith('old-1', {
  flavour: MFS,
  client: 'helper fuse\npoint /\npoint /mnt/lizardfs\n',
  '/etc/fstab': `${ROOT}/dev/sdb /mnt/other ext4 defaults 0 0\n`,
  mounts: '',
});

async function drafted(answers: object, ...hosts: readonly Host[]) {
  const found = { ...(await mountSpec.look(hosts, wholeCluster)), token: '00112233' };
  return mountSpec.plan(found, mountSpec.answers.parse(answers));
}

async function faultsOf(answers: object, ...hosts: readonly Host[]): Promise<readonly string[]> {
  const made = await drafted(answers, ...hosts);
  return made.ok ? [] : made.faults.map(({ key, says }) => `${key}: ${says}`);
}

test('mounts on two hosts, one of which has it already, with a folder of a goal, as it was reviewed once', async () => {
  const made = await drafted(
    { hosts: ['pve-1', 'pve-2'], folder: 'images', goal: '2' },
    fresh,
    mounted,
  );
  assert.ok(made.ok, JSON.stringify(made));
  const text = draftText(made.draft, lizardfs.steps);
  const golden = new URL('mount.txt', folder);
  assert.equal(text, readFileSync(golden, 'utf8'));
});

test('a mount for each guest, as it was reviewed once', async () => {
  const found = await vmMountsSpec.look([mounted, fresh], wholeCluster);
  const answers = { hosts: ['pve-2', 'pve-1'], guests: ['web-1'], more: 'mail' };
  const made = vmMountsSpec.plan(found, vmMountsSpec.answers.parse(answers));
  assert.ok(made.ok, JSON.stringify(made));
  const text = draftText(made.draft, lizardfs.steps);
  const golden = new URL('vm-mounts.txt', folder);
  assert.equal(text, readFileSync(golden, 'utf8'));
});

test('guests are mounted from a host that has the whole file system, and no other', async () => {
  const found = await vmMountsSpec.look([fresh], wholeCluster);
  const made = vmMountsSpec.plan(found, vmMountsSpec.answers.parse({ hosts: ['pve-1'] }));
  assert.deepEqual(made.ok ? [] : made.faults.map(({ key }) => key), ['guests', 'hosts']);
});

test('the line in fstab is one that the host has a helper for', async () => {
  const made = await drafted(
    { hosts: ['new-1'], master: 'sfsmaster', mountPoint: '/mnt/saunafs' },
    sauna,
  );
  assert.ok(made.ok);
  assert.match(
    draftText(made.draft, lizardfs.steps),
    /\+sfsmaster:\/ \/mnt\/saunafs safs _netdev,nofail 0 0/,
  );
});

test('what stands in the way of a mount is named', async () => {
  assert.deepEqual(await faultsOf({ hosts: ['old-1'] }, scripts), [
    'hosts: old-1: something else is mounted at /mnt/lizardfs',
  ]);
  assert.deepEqual(await faultsOf({ hosts: ['old-1'], mountPoint: '/mnt/other' }, scripts), [
    'hosts: old-1: /etc/fstab has another line for /mnt/other: /dev/sdb',
  ]);
  assert.deepEqual(await faultsOf({ hosts: ['pve-2'], master: 'other' }, mounted), [
    'hosts: pve-2: /mnt/lizardfs is mounted from mfsmaster',
  ]);
});

test('a goal is set by a program of its own only, never by a script that may call itself', async () => {
  const [goal] = await faultsOf(
    { hosts: ['old-1'], mountPoint: '/mnt/x', folder: 'sr', goal: '2' },
    scripts,
  );
  assert.match(goal ?? '', /its scripts may call themselves for ever/);
  const look = await lookAtClient(mounted);
  assert.deepEqual(look.ok && look.goalTool, { set: ['mfssetgoal'], get: ['mfsgetgoal'] });
});

const kinds = new StepKinds(lizardfs.steps ?? []);

function step(kind: string, params: Parameters<StepKinds['bind']>[0]['params']) {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok);
  return bound.step;
}

test('a mount is believed when the kernel has it from the right master', async () => {
  const { check } = step('lizardfs.mount', { target: '/mnt/lizardfs', master: 'mfsmaster' });
  const line = (source: string, type: string) =>
    check(hostWith('a', { mounts: `${source} /mnt/lizardfs ${type} rw 0 0\n` }));
  assert.deepEqual(await line('mfs#mfsmaster:9421', 'fuse'), { kind: 'done' });
  assert.deepEqual(await line('mfsmaster:9421', 'fuse.lizardfs'), { kind: 'done' });
  assert.match(
    JSON.stringify(await line('mfs#old:9421', 'fuse')),
    /mounted from old, not from mfsmaster/,
  );
  assert.match(
    JSON.stringify(
      await check(hostWith('a', { 'findmnt -n': 'TARGET="/mnt/lizardfs" UUID="x"\n' })),
    ),
    /another file system is mounted/,
  );
  assert.deepEqual(await check(hostWith('a', {})), { kind: 'notYet' });
});

test('the words of the client are told as what they mean', () => {
  const { explain } = step('lizardfs.mount', { target: '/mnt/x', master: 'mfsmaster' });
  const said = (stderr: string) => explain({ kind: 'exited', code: 1, stdout: '', stderr }) ?? '';
  assert.match(said("mountpoint '/mnt/x' is not empty"), /mounts on empty folders alone/);
  assert.match(said("fuse: bad mount point `/mnt/x': No such file"), /there is no folder/);
  assert.match(said('mfsmaster register error: Permission denied'), /does not export/);
  assert.match(said("can't resolve master hostname"), /mfsmaster is not known/);
  assert.equal(said('something new'), '');
});

test('a goal is what the tool says of the path, and taken back where the former one is known', async () => {
  const params = {
    tool: { set: ['lizardfs', 'setgoal'], get: ['lizardfs', 'getgoal'] },
    goal: '2',
    path: '/m/sr',
  };
  const { check, undo } = step('lizardfs.set-goal', params);
  const says = (line: string) => check(hostWith('a', { 'lizardfs getgoal': line }));
  assert.deepEqual(await says('/m/sr: 2\n'), { kind: 'done' });
  assert.deepEqual(await says('/m/sr: gold\n'), { kind: 'notYet' });
  assert.equal((await says('/m: not LizardFS object\n')).kind, 'cannotTell');
  assert.equal(undo.kind, 'impossible');
  assert.equal(step('lizardfs.set-goal', { ...params, before: '1' }).undo.kind, 'commands');
});
