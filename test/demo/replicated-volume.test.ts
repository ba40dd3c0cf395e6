import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BareKvm, BOTH, NETWORK } from '../support/bare-kvm.js';
import { whyFailed } from '../support/shell-fleet.js';

const THERE = 'lvs; ls /etc/drbd.d /dev; lsblk -f; cat /etc/fstab';

test('both nodes are here: a volume that both may write, without a first sync, and back', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  const before = await bare.both(THERE);
  const run = await bare.put('drbd.replicated-volume', { ...BOTH, dualPrimary: true });
  for (const proc of await bare.both('cat /proc/drbd')) {
    assert.match(proc, / 0: cs:Connected ro:Primary\/Primary ds:UpToDate\/UpToDate C /);
  }
  const [first, second] = await bare.both('cat /etc/drbd.d/data.res');
  assert.equal(first, second);
  await bare.undo(run);
  assert.deepEqual(await bare.both(THERE), before);
});

test('the first node only, and the second joins later: everything is copied, in its time', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  await bare.put('drbd.replicated-volume', {
    ...{ way: 'first', name: 'data', first: 'kvm-1', firstDisk: 'new:vg0', size: 2 },
    ...{ firstAddress: '192.168.3.1', secret: 'none' },
    ...{ peerName: 'kvm-2', peerAddress: '192.168.3.2', peerDisk: '/dev/vg0/data' },
  });
  assert.match(
    await bare.sh('kvm-1', 'cat /proc/drbd'),
    / 0: cs:WFConnection ro:Primary\/Unknown ds:UpToDate\/DUnknown C /,
  );
  const began = bare.box.fleet.clock.now;
  const joined = await bare.put('drbd.replicated-volume', {
    ...{ way: 'joins', first: 'kvm-1', second: 'kvm-2', resource: 'data' },
  });
  assert.ok(bare.box.fleet.clock.now - began > 10_000);
  assert.match(
    await bare.sh('kvm-2', 'cat /proc/drbd'),
    / 0: cs:Connected ro:Secondary\/Primary ds:UpToDate\/UpToDate C /,
  );
  await bare.undo(joined);
  assert.match(await bare.sh('kvm-1', 'cat /proc/drbd'), /cs:WFConnection ro:Primary/);
  assert.equal(await bare.sh('kvm-2', 'lvs --noheadings; ls /etc/drbd.d'), 'global_common.conf\n');
});

test('a file system that is there becomes replicated, with its files', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  await bare.put('disks.local-volume', {
    ...{ group: 'kvm-1:vg0', name: 'old', size: 2, fileSystem: 'ext4', folder: '/mnt/old' },
  });
  await bare.sh('kvm-1', 'echo mine > /mnt/old/mine; umount /mnt/old; sed -i /old/d /etc/fstab');
  await bare.put('drbd.replicated-volume', {
    ...{ way: 'existing', name: 'data', first: 'kvm-1', second: 'kvm-2', metadata: 'external' },
    ...{ firstDisk: 'lv:vg0/old', secondDisk: 'new:vg0' },
    ...{ firstAddress: '192.168.3.1', secondAddress: '192.168.3.2' },
  });
  await bare.sh(
    'kvm-1',
    'mkdir -p /mnt/new; echo /dev/drbd0 /mnt/new ext4 noauto 0 0 >> /etc/fstab; mount /mnt/new',
  );
  assert.equal(await bare.sh('kvm-1', 'cat /mnt/new/mine'), 'mine\n');
});

test('what the tool refuses stays refused: metadata over a file system end with 40, over others with 1', async () => {
  const bare = await BareKvm.begin();
  const sh = (line: string): Promise<string> => bare.sh('kvm-1', `{ ${line}; } 2>&1; echo rc=$?`);
  const conf = [
    'resource r0 { on kvm-1 { device minor 0; disk /dev/vg0/r0; meta-disk internal; address 10.20.0.21:7788; }',
    'on kvm-2 { device minor 0; disk /dev/vg0/r0; meta-disk internal; address 10.20.0.22:7788; } }',
  ].join(' ');
  await sh(`lvcreate -n r0 -L 1G vg0; echo '${conf}' > /etc/drbd.d/r0.res`);
  assert.match(await sh('drbdadm up r0'), /No valid meta data found\nrc=1$/m);
  assert.match(await sh('mkfs.ext4 /dev/vg0/r0; drbdadm create-md --force r0'), /rc=40/);
  await sh('lvremove -f vg0/r0; lvcreate -n r0 -L 1G vg0');
  assert.match(await sh('drbdadm create-md r0'), /successfully created\.\n(?:.*\n)*rc=0/);
  assert.match(await sh('drbdadm create-md r0'), /Operation cancelled\.\n(?:.*\n)*rc=1/);
  assert.match(
    await sh('drbdadm up r0; drbdadm up r0'),
    /Device '0' is configured!\n(?:.*\n)*rc=1/,
  );
  assert.match(await sh('drbdadm primary r0'), /Need access to UpToDate data\n(?:.*\n)*rc=17/);
  await sh(`echo '${conf.replace('r0 {', 'r1 {')}' > /etc/drbd.d/r1.res`);
  assert.match(await sh('drbdadm status r0'), /conflicting use of device-minor.*\n.*\nrc=10/);
  await sh('echo "resource r2 {" > /etc/drbd.d/r1.res');
  assert.doesNotMatch(await sh('drbdadm dump r0'), /error/);
});

test('a grown volume is copied and its file system takes it; a side that is not there stops it', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  await bare.put('drbd.replicated-volume', BOTH);
  await bare.sh(
    'kvm-1',
    'mkfs.xfs -m uuid=5a0c1e3e-0a4a-4c9c-8d2e-7f9a63f1d0aa /dev/drbd0; mkdir -p /srv/data; echo /dev/drbd0 /srv/data xfs noauto 0 0 >> /etc/fstab; mount /srv/data; mkdir -p /srv/old/deep; echo one > /srv/old/one; echo two > /srv/old/deep/two',
  );
  await bare.put('drbd.move-in', { target: 'kvm-1:/srv/data', source: '/srv/old', compare: true });
  assert.equal(await bare.sh('kvm-1', 'cat /srv/data/one /srv/data/deep/two'), 'one\ntwo\n');
  const plan = await bare.plan('drbd.grow', { resource: 'data', size: 4 });
  await bare.sh('kvm-2', 'drbdadm down data');
  assert.match(whyFailed(await bare.box.apply(plan)), /both sides must be connected/);
  await bare.sh('kvm-2', 'drbdadm up data');
});
