import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import { machineNamed } from '../../source/demo/fleet/state.js';
import { stacks } from '../../source/stacks/index.js';
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
    const xapiOnly = wizard.startsWith('xapi.') ? XEN : HOSTS;
    return this.box.plan(found, answers, xapiOnly);
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
    const of = stacks.filter(({ id }) => ['lizardfs', 'xapi', 'disks'].includes(id));
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
  const put = async (wizard: keyof typeof ANSWERS) =>
    fine(await box.apply(await story.plan(wizard, ANSWERS[wizard])));

  await story.interrupted(await story.plan('lizardfs.install', ANSWERS['lizardfs.install']), 9);
  const first = await put('lizardfs.masters');
  fine(await box.undo(first));
  assert.deepEqual(
    box.fleet.lizardfs.metadataServers.filter(({ running }) => running),
    [],
  );
  await put('lizardfs.masters');
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

  fine(await box.undo(await put('lizardfs.mount')));
  assert.doesNotMatch(await box.says('lfs-3', 'cat', '/proc/mounts'), /mfs#/);
  await put('lizardfs.mount');
  await story.interrupted(
    await story.plan('xapi.storage-repository', ANSWERS['xapi.storage-repository']),
    4,
  );
  assert.deepEqual(story.attached(), [true, true]);
  await put('lizardfs.aliases');

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
