import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import type { WizardSpec } from '../../source/core/wizard.js';
import { diagnose } from '../../source/stacks/libvirt/diagnose.js';
import { libvirt } from '../../source/stacks/libvirt/index.js';
import { lookAtLibvirt } from '../../source/stacks/libvirt/probe.js';
import { networksSpec } from '../../source/stacks/libvirt/wizards/networks/index.js';
import { poolsSpec } from '../../source/stacks/libvirt/wizards/pools/index.js';
import { sshKeysSpec } from '../../source/stacks/libvirt/wizards/ssh-keys/index.js';
import { assertFinished, Carried, draftOf, faultsOf } from '../support/carry-out.js';
import { enterLab, labHost, LAB_NODES, leaveLab, onBoth, onLab } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';
import { wholeCluster } from '../support/surroundings.js';

const skip = await enterLab('clean', 'libvirt on real machines');
after(leaveLab);

const hosts = new Map(LAB_NODES.map((name) => [name as string, labHost(name)]));
const VIRSH = 'virsh -c qemu:///system';

/** A file system of its own on both, and libvirt's daemon. */
before(async () => {
  if (skip !== false) return;
  const silent = await lookAtLibvirt(labHost('fiori'));
  assert.ok(silent.kind === 'value' && !silent.value.daemon.answers, JSON.stringify(silent));
  await onBoth(
    'mkfs.ext4 -qF /dev/vdc; mkdir -p /vol/pool0; mount /dev/vdc /vol/pool0; systemctl start libvirtd',
  );
});

/** What a wizard plans for both machines. */
async function planned<F, A>(spec: WizardSpec<F, A>, answers: Json) {
  const found = await spec.look([...hosts.values()], wholeCluster);
  return spec.plan(found, spec.answers.parse(answers));
}

/** Carries a plan out, sees that it is found done, and hands back what undoes it. */
async function done<F, A>(spec: WizardSpec<F, A>, answers: Json) {
  const run = new Carried(draftOf(await planned(spec, answers)), libvirt, hosts);
  assertFinished(await run.apply());
  const again = new Carried(draftOf(await planned(spec, answers)), libvirt, hosts);
  assertFinished(await again.apply());
  assert.ok(
    again.lines.every((line) => line.kind !== 'command'),
    'what is done is done again',
  );
  return run;
}

const POOLS = {
  hosts: [...LAB_NODES],
  pools: [{ name: 'vmpool0', mount: '/vol/pool0', folder: '' }],
};

test(
  'a file system becomes a pool on both machines, is seen, and is taken back',
  { skip },
  async () => {
    const iso = { name: 'isoimages', mount: '/vol/pool0', folder: 'software/isoimages' };
    const local = { name: 'local', mount: '/', folder: 'var/lib/local-images', autostart: true };
    const answers = { ...POOLS, pools: [...POOLS.pools, iso, local] };
    const before = await onBoth(`${VIRSH} pool-list --all`);
    const run = await done(poolsSpec, answers);
    for (const listed of await onBoth(`${VIRSH} pool-list --all`)) {
      assert.match(
        listed,
        /isoimages +active +no[\s\S]*local +active +yes[\s\S]*vmpool0 +active +no/,
      );
    }
    await onBoth(`${VIRSH} vol-create-as vmpool0 disk.img 1M`);
    const seen = await lookAtLibvirt(labHost('fiori'));
    assert.ok(seen.kind === 'value');
    assert.deepEqual(seen.unread, []);
    const pool = seen.value.pools.find(({ name }) => name === 'vmpool0');
    assert.deepEqual([pool?.state, pool?.target], ['running', '/vol/pool0']);
    assert.ok((pool?.capacity ?? 0) > 100_000_000);
    assertFinished(await run.undo());
    assert.deepEqual(await onBoth(`${VIRSH} pool-list --all`), before);
    assert.deepEqual(await onBoth('ls /vol/pool0/disk.img'), Array(2).fill('/vol/pool0/disk.img'));
  },
);

test('a pool is not started at boot where nothing mounts its storage then', { skip }, async () => {
  const [pool] = POOLS.pools;
  const faults = faultsOf(
    await planned(poolsSpec, { ...POOLS, pools: [{ ...pool, autostart: true }] }),
  );
  assert.match(faults.join('\n'), /pools\.0\.autostart: fiori: \/vol\/pool0 is not in fstab/);
});

test(
  'a pool whose file system went away meanwhile is not started on the bare folder',
  { skip },
  async () => {
    const draft = draftOf(await planned(poolsSpec, POOLS));
    await onLab('fiori', 'umount /vol/pool0');
    const run = new Carried(draft, libvirt, hosts);
    const end = await run.apply();
    assert.equal(end.kind, 'failed');
    assert.equal(await onLab('fiori', `${VIRSH} pool-list --name`), '');
    await onLab('fiori', 'mount /dev/vdc /vol/pool0; rm -rf /run/holdfast.lock');
    await onLab('torchio', 'rm -rf /run/holdfast.lock');
    await onBoth(`${VIRSH} pool-undefine vmpool0 || :`);
  },
);

test(
  "libvirt's own pool is taken out for good, and comes back as it was by undo",
  { skip },
  async () => {
    await onBoth(
      `mkdir -p /var/lib/libvirt/images; ${VIRSH} pool-define-as default dir --target /var/lib/libvirt/images && ${VIRSH} pool-start default && ${VIRSH} pool-autostart default`,
    );
    const uuids = await onBoth(`${VIRSH} pool-uuid default`);
    const run = await done(poolsSpec, { ...POOLS, dropDefault: true });
    await onLab('fiori', 'systemctl restart libvirtd');
    assert.doesNotMatch(await onLab('fiori', `${VIRSH} pool-list --all`), /default/);
    assertFinished(await run.undo());
    assert.deepEqual(await onBoth(`${VIRSH} pool-uuid default`), uuids);
    for (const listed of await onBoth(`${VIRSH} pool-list --all`)) {
      assert.match(listed, /default +active +yes/);
    }
  },
);

test('a pool on a bare mount point is told with the folder that it fills', { skip }, async () => {
  await onLab(
    'fiori',
    `echo '/dev/vdc /vol/pool0 ext4 _netdev 0 0' >> /etc/fstab; ${VIRSH} pool-define-as vmpool0 dir --target /vol/pool0; ${VIRSH} pool-autostart vmpool0; umount /vol/pool0; ${VIRSH} pool-start vmpool0`,
  );
  const codes = diagnose(await readNow(libvirt, ['fiori'])).map(({ code }) => code);
  assert.deepEqual(codes, ['LIBVIRT_POOL_NOT_MOUNTED', 'LIBVIRT_POOL_AUTOSTART_TOO_EARLY']);
  await onLab(
    'fiori',
    `${VIRSH} pool-destroy vmpool0; ${VIRSH} pool-undefine vmpool0; sed -i '\\,/vol/pool0,d' /etc/fstab; mount /dev/vdc /vol/pool0`,
  );
});

test(
  'a storage network has the same address on both machines, and is taken back',
  { skip },
  async () => {
    const network = {
      hosts: [...LAB_NODES],
      name: 'storage',
      address: '192.168.10.1',
      prefix: 24,
      forward: 'isolated',
      bridge: 'virbr7',
    };
    const run = await done(networksSpec, network);
    for (const shown of await onBoth(`ip -o -4 addr show dev virbr7; ${VIRSH} net-list --all`)) {
      assert.match(shown, /inet 192\.168\.10\.1\/24[\s\S]*storage +active +yes +yes/);
    }
    const clash = await planned(networksSpec, { ...network, name: 'other', bridge: 'virbr8' });
    assert.match(faultsOf(clash).join('\n'), /overlaps 192\.168\.10\.1\/24 \(virbr7\)/);
    assertFinished(await run.undo());
    for (const shown of await onBoth(`ip -o link; ${VIRSH} net-list --all`)) {
      assert.doesNotMatch(shown, /virbr7|storage/);
    }
  },
);

test(
  'a public key of a user is added, lets its owner in, and is taken away',
  { skip },
  async () => {
    await onLab('torchio', 'ssh-keygen -q -t ed25519 -N "" -f /run/vm-key -C ann@desk');
    const key = await onLab('torchio', 'cat /run/vm-key.pub');
    const before = await onBoth(
      'cat /home/oper/.ssh/authorized_keys; stat -c "%a %U" /home/oper/.ssh/authorized_keys',
    );
    const run = await done(sshKeysSpec, { hosts: [...LAB_NODES], user: 'oper', key });
    const login =
      'ssh -n -i /run/vm-key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes oper@127.0.0.1 id -un';
    assert.equal(await onLab('torchio', `${login} 2>/dev/null`), 'oper');
    assertFinished(await run.undo());
    assert.deepEqual(
      await onBoth(
        'cat /home/oper/.ssh/authorized_keys; stat -c "%a %U" /home/oper/.ssh/authorized_keys',
      ),
      before,
    );
  },
);
