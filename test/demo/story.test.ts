import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import { letsIn } from '../../source/demo/fleet/packet-filter.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { stacks } from '../../source/stacks/index.js';
import { passUntil } from '../support/pass-until.js';
import { findingsOf } from '../support/shell-now.js';
import { ShellFleet, whyFailed, type ShellRun } from '../support/shell-fleet.js';

const HOSTS = ['xs-1', 'xs-2', 'lfs-3'];
const XEN = ['xs-1', 'xs-2'];
const RANGE = '10.20.0.0/24';
const disk = (host: string, letter: string) =>
  `${host}:/dev/disk/by-id/ata-CT250MX200SSD1_1537${host.at(-1) ?? ''}${letter}`;

/** What a person answers, wizard by wizard. */
const ANSWERS = {
  'lizardfs.install': {
    roles: [
      ...['client', 'chunkserver', 'master', 'admin'].flatMap((role) =>
        XEN.map((host) => `${host}:${role}`),
      ),
      'lfs-3:client',
      'lfs-3:chunkserver',
      'lfs-3:admin',
    ],
    source: 'repo-file',
  },
  'lizardfs.masters': {
    master: 'xs-1',
    shadows: ['xs-2'],
    masterHost: '10.20.0.11',
    exports: [
      { range: RANGE, path: '/', options: 'rw,alldirs,maproot=0' },
      { range: RANGE, path: '.', options: 'rw' },
    ],
    goals: [{ id: 2, name: '2', definition: '_ _' }],
  },
  'lizardfs.name-and-firewall': {
    hosts: HOSTS,
    master: '10.20.0.11',
    roles: ['xs-1:master', 'xs-2:master', ...HOSTS.map((host) => `${host}:chunkserver`)],
  },
  'lizardfs.chunk-disks': { disks: HOSTS.flatMap((host) => [disk(host, 'b'), disk(host, 'c')]) },
  'lizardfs.mount': { hosts: HOSTS, mountPoint: '/mnt/lizardfs', folder: 'xen-sr', goal: '2' },
  'xapi.storage-repository': {
    pool: 'xs-1',
    mode: 'new',
    location: '/mnt/lizardfs/xen-sr',
    name: 'LizardFS',
  },
  'lizardfs.aliases': { hosts: HOSTS },
  'lizardfs.vm-mounts': { hosts: ['lfs-3'], guests: ['web', 'mail'] },
  'proxmox.storage': {
    hosts: ['lfs-3'],
    name: 'lizard',
    path: '/mnt/lizardfs/vms',
    content: ['images'],
  },
} satisfies Readonly<Record<string, Json>>;

function fine(run: ShellRun): ShellRun {
  assert.equal(run.end.kind, 'finished', whyFailed(run));
  return run;
}

/** A fleet, and the person before it. */
class Story {
  constructor(readonly box: ShellFleet) {}

  plan(wizard: string, answers: Json): Promise<Plan> {
    const found = stacks.flatMap((stack) => stack.wizards ?? []).find(({ id }) => id === wizard);
    assert.ok(found, wizard);
    return this.box.plan(found, answers);
  }

  async put(wizard: keyof typeof ANSWERS): Promise<ShellRun> {
    return fine(await this.box.apply(await this.plan(wizard, ANSWERS[wizard])));
  }

  /** Applied; the console dies in the middle, at that change, and the run is gone on with. */
  async interrupted(plan: Plan, at: number): Promise<ShellRun> {
    let changes = 0;
    this.box.instant = () => {
      changes += 1;
      if (changes === at) throw new Error('the console died');
    };
    const lines: ShellRun['lines'] = [];
    await assert.rejects(this.box.apply(plan, new Map(), lines), /the console died/);
    this.box.instant = () => undefined;
    return fine(await this.box.resume({ lines, values: new Map() }));
  }

  async findings(): Promise<readonly string[]> {
    const of = stacks.filter(({ id }) => ['lizardfs', 'xapi', 'disks', 'proxmox'].includes(id));
    const { hosts, fleet } = this.box;
    const found = await Promise.all(of.map((one) => findingsOf(one, hosts, fleet.clock.now)));
    return found.flat();
  }

  attached(): readonly boolean[] {
    const [pool] = this.box.fleet.pools;
    return pool?.pbds.map(({ attached }) => attached) ?? [];
  }
}

test('from bare hosts to a storage repository that comes back after a reboot, by the wizards alone', async () => {
  const story = new Story(await ShellFleet.start('bare-lizardfs'));
  const { box } = story;

  await story.interrupted(await story.plan('lizardfs.install', ANSWERS['lizardfs.install']), 9);
  const first = await story.put('lizardfs.masters');
  fine(await box.undo(first));
  assert.deepEqual(
    box.fleet.lizardfs.metadataServers.filter(({ running }) => running),
    [],
  );
  await story.put('lizardfs.masters');
  await story.interrupted(
    await story.plan('lizardfs.name-and-firewall', ANSWERS['lizardfs.name-and-firewall']),
    6,
  );
  await story.interrupted(
    await story.plan('lizardfs.chunk-disks', ANSWERS['lizardfs.chunk-disks']),
    11,
  );
  assert.match(
    await box.says('xs-1', 'lizardfs-admin', 'list-chunkservers', 'mfsmaster', '9421'),
    /10\.20\.0\.13/,
  );

  fine(await box.undo(await story.put('lizardfs.mount')));
  assert.doesNotMatch(await box.says('lfs-3', 'cat', '/proc/mounts'), /mfs#/);
  await story.put('lizardfs.mount');
  await story.interrupted(
    await story.plan('xapi.storage-repository', ANSWERS['xapi.storage-repository']),
    4,
  );
  assert.deepEqual(story.attached(), [true, true]);
  await story.put('lizardfs.aliases');

  const repository = box.fleet.pools[0]?.srs[0]?.uuid ?? '';
  const hook = await story.plan('xapi.boot-hook', { repository, rebootTest: true });
  const before = XEN.map((name) => machineNamed(box.fleet, name)?.bootId);
  fine(await box.apply(hook));
  for (const [at, name] of XEN.entries()) {
    assert.notEqual(machineNamed(box.fleet, name)?.bootId, before[at], name);
    assert.match(await box.says(name, 'cat', '/proc/self/mountinfo'), /\/xen-sr \/run\/sr-mount/);
  }
  assert.deepEqual(story.attached(), [true, true]);
  assert.deepEqual(await story.findings(), []);
});

/** A fleet whose Proxmox host has the file system mounted. */
async function mounted(): Promise<Story> {
  const story = new Story(await ShellFleet.start('bare-lizardfs'));
  const roles = ['xs-1:master', 'xs-1:chunkserver', 'xs-1:admin', 'lfs-3:client'];
  const { box } = story;
  const put = async (wizard: string, answers: Json) =>
    fine(await box.apply(await story.plan(wizard, answers)));
  await put('lizardfs.install', { roles, source: 'repo-file' });
  await put('lizardfs.masters', { ...ANSWERS['lizardfs.masters'], shadows: [] });
  const ports = { roles: ['xs-1:master', 'xs-1:chunkserver'] };
  await put('lizardfs.name-and-firewall', { ...ANSWERS['lizardfs.name-and-firewall'], ...ports });
  await put('lizardfs.chunk-disks', { disks: [disk('xs-1', 'b')] });
  await put('lizardfs.mount', { hosts: ['lfs-3'], mountPoint: '/mnt/lizardfs' });
  return story;
}

test('each guest of a Proxmox host gets a mount of its own, and the folder of all is its storage', async () => {
  const story = await mounted();
  const { box } = story;
  const before = await box.says(
    'lfs-3',
    'cat',
    '/etc/fstab',
    '/proc/mounts',
    '/etc/pve/storage.cfg',
  );
  const plan = await story.plan('lizardfs.vm-mounts', ANSWERS['lizardfs.vm-mounts']);
  const [master] = box.fleet.lizardfs.metadataServers;
  assert.ok(master);
  box.instant = ({ argv }) => {
    // The master goes away between the two mounts.
    if (argv.includes('/mnt/vms/mail') && argv.join(' ').includes('mount')) master.running = false;
  };
  const stopped = await box.apply(plan);
  assert.match(whyFailed(stopped), /no master answers at mfsmaster/);
  master.running = true;
  box.instant = () => undefined;
  const guests = fine(await box.resume(stopped));
  assert.match(
    await box.says('lfs-3', 'cat', '/etc/fstab'),
    /^mfsmount \/mnt\/vms\/mail fuse mfsmaster=mfsmaster,mfssubfolder=\/vms\/mail,_netdev,nofail 0 0$/m,
  );
  await box.says('lfs-3', 'sh', '-c', 'echo x > /mnt/vms/web/disk.qcow2');
  assert.equal(await box.says('lfs-3', 'ls', '/mnt/lizardfs/vms/web'), 'disk.qcow2\n');
  await box.says('lfs-3', 'rm', '/mnt/vms/web/disk.qcow2');

  const adding = await story.plan('proxmox.storage', ANSWERS['proxmox.storage']);
  box.instant = ({ argv }) => {
    const lfs = machineNamed(box.fleet, 'lfs-3');
    if (!lfs || !argv.includes('add')) return;
    lfs.mounts = lfs.mounts.filter(({ target }) => target !== '/mnt/lizardfs');
  };
  const bare = await box.apply(adding);
  assert.match(whyFailed(bare), /inactive/);
  box.instant = () => undefined;
  await box.says('lfs-3', 'mount', '--', '/mnt/lizardfs');
  const storage = fine(await box.resume(bare));
  assert.match(await box.says('lfs-3', 'pvesm', 'status'), /^lizard +dir +active /m);
  assert.deepEqual(
    (await story.findings()).filter((one) => one.includes('PROXMOX')),
    [],
  );
  assert.deepEqual((await story.plan('proxmox.storage', ANSWERS['proxmox.storage'])).warnings, [
    'lizard is configured already: it is only looked at.',
  ]);

  fine(await box.undo(storage));
  fine(await box.undo(guests));
  const after = await box.says(
    'lfs-3',
    'cat',
    '/etc/fstab',
    '/proc/mounts',
    '/etc/pve/storage.cfg',
  );
  assert.equal(after, before);
});

test('the ports of a Proxmox host are opened in its own nftables, survive a reboot, and go back', async () => {
  const story = new Story(await ShellFleet.start('bare-lizardfs'));
  const { box } = story;
  await box.says('lfs-3', 'apt-get', 'install', 'lizardfs-chunkserver');
  const kept = await box.says('lfs-3', 'cat', '/etc/nftables.conf');
  const lfs = machineNamed(box.fleet, 'lfs-3');
  assert.ok(lfs && !letsIn(lfs, 9422));
  const answers = { hosts: ['lfs-3'], master: '10.20.0.11', roles: ['lfs-3:chunkserver'] };
  const run = await story.interrupted(await story.plan('lizardfs.name-and-firewall', answers), 4);
  assert.ok(letsIn(lfs, 9422) && letsIn(lfs, 22) && !letsIn(lfs, 9421));
  const { bootId } = lfs;
  await box.says('lfs-3', 'systemctl', 'reboot');
  await passUntil(box.fleet, () => lfs.bootId !== bootId && lfs.services.get('nftables') === true);
  assert.ok(letsIn(lfs, 9422));
  fine(await box.undo(run));
  assert.ok(!letsIn(lfs, 9422));
  assert.equal(await box.says('lfs-3', 'cat', '/etc/nftables.conf'), kept);
});
