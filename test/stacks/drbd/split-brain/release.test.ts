import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Reader } from '../../../../source/core/host.js';
import type { Case } from '../../../../source/core/recovery.js';
import { shutDownGuest } from '../../../../source/steps/guest-shut-down.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { draftOf } from '../../../support/carry-out.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { hostsOf } from './support.js';

async function caseOf(users: readonly string[], guests = ''): Promise<Case> {
  const hosts = new Map<string, Reader>();
  for (const [name, host] of await hostsOf('split-brain', { torchio: { users } })) {
    hosts.set(name, {
      name,
      run: (command: Command<'reads'>) =>
        command.argv.join(' ').includes('domblklist')
          ? Promise.resolve({ kind: 'exited' as const, code: 0, stdout: guests, stderr: '' })
          : host.run(command),
    });
  }
  return splitBrainRecovery(() => RECORDED_AT).gather('r0', hosts);
}

test('guests and mounts of the victim are stopped first, guests before what they run from', async () => {
  const users = ['mount 0 ocfs2 /srv/pub', 'mount 0 ocfs2 /srv/pub/in'];
  const found = await caseOf(users, 'web-1\t/srv/pub/web-1.img\nother\t/var/lib/other.img\n');
  const way = found.ways.find(({ value }) => value === 'torchio:stop-first');
  assert.ok(way, found.ways.map(({ value }) => value).join());
  assert.match(way.says, /guest web-1/);
  const draft = draftOf(way.plan({ keepCopy: false }));
  assert.deepEqual(
    draft.steps
      .slice(0, 5)
      .map(
        ({ kind, params }) =>
          `${kind} ${/"(?:guest|target|resource)":"([^"]*)"/.exec(JSON.stringify(params))?.[1] ?? ''}`,
      ),
    [
      'guest.shut-down web-1',
      'file-system.unmount /srv/pub/in',
      'file-system.unmount /srv/pub',
      'drbd.make-secondary r0',
      'drbd.connect-discarding r0',
    ],
  );
  assert.match(draft.warnings.join(), /never moved alive/);
});

test('what no step can stop is not promised to be stopped', async () => {
  for (const user of ['swap 0', 'holder 0 vg-lv', 'process 0 812 /usr/sbin/tgtd']) {
    const found = await caseOf(['mount 0 ext4 /srv', user]);
    assert.ok(!found.ways.some(({ value }) => value.includes('stop-first')), user);
  }
});

test('a guest with a name that is no plain word is left to a person', async () => {
  const found = await caseOf([
    'process 0 9 /usr/bin/qemu-system-x86_64 -name guest=$(reboot),x=y -m 1',
  ]);
  assert.ok(!found.ways.some(({ value }) => value.includes('stop-first')));
});

test('a guest counts as stopped only when libvirt says so, and power is never cut', async () => {
  const bound = shutDownGuest.bind({ guest: 'web-1' });
  assert.ok(bound.ok);
  const says = (stdout: string, code = 0): Reader => ({
    name: 'kvm-1',
    run: () => Promise.resolve({ kind: 'exited', code, stdout, stderr: '' }),
  });
  assert.equal((await bound.step.check(says('running\n\n'))).kind, 'notYet');
  assert.equal((await bound.step.check(says('in shutdown\n'))).kind, 'notYet');
  assert.equal((await bound.step.check(says('shut off\n'))).kind, 'done');
  assert.equal((await bound.step.check(says('', 1))).kind, 'cannotTell');
  assert.deepEqual(
    bound.step.commands.map(({ argv }) => argv),
    [['virsh', 'shutdown', 'web-1']],
  );
});
