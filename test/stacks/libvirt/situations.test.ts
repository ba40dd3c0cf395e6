import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUEST, StorageGraph, mountNode, deviceNode } from '../../../source/core/graph.js';
import { diagnose } from '../../../source/stacks/libvirt/diagnose.js';
import { graph } from '../../../source/stacks/libvirt/graph.js';
import { libvirt } from '../../../source/stacks/libvirt/index.js';
import { libvirtProbe } from '../../../source/stacks/libvirt/probe.js';
import { recordedNow } from '../../support/recordings.js';

async function found(situation: string): Promise<ReadonlyMap<string, string>> {
  const findings = diagnose(await recordedNow(libvirt, situation));
  return new Map(findings.map(({ code, subject, severity }) => [`${code} ${subject}`, severity]));
}

test('two hosts in order have nothing to be told of', async () => {
  assert.deepEqual(await found('calm'), new Map());
});

test('every line of a report is read', async () => {
  for (const situation of ['calm', 'trouble', 'not-running']) {
    const now = await recordedNow(libvirt, situation);
    assert.deepEqual(
      now.known(libvirtProbe).flatMap(({ unread }) => unread),
      [],
    );
  }
});

test('each trouble is told once, and no more gravely than it is', async () => {
  assert.deepEqual(
    await found('trouble'),
    new Map([
      ['LIBVIRT_POOL_NOT_MOUNTED fiori/iso', 'alert'],
      ['LIBVIRT_POOL_INACTIVE fiori/local', 'warning'],
      ['LIBVIRT_POOL_AUTOSTART_TOO_EARLY fiori/vms', 'warning'],
      ['LIBVIRT_POOL_FULL fiori/vms', 'alert'],
      ['LIBVIRT_NETWORK_INACTIVE fiori/storage', 'warning'],
      ['LIBVIRT_GUEST_IO_ERROR fiori/web-1', 'alert'],
    ]),
  );
});

test('an inactive pool says that its file system is not mounted, and who needs it', async () => {
  const findings = diagnose(await recordedNow(libvirt, 'trouble'));
  const inactive = findings.find(({ subject }) => subject === 'fiori/local');
  assert.match(inactive?.says ?? '', /build has disks in it/);
  assert.match(inactive?.todo ?? '', /^First mount \/vol\/local/);
  const paused = findings.find(({ subject }) => subject === 'fiori/web-1');
  assert.match(paused?.says ?? '', /paused for an I\/O error: vda: no space/);
  assert.match(paused?.todo ?? '', /^Make room .* virsh resume web-1$/);
  assert.ok(paused?.evidence.some(({ lines }) => lines.includes('vda: no space')));
});

test('a daemon that does not answer is told where guests run, and not where it is not wanted', async () => {
  assert.deepEqual(await found('not-running'), new Map([['LIBVIRT_NOT_RUNNING fiori', 'warning']]));
  const now = await recordedNow(libvirt, 'not-running');
  const [told] = diagnose(now);
  assert.match(told?.says ?? '', /web-1 and mail still run/);
  const rows = libvirt.pane.draw(now).rows.map(({ id, tone }) => [id, tone]);
  assert.deepEqual(rows, [
    ['fiori', 'warning'],
    ['torchio', 'good'],
  ]);
});

test('a user whom libvirt does not let look is a failure; a host without virsh has no libvirt', async () => {
  const now = await recordedNow(libvirt, 'not-allowed');
  const [denied, without] = now.of(libvirtProbe);
  assert.match(denied?.kind === 'failed' ? denied.failure.means : '', /polkit/);
  assert.equal(without?.kind, 'absent');
});

test('a guest is found above the mount of its image, above its device and above its pool', async () => {
  const mounts = ['fiori', 'torchio'].map((host) => ({
    id: mountNode(host, '/srv/vms'),
    kind: 'mount',
    host,
    name: '/srv/vms',
  }));
  const whole = new StorageGraph([
    graph(await recordedNow(libvirt, 'calm')),
    { nodes: mounts, edges: [] },
  ]);
  assert.deepEqual(whole.guestsOn([mountNode('fiori', '/srv/vms')]), ['mail', 'web-1']);
  assert.deepEqual(whole.guestsOn([deviceNode('torchio', '/dev/drbd1')]), ['mail']);
  const pools = [...whole.nodes].filter(({ kind, name }) => kind === 'pool' && name === 'vms');
  assert.deepEqual(whole.guestsOn([pools[0]?.id ?? '']), ['mail', 'web-1']);
  const fates = whole.whatIf([pools[0]?.id ?? '']);
  const guests = [...whole.nodes].filter(({ kind, host }) => kind === GUEST && host === 'fiori');
  assert.deepEqual(
    guests.map(({ id }) => fates.get(id)),
    ['degraded', 'degraded'],
  );
  assert.equal(whole.whatIf([mountNode('fiori', '/srv/vms')]).get(guests[0]?.id ?? ''), 'dead');
});
