import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf } from '../support/shell-now.js';
import { stacks } from '../../source/stacks/index.js';
import { BareKvm, BOTH, NETWORK, PAIR } from '../support/bare-kvm.js';

test('from bare hosts to guests on a file system that both have, exported by NFS, by the wizards alone', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  await bare.put('drbd.replicated-volume', { ...BOTH, dualPrimary: true });
  await bare.put('ocfs2.cluster', {
    ...{ hosts: [...PAIR], network: '192.168.3.0/24', device: '/dev/drbd0' },
    ...{ label: 'data', mountPoint: '/vol/data' },
  });
  await bare.sh('kvm-1', 'echo both > /vol/data/file');
  assert.deepEqual(await bare.both('cat /vol/data/file'), ['both\n', 'both\n']);
  const row = { path: '/vol/data', client: '192.168.3.0/24', options: 'rw,sync,no_subtree_check' };
  await bare.put('nfs.exports', { hosts: ['kvm-1'], exports: [row] });
  await bare.put('libvirt.pools', {
    hosts: [...PAIR],
    pools: [{ name: 'data', mount: '/vol/data', folder: 'images', autostart: false }],
  });
  await bare.put('libvirt.networks', {
    ...{ hosts: [...PAIR], name: 'inner', address: '192.168.10.1', prefix: 24 },
    ...{ forward: 'nat', bridge: 'virbr10' },
  });
  const key =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8x3n1mVtq1vZb6nKxJ0mJqf1l1l8m8r5v1m1hZ9w0c me@desk';
  await bare.put('libvirt.ssh-keys', { hosts: [...PAIR], user: 'root', key });
  await bare.put('drbd.grow', { resource: 'data', size: 4 });

  const { hosts, fleet } = bare.box;
  const found = await Promise.all(
    stacks
      .filter(({ id }) => ['drbd', 'ocfs2', 'nfs', 'libvirt', 'disks'].includes(id))
      .map((stack) => findingsOf(stack, hosts, fleet.clock.now)),
  );
  assert.deepEqual(found.flat(), []);
});
