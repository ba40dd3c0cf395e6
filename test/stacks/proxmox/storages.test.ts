import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig, isSet } from '../../../source/stacks/proxmox/config.js';
import { diagnose } from '../../../source/stacks/proxmox/findings.js';
import { proxmox } from '../../../source/stacks/proxmox/index.js';
import { parseStatus, statusSample } from '../../../source/stacks/proxmox/status.js';
import { storageViews } from '../../../source/stacks/proxmox/view.js';
import { fixture, recordedNow } from '../../support/recordings.js';

test('each line of pvesm is a storage, with its sizes in bytes', () => {
  const read = parseStatus(statusSample);
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.map(({ name, type, status }) => [name, type, status]),
    [
      ['backup', 'nfs', 'inactive'],
      ['local', 'dir', 'active'],
      ['old', 'dir', 'disabled'],
      ['vms', 'dir', 'active'],
    ],
  );
  assert.equal(read.value[3]?.used, 572_522_496 * 1024);
});

test('lines that are no storages are told, and other outputs are refused', () => {
  const read = parseStatus(`${statusSample}x dir sideways 1 2 3 4\n`);
  assert.deepEqual(read.ok && read.unread, ['x dir sideways 1 2 3 4']);
  assert.ok(!parseStatus('command not found\n').ok);
  assert.ok(!parseStatus('').ok);
});

test('the configuration is read with flags, values and lists', () => {
  const { storages, unread } = parseConfig(fixture('proxmox/one-node-without/pve-1/storage.cfg'));
  const named = (name: string) => storages.find((one) => one.name === name);
  const [lizard, zfs] = [named('lizard-vms'), named('local-zfs')];
  assert.ok(lizard && zfs);
  assert.deepEqual(
    [isSet(lizard, 'shared'), isSet(lizard, 'is_mountpoint'), isSet(zfs, 'shared')],
    [true, true, false],
  );
  assert.equal(isSet(zfs, 'sparse'), true);
  assert.deepEqual(unread, []);
  assert.deepEqual(parseConfig('  stray 1\n').unread, ['  stray 1']);
});

test('a shared storage is one over all nodes, another one each', async () => {
  const views = storageViews(await recordedNow(proxmox, 'healthy'));
  assert.deepEqual(
    views.map(({ id, nodes }) => `${id} ${nodes.length}`),
    [
      'backup 2',
      'lizard-vms 2',
      'pve-1/local 1',
      'pve-1/local-zfs 1',
      'pve-2/local 1',
      'pve-2/local-zfs 1',
    ],
  );
});

test('where all is in order nothing is found', async () => {
  assert.deepEqual(diagnose(await recordedNow(proxmox, 'healthy')), []);
});

test('what is not active, nearly full, or may be unmounted unseen is found, where it is so', async () => {
  const found = diagnose(await recordedNow(proxmox, 'one-node-without'));
  assert.deepEqual(
    found.map(
      ({ code, subject, hosts, severity }) => `${code} ${subject} ${hosts.join('+')} ${severity}`,
    ),
    [
      'PROXMOX_STORAGE_NO_MOUNTPOINT bare pve-1+pve-2 warning',
      'PROXMOX_STORAGE_INACTIVE lizard-vms pve-2 alert',
      'PROXMOX_STORAGE_INACTIVE backup pve-2 alert',
      'PROXMOX_STORAGE_FULL pve-2/local-zfs pve-2 warning',
    ],
  );
  assert.ok(found.every(({ evidence }) => evidence.length > 0));
});
