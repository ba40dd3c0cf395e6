import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Plan } from '../../../../source/core/plan.js';
import { aliases } from '../../../../source/stacks/lizardfs/wizards/aliases/index.js';
import { chunkDisks } from '../../../../source/stacks/lizardfs/wizards/chunk-disks/index.js';
import { install } from '../../../../source/stacks/lizardfs/wizards/install/index.js';
import { masters } from '../../../../source/stacks/lizardfs/wizards/masters/index.js';
import { reviewText } from '../../../../source/cli/plans/review.js';
import { ShellFleet, stepKinds, whyFailed, type ShellRun } from '../../../support/shell-fleet.js';

const ALL = ['client', 'chunkserver', 'master', 'admin'];
const onAll = ['xs-1', 'xs-2', 'lfs-3'].flatMap((host) => ALL.map((role) => `${host}:${role}`));
const INSTALL = { roles: onAll, source: 'repo-file' };
const MASTERS = {
  master: 'xs-1',
  shadows: ['xs-2'],
  masterHost: '10.20.0.11',
  exports: [
    { range: '10.20.0.0/24', path: '/', options: 'rw,alldirs,maproot=0' },
    { range: '10.20.0.0/24', path: '.', options: 'rw' },
  ],
  goals: [{ id: 2, name: 'two', definition: '_ _' }],
};

function fine(run: ShellRun): ShellRun {
  assert.equal(run.end.kind, 'finished', whyFailed(run));
  return run;
}

/** The review as it was reviewed once; what is made up for each plan stands as zeros. */
function sameAsReviewed(name: string, plan: Plan): void {
  const file = new URL(`../../../../../test/stacks/lizardfs/wizards/${name}`, import.meta.url);
  const text = reviewText(plan, stepKinds).replaceAll(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    '0',
  );
  if (process.env.GOLDEN === 'write') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

/** Chunkservers look for the master by this name; the wizard of names tells it to hosts. */
async function nameMaster(box: ShellFleet): Promise<void> {
  const argv = ['sh', '-c', 'echo 10.20.0.11 mfsmaster >> /etc/hosts'];
  for (const host of box.hosts) await host.run({ argv, effect: 'changes', deadline: 1000 });
}

test('from bare hosts to a master with a shadow and chunk disks that it lists, by wizards alone', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  const installing = await box.plan(install, INSTALL);
  sameAsReviewed('install/plan.txt', installing);
  fine(await box.apply(installing));
  assert.match(await box.says('xs-1', 'rpm', '-q', 'lizardfs-master'), /3\.12\.0-0el7/);
  assert.match(await box.says('lfs-3', 'dpkg-query', '-W', 'lizardfs-adm'), /3\.12\.0\+dfsg/);
  assert.match(
    await box.says('xs-1', 'cat', '/etc/yum.repos.d/CentOS-Base.repo'),
    /^baseurl=http:\/\/vault\.centos\.org\/7\.5\.1804\/os\/\$basearch$/m,
  );

  const making = await box.plan(masters, MASTERS);
  sameAsReviewed('masters/plan.txt', making);
  const run = fine(await box.apply(making));
  const status = ['lizardfs-admin', 'metadataserver-status', '--porcelain'];
  assert.match(await box.says('lfs-3', ...status, '10.20.0.11', '9421'), /^master\trunning/);
  assert.match(await box.says('lfs-3', ...status, '10.20.0.12', '9421'), /^shadow\tconnected/);
  await nameMaster(box);
  const [password = ''] = [...run.values.values()];
  assert.equal(password.length, 28);
  for (const host of ['xs-1', 'xs-2']) {
    assert.ok((await box.says(host, 'cat', '/etc/mfs/mfsmaster.cfg')).includes(password), host);
  }
  assert.ok(!box.sent.join('\n').includes(password));
  assert.ok(!JSON.stringify(run.lines).includes(password));

  const disks = ['xs-1', 'xs-2', 'lfs-3'].map((host) => {
    return `${host}:/dev/disk/by-id/ata-CT250MX200SSD1_1537${host.at(-1) ?? ''}b`;
  });
  fine(await box.apply(await box.plan(chunkDisks, { disks })));
  const listed = await box.says(
    'xs-1',
    'lizardfs-admin',
    'list-disks',
    '--porcelain',
    '10.20.0.11',
    '9421',
  );
  assert.equal(listed.trim().split('\n').length, 3, listed);
  assert.ok(
    listed
      .trim()
      .split('\n')
      .every((line) => line.includes(' no no ')),
    listed,
  );

  fine(await box.apply(await box.plan(aliases, { hosts: ['xs-1', 'lfs-3'] })));
  assert.match(
    await box.says('lfs-3', 'cat', '/root/.bashrc'),
    /^alias lfsdisks='lizardfs-admin list-disks mfsmaster 9421'$/m,
  );

  // The same again: what is there already is left out, or refused by name.
  const [again = ''] = await box.faults(install, INSTALL);
  assert.match(again, /^roles: xs-1:client: installed already: lizardfs-client 3\.12\.0-0el7$/);
  const plan = await box.plan(masters, MASTERS);
  assert.deepEqual(
    plan.steps.map(({ kind }) => kind),
    ['lizardfs.wait-for-masters'],
  );
  assert.equal(plan.secrets, undefined);
  assert.deepEqual((await box.plan(aliases, { hosts: ['xs-1'] })).steps, []);
});

test('an installation is taken back with the dependencies that came along, and the repositories are as before', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  const before = await box.says('xs-1', 'cat', '/etc/yum.repos.d/CentOS-Base.repo');
  const packages = await box.says('xs-1', 'rpm', '-qa');
  const run = fine(await box.apply(await box.plan(install, INSTALL)));
  assert.match(await box.says('xs-1', 'rpm', '-qa'), /^fuse-/m);
  fine(await box.undo(run));
  assert.equal(await box.says('xs-1', 'rpm', '-qa'), packages);
  assert.equal(await box.says('xs-1', 'cat', '/etc/yum.repos.d/CentOS-Base.repo'), before);
  assert.equal(
    await box.says('xs-1', 'sh', '-c', 'ls /etc/yum.repos.d | grep -c lizardfs.repo$'),
    '0\n',
  );
  assert.match(await box.says('lfs-3', 'dpkg-query', '-W', 'lizardfs-client'), /no packages found/);
});

test('a host without internet is found out before anything is changed, and uses a repository of its own', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  const machine = box.fleet.machines.find(({ name }) => name === 'xs-2');
  assert.ok(machine);
  machine.offline = true;
  const answers = { roles: ['xs-1:client', 'xs-2:client'], source: 'repo-file' };
  const run = await box.apply(await box.plan(install, answers));
  assert.match(whyFailed(run), /lizardfs\.repo is not reached from this host: curl: \(6\)/);
  assert.equal(box.fleet.machines[0]?.packages.size, 0);
  const own = {
    roles: ['xs-2:client'],
    source: 'url',
    yumUrl: 'http://repo.example/lizardfs/',
    vault: '',
  };
  const plan = await box.plan(install, own);
  assert.match(plan.warnings.join(' '), /void the support .* xs-2 \(XenServer 7\.6\.0\)/);
  // [base] would ask the internet, and yum fail as a whole.
  assert.match(plan.warnings.join(' '), /xs-2 asks your repository alone: FUSE must be in it/);
  const base = await box.says('xs-2', 'cat', '/etc/yum.repos.d/CentOS-Base.repo');
  const alone = fine(await box.apply(plan));
  assert.deepEqual(
    ['fuse', 'lizardfs-client'].map((name) => machine.packages.has(name)),
    [true, true],
  );
  assert.equal(await box.says('xs-2', 'cat', '/etc/yum.repos.d/CentOS-Base.repo'), base);
  fine(await box.undo(alone));
  assert.equal(machine.packages.size, 0);
});

test('beside a repository of its own a host has FUSE from the vault, where its [base] asks mirrors that are gone', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  const file = '/etc/yum.repos.d/CentOS-Base.repo';
  const before = await box.says('xs-1', 'cat', file);
  assert.match(before, /^mirrorlist=/m);
  const own = { roles: ['xs-1:client'], source: 'url', yumUrl: 'http://repo.example/lizardfs/' };
  const dead = await box.plan(install, { ...own, vault: 'http://vault.example' });
  assert.match(whyFailed(await box.apply(dead)), /vault\.example\/7\.5\.1804.* is not reached/);
  assert.equal(await box.says('xs-1', 'cat', file), before);
  const run = fine(await box.apply(await box.plan(install, own)));
  assert.match(
    await box.says('xs-1', 'cat', file),
    /^baseurl=http:\/\/vault\.centos\.org\/7\.5\.1804\/os\/\$basearch$/m,
  );
  assert.match(
    await box.says('xs-1', 'rpm', '-qa'),
    /^fuse-[^]*lizardfs-client-|^lizardfs-client-[^]*fuse-/m,
  );
  fine(await box.undo(run));
  assert.equal(await box.says('xs-1', 'cat', file), before);
  assert.doesNotMatch(await box.says('xs-1', 'rpm', '-qa'), /fuse|lizardfs/);
});

test('a master that runs reads its edited files again, once, and is asked for its goals', async () => {
  const box = await prepared();
  fine(await box.apply(await box.plan(masters, MASTERS)));
  assert.match(await box.says('xs-1', 'systemctl', 'is-enabled', 'lizardfs-master'), /^enabled$/m);
  const more = { ...MASTERS, goals: [{ id: 3, name: 'three', definition: '_ _ _' }] };
  const plan = await box.plan(masters, more);
  assert.deepEqual(
    plan.steps.map(({ host, kind }) => `${host} ${kind}`),
    [
      'xs-1 file.edit',
      'xs-1 service.action',
      'xs-2 file.edit',
      'xs-2 service.action',
      'xs-1 wait.until',
      'xs-1 lizardfs.wait-for-masters',
    ],
  );
  assert.match(plan.warnings.join(' '), /already runs on xs-1 and xs-2: .* it reads them again/);
  assert.match(JSON.stringify(plan.steps[1]?.params), /"action":"reload"/);
  assert.match(JSON.stringify(plan.steps[4]?.params), /3 three/);

  const [space] = MASTERS.exports;
  const closer = { ...MASTERS, exports: [{ ...space, options: 'ro' }] };
  const run = fine(await box.apply(await box.plan(masters, closer)));
  const told = (): number =>
    box.sent.filter((one) => one.includes('&& systemctl reload lizardfs-master')).length;
  assert.equal(told(), 2);
  const again = await box.plan(masters, closer);
  assert.deepEqual(
    again.steps.map(({ kind }) => kind),
    ['lizardfs.wait-for-masters'],
  );
  fine(await box.undo(run));
  assert.match(await box.says('xs-1', 'cat', '/etc/mfs/mfsexports.cfg'), /alldirs,maproot=0$/m);
});

test('Debian’s switch is found off, told, switched on before the start, and put back by undo', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  fine(await box.apply(await box.plan(install, { roles: ['lfs-3:master', 'lfs-3:admin'] })));
  const file = '/etc/default/lizardfs-master';
  const off = '# Start it on boot.\nLIZARDFSMASTER_ENABLE=false\n\nDAEMON_OPTS=""\n';
  const write = ['sh', '-c', 'printf "%s" "$2" > "$1"', 'sh', file, off];
  await box.host('lfs-3').run({ argv: write, effect: 'changes', deadline: 1000 });
  const answers = { ...MASTERS, master: 'lfs-3', shadows: [], masterHost: '10.20.0.13' };
  const plan = await box.plan(masters, answers);
  assert.match(plan.warnings.join(' '), /lizardfs-master keeps the daemon from being started/);
  const at = (part: string): number =>
    plan.steps.findIndex(({ params }) => JSON.stringify(params).includes(part));
  assert.ok(at(file) >= 0 && at(file) < at('"action":"start"'));
  const run = fine(await box.apply(plan));
  assert.equal(await box.says('lfs-3', 'cat', file), off.replace('false', 'true'));
  fine(await box.undo(run));
  assert.equal(await box.says('lfs-3', 'cat', file), off);
});

test('a second master is refused, and so is an empty file system beside one that has files', async () => {
  const box = await ShellFleet.start('bare-lizardfs');
  fine(await box.apply(await box.plan(install, INSTALL)));
  const run = fine(await box.apply(await box.plan(masters, MASTERS)));
  const other = { ...MASTERS, master: 'lfs-3', shadows: [] };
  assert.match(
    (await box.faults(masters, other)).join('\n'),
    /xs-1 runs as master \(10\.20\.0\.11\)/,
  );
  fine(await box.undo(run));
  const faults = (await box.faults(masters, other)).join('\n');
  assert.match(faults, /lfs-3 has no metadata, and xs-1 has: .*metadata\.mfs 8 B 2026-05-01/);
  const again = await box.plan(masters, MASTERS);
  assert.ok(!again.steps.some(({ kind }) => kind === 'lizardfs.empty-metadata'));
  assert.match(again.warnings.join(' '), /xs-1 has metadata already and starts from it: /);
});

test('a console that dies at any change is gone on with by the same password, and nothing is done twice', async () => {
  const count = async (): Promise<number> => {
    const box = await prepared();
    let n = 0;
    box.instant = () => (n += 1);
    fine(await box.apply(await box.plan(masters, MASTERS)));
    return n;
  };
  const changes = await count();
  for (let at = 1; at <= changes; at += 4) {
    const box = await prepared();
    const plan = await box.plan(masters, MASTERS);
    let n = 0;
    box.instant = () => {
      n += 1;
      if (n === at) throw new Error('killed');
    };
    const given = new Map([['admin-password', 'correct-horse-battery']]);
    const asked = {
      ...plan,
      secrets: plan.secrets?.map((one) => ({ ...one, from: 'asked' as const })),
    };
    const lines: ShellRun['lines'] = [];
    await assert.rejects(box.apply(asked, given, lines), /killed/);
    box.instant = () => undefined;
    fine(await box.resume({ lines, values: given }));
    for (const host of ['xs-1', 'xs-2']) {
      const text = await box.says(host, 'cat', '/etc/mfs/mfsmaster.cfg');
      assert.equal(text.match(/^ADMIN_PASSWORD = correct-horse-battery$/gm)?.length, 1);
    }
  }
});

async function prepared(): Promise<ShellFleet> {
  const box = await ShellFleet.start('bare-lizardfs');
  const roles = ['xs-1:master', 'xs-1:admin', 'xs-2:master'];
  fine(await box.apply(await box.plan(install, { roles, source: 'repo-file' })));
  return box;
}
