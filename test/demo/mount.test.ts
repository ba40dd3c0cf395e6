import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DemoRun } from '../support/demo-run.js';

const NAMES = ['xs-1', 'xs-2', 'lfs-3'];
const ANSWERS = {
  hosts: ['lfs-3', 'xs-1', 'xs-2'],
  mountPoint: '/mnt/lizardfs',
  folder: 'xen-sr',
  goal: '2',
};

test('it is mounted for good, the folder has its goal, what one writes another reads, and it goes back', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const fstab = await bench.sh('lfs-3', 'cat /etc/fstab');
  const plan = await bench.plan('lizardfs.mount', NAMES, ANSWERS);
  const kinds = plan.steps.map(({ host, kind }) => `${host} ${kind}`);
  assert.ok(
    !kinds.some((kind) => /^xs-. (?:lizardfs.mount|file.edit)/.test(kind)),
    'xs-1 and xs-2 have it',
  );
  const lines = bench.journal(plan);
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  assert.match(
    await bench.sh('lfs-3', 'cat /proc/mounts'),
    /^mfs#mfsmaster:9421 \/mnt\/lizardfs fuse /m,
  );
  assert.match(
    await bench.sh('lfs-3', 'cat /etc/fstab'),
    /^mfsmount \/mnt\/lizardfs fuse mfsmaster=mfsmaster,_netdev,nofail 0 0$/m,
  );
  assert.equal(
    await bench.sh('xs-2', 'lizardfs getgoal /mnt/lizardfs/xen-sr'),
    '/mnt/lizardfs/xen-sr: 2\n',
  );
  assert.equal(await bench.sh('xs-2', 'ls -A /mnt/lizardfs/xen-sr'), '');

  assert.deepEqual(await bench.undo(lines), { kind: 'finished' });
  assert.doesNotMatch(await bench.sh('lfs-3', 'cat /proc/mounts'), /lizardfs/);
  assert.equal(await bench.sh('lfs-3', 'cat /etc/fstab'), fstab);
  assert.equal(await bench.sh('xs-1', 'ls -A /mnt/lizardfs'), 'sr\n');
});

test('what lies in the mount point is never hidden, and without a master the run stops and goes on later', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const lines = bench.journal(await bench.plan('lizardfs.mount', NAMES, ANSWERS));
  await bench.sh('lfs-3', 'mkdir -p /mnt/lizardfs; echo x > /mnt/lizardfs/precious');
  const full = await bench.run(lines);
  assert.match(full.kind === 'failed' ? full.failure.what : '', /is not empty: it holds precious/);
  await bench.sh('lfs-3', 'rm /mnt/lizardfs/precious');
  const [master] = bench.demo.fleet.lizardfs.metadataServers;
  assert.ok(master);
  master.running = false;
  const dead = await bench.run(lines);
  assert.match(dead.kind === 'failed' ? dead.failure.what : '', /no master answers at mfsmaster/);
  master.running = true;
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
});

test('a goal that the master does not have, and a host without a client, are named', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  await assert.rejects(
    bench.plan('lizardfs.mount', [...NAMES, 'kvm-1'], {
      ...ANSWERS,
      hosts: ['kvm-1', 'xs-1'],
      goal: 'gold',
    }),
    /kvm-1: it has no client[^]*the master has no goal gold; it has/,
  );
});

test('a mount unit mounts it as well: enabled, started, and taken away again', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const fstab = await bench.sh('lfs-3', 'cat /etc/fstab');
  const answers = { ...ANSWERS, hosts: ['lfs-3'], keeper: 'unit' };
  const plan = await bench.plan('lizardfs.mount', NAMES, answers);
  const lines = bench.journal(plan);
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  assert.match(await bench.sh('lfs-3', 'cat /proc/mounts'), / \/mnt\/lizardfs fuse /);
  assert.equal(await bench.sh('lfs-3', 'cat /etc/fstab'), fstab);
  assert.match(
    await bench.sh('lfs-3', 'cat /etc/systemd/system/mnt-lizardfs.mount'),
    /\nWhat=mfsmount\nWhere=\/mnt\/lizardfs\nType=fuse\nOptions=mfsmaster=mfsmaster,_netdev,nofail\n/,
  );
  assert.equal(await bench.sh('lfs-3', 'systemctl is-enabled mnt-lizardfs.mount'), 'enabled\n');
  // It is there already: nothing is written twice, whichever way is asked for.
  const again = await bench.plan('lizardfs.mount', NAMES, { ...answers, keeper: 'fstab' });
  assert.ok(!again.steps.some(({ kind }) => kind === 'file.edit' || kind === 'lizardfs.mount'));

  assert.deepEqual(await bench.undo(lines), { kind: 'finished' });
  assert.doesNotMatch(await bench.sh('lfs-3', 'cat /proc/mounts'), /lizardfs/);
  assert.equal(await bench.sh('lfs-3', 'ls /etc/systemd/system/*.mount 2>/dev/null || true'), '');
});

test('without a master the unit does not start; with one the run goes on', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const answers = { ...ANSWERS, hosts: ['lfs-3'], keeper: 'unit' };
  const lines = bench.journal(await bench.plan('lizardfs.mount', NAMES, answers));
  const [master] = bench.demo.fleet.lizardfs.metadataServers;
  assert.ok(master);
  master.running = false;
  const dead = await bench.run(lines);
  assert.match(dead.kind === 'failed' ? dead.failure.what : '', /journalctl -u mnt-lizardfs/);
  master.running = true;
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
});

test('each guest has a client that reads a config file of its own', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const answers = { hosts: ['xs-1'], more: 'web-1 mail', config: true };
  const lines = bench.journal(await bench.plan('lizardfs.vm-mounts', NAMES, answers));
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  const config = await bench.sh('xs-1', 'cat /etc/mfs/mfsmount-web-1.cfg');
  assert.match(config, /\nmfsmaster=mfsmaster\n$/);
  assert.match(
    await bench.sh('xs-1', 'cat /etc/fstab'),
    /mfsmount \/mnt\/vms\/mail fuse mfscfgfile=\/etc\/mfs\/mfsmount-mail.cfg,mfssubfolder=\/vms\/mail,_netdev,nofail/,
  );
  await bench.sh('xs-1', 'touch /mnt/vms/web-1/disk');
  assert.equal(await bench.sh('xs-1', 'ls /mnt/lizardfs/vms/web-1'), 'disk\n');
  await bench.sh('xs-1', 'rm /mnt/vms/web-1/disk');
  assert.deepEqual(await bench.undo(lines), { kind: 'finished' });
  assert.equal(await bench.sh('xs-1', 'ls /etc/mfs/mfsmount-*.cfg 2>/dev/null || true'), '');
});
