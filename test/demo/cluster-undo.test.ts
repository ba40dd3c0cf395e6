import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import { whyFailed, type ShellRun } from '../support/shell-fleet.js';
import { Sick } from '../support/sick.js';
import type { JournalLine } from '../../source/core/journal.js';
import { Killed } from '../support/mark-host.js';
import { BareKvm, BOTH, NETWORK, PAIR } from '../support/bare-kvm.js';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8x3n1mVtq1vZb6nKxJ0mJqf1l1l8m8r5v1m1hZ9w0c me@desk';

/** What stands on a cluster's file system, wizard by wizard. */
const CHAIN: readonly (readonly [string, Json])[] = [
  [
    'ocfs2.cluster',
    {
      ...{ hosts: [...PAIR], network: '192.168.3.0/24', device: '/dev/drbd0' },
      ...{ label: 'data', mountPoint: '/vol/data' },
    },
  ],
  [
    'nfs.exports',
    {
      hosts: ['kvm-1'],
      exports: [
        { path: '/vol/data', client: '192.168.3.0/24', options: 'rw,sync,no_subtree_check' },
      ],
    },
  ],
  [
    'libvirt.pools',
    {
      hosts: [...PAIR],
      pools: [{ name: 'data', mount: '/vol/data', folder: 'images', autostart: false }],
    },
  ],
  [
    'libvirt.networks',
    {
      ...{ hosts: [...PAIR], name: 'inner', address: '192.168.10.1', prefix: 24 },
      ...{ forward: 'nat', bridge: 'virbr10' },
    },
  ],
  ['libvirt.ssh-keys', { hosts: [...PAIR], user: 'root', key: KEY }],
];

/** All that these wizards change. */
const STATE = [
  'cat /etc/fstab /etc/ocfs2/cluster.conf /etc/default/o2cb /etc/exports /root/.ssh/authorized_keys',
  'ls /etc/exports /etc/ocfs2 /vol/data /root/.ssh /usr/sbin/policy-rc.d',
  'findmnt -n /vol/data; exportfs -v; virsh pool-list --all; virsh net-list --all',
  'o2cb cluster-status; dpkg-query -W nfs-kernel-server ocfs2-tools',
].join('; ');

test('each wizard of the chain takes back what it did, the last one first', async () => {
  const bare = await BareKvm.begin();
  await bare.put('drbd.cluster-network', NETWORK);
  await bare.put('drbd.replicated-volume', { ...BOTH, dualPrimary: true });
  const state = () => bare.both(`{ ${STATE}; } 2>&1`);
  const done: { wizard: string; before: readonly string[]; run: ShellRun }[] = [];
  for (const [wizard, answers] of CHAIN) {
    const before = await state();
    done.push({ wizard, before, run: await bare.put(wizard, answers) });
  }
  for (const { wizard, before, run } of done.toReversed()) {
    await bare.undo(run);
    assert.deepEqual(await state(), before, wizard);
  }
});

/** Scenario, recovery, subject, way; what is wrong again after undo. */
const TAKEN_BACK = [
  ['peer-lost', 'drbd.peer-lost', 'r1', 'bring-back', 'DRBD_NOT_UP/r1 kvm-2'],
  ['unequal-options', 'drbd.standalone', 'r1', 'kvm-1', 'DRBD_CONFIGS_DIFFER/r1'],
  ['ocfs2-stuck', 'ocfs2.stuck', 'vms', 'kvm-2', 'OCFS2_OFFLINE/kvm-2'],
] as const;

for (const [scenario, id, subject, way, code] of TAKEN_BACK) {
  test(`what ${id} did in the scenario ${scenario} is taken back`, async () => {
    const sick = await Sick.of(scenario);
    const run = await sick.mend(id, subject, way);
    assert.ok(!(await sick.findings()).includes(code));
    assert.equal(whyFailed(await sick.box.undo(run)), '');
    assert.ok((await sick.findings()).includes(code), (await sick.findings()).join());
  });
}

test('the rates of a slow resync are put back at its end, and by undo before it', async () => {
  const rates = (sick: Sick): Promise<string> =>
    sick.box.says('kvm-2', 'sh', '-c', 'drbdsetup show r1 | grep rate; drbdadm -d adjust r1');
  const whole = await Sick.of('slow-resync');
  const before = await rates(whole);
  assert.match(before, /resync-rate\s+2048k/);
  await whole.mend('drbd.slow-resync', 'r1', 'full');
  assert.equal(await rates(whole), before);

  const broken = await Sick.of('slow-resync');
  const plan = await broken.plan('drbd.slow-resync', 'r1', 'full');
  const lines: JournalLine[] = [];
  let changes = 0;
  broken.box.instant = () => {
    changes += 1;
    // The lock, the rates; then the console dies over the waiting.
    if (changes > 2) throw new Killed();
  };
  await assert.rejects(broken.box.apply(plan, new Map(), lines), Killed);
  broken.box.instant = () => undefined;
  assert.notEqual(await rates(broken), before);
  assert.equal(whyFailed(await broken.box.undo({ lines, values: new Map() })), '');
  assert.equal(await rates(broken), before);
});
