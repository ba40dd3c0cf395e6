import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localVolume } from '../../source/stacks/disks/wizards/local-volume/index.js';
import { grow } from '../../source/stacks/drbd/wizards/grow/index.js';
import { moveIn } from '../../source/stacks/drbd/wizards/move-in/index.js';
import { replicatedVolume } from '../../source/stacks/drbd/wizards/replicated-volume/index.js';
import { enterLab, LAB_NODES, leaveLab, load, onBoth, onLab, save } from '../support/lab.js';
import { putPackages } from '../support/lab-packages.js';
import { LabRun, why } from '../support/lab-run.js';
import { Killed } from '../support/mark-host.js';
import { faultsOf, planOf } from '../support/volume-lab.js';

/** Both machines have a volume group `vg0` on their third disk. */
const skip = await enterLab('clean', 'local and replicated volumes on a real kernel');
after(leaveLab);

before(async () => {
  if (skip !== false) return;
  await onBoth('vgcreate -q -y vg0 /dev/vdd');
  await installPackages();
  await save('test-volume');
});

/** What the machines lack. */
async function installPackages(): Promise<void> {
  for (const node of LAB_NODES) {
    const packages = ['libpopt0', 'libxxhash0', 'rsync'];
    if (!(await putPackages(node, packages, '/root/packages'))) return;
    await onLab(node, 'dpkg -i /root/packages/*.deb >/dev/null 2>&1; rm -r /root/packages');
  }
}

let isFresh = true;
let isReplicated = false;

/** A test that begins from two empty volume groups. */
function situation(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isFresh) await load('test-volume');
    isFresh = false;
    await body();
  });
}

/** What undo must put back. */
const traces = () =>
  onBoth(
    'lvs --noheadings -o lv_name vg0; ls /etc/drbd.d/*.res 2>/dev/null; cat /etc/fstab; sed 1,2d /proc/drbd 2>/dev/null; true',
  );

for (const fileSystem of ['xfs', 'ext4'] as const) {
  situation(
    `a local volume with ${fileSystem} is made, mounted at every start, and taken back`,
    async () => {
      const before = await traces();
      const run = new LabRun(
        await planOf(localVolume, {
          ...{ group: 'fiori:vg0', name: 'local-1', size: 0.4, fileSystem },
          folder: '/vol/local',
        }),
      );
      assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
      assert.match(
        await onLab('fiori', 'findmnt -n -o SOURCE,FSTYPE,OPTIONS /vol/local'),
        new RegExp(`^/dev/mapper/vg0-local--1 +${fileSystem} +\\S*noatime`),
      );
      assert.match(
        await onLab('fiori', 'umount /vol/local && mount -a && findmnt -n /vol/local'),
        /vol/,
      );
      await onLab('fiori', 'echo data > /vol/local/file');
      assert.match(why(await run.undo()), /holds files by now, which an undo does not lose/);
      await onLab('fiori', 'rm /vol/local/file');
      assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
      assert.deepEqual(await traces(), before);
    },
  );
}

const NEW = {
  ...{ name: 'small', first: 'fiori', second: 'torchio', size: 0.05 },
  ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0' },
  ...{ firstAddress: '192.0.2.129', secondAddress: '192.0.2.130', notify: '' },
};

const dstate = (node: string, name: string) =>
  onLab(node, `drbdadm role ${name}; drbdadm dstate ${name}; drbdadm cstate ${name}`);

situation(
  'both nodes at once: two Primaries without a first sync, one file, and all taken back',
  async () => {
    const before = await traces();
    const plan = await planOf(replicatedVolume, { way: 'both', ...NEW, dualPrimary: true });
    const run = new LabRun(plan);
    assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
    assert.equal(await dstate('fiori', 'small'), 'Primary/Primary\nUpToDate/UpToDate\nConnected');
    assert.equal(await onLab('torchio', 'readlink -f /dev/drbd/by-res/small/0'), '/dev/drbd0');
    const [one, two] = await onBoth(
      'sha256sum /etc/drbd.d/small.res; stat -c %a /etc/drbd.d/small.res; blockdev --getsz /dev/drbd0',
    );
    assert.equal(one, two);
    const secret = run.values.get('shared-secret') ?? 'none was made';
    assert.equal(
      await onLab('fiori', `grep -c 'shared-secret "${secret}";' /etc/drbd.d/small.res`),
      '1',
    );
    assert.ok(!JSON.stringify(run.lines).includes(secret), 'the secret stands in the journal');
    await onLab(
      'fiori',
      'dd if=/dev/urandom of=/dev/drbd0 bs=64k count=4 oflag=direct 2>/dev/null',
    );
    const sums = await onBoth(
      'dd if=/dev/vg0/small bs=64k count=4 iflag=direct 2>/dev/null | sha256sum',
    );
    assert.equal(sums[0], sums[1], 'what one side writes is not on the other');
    await onLab('fiori', 'dd if=/dev/zero of=/dev/drbd0 bs=64k count=4 oflag=direct 2>/dev/null');
    assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
    assert.deepEqual(await traces(), before);
  },
);

situation('a node alone, then the second joins: the first sync is watched to its end', async () => {
  const plan = await planOf(
    replicatedVolume,
    {
      ...{ way: 'first', name: 'pub', first: 'fiori', firstDisk: 'new:vg0', size: 0.03 },
      ...{ firstAddress: '192.0.2.129', peerName: 'torchio', peerAddress: '192.0.2.130' },
      ...{ peerDisk: '/dev/vg0/pub', notify: '', secret: 'ask' },
    },
    ['fiori'],
  );
  const given = new Map([['shared-secret', 'correct-horse']]);
  const first = new LabRun(plan, given);
  assert.equal(why(await first.apply()), 'finished', first.commands.join('\n'));
  assert.equal(await dstate('fiori', 'pub'), 'Primary/Unknown\nUpToDate/DUnknown\nWFConnection');
  await onLab('fiori', 'dd if=/dev/urandom of=/dev/drbd0 bs=1M count=4 oflag=direct 2>/dev/null');
  const joins = { way: 'joins', first: 'fiori', second: 'torchio', resource: 'pub' };
  const second = new LabRun(await planOf(replicatedVolume, joins), given);
  assert.equal(why(await second.apply()), 'finished', second.commands.join('\n'));
  assert.equal(await dstate('torchio', 'pub'), 'Secondary/Primary\nUpToDate/UpToDate\nConnected');
  const [one, two] = await onBoth(
    'sha256sum < /etc/drbd.d/pub.res; dd if=/dev/vg0/pub bs=1M count=4 iflag=direct 2>/dev/null | sha256sum',
  );
  assert.equal(one, two);
  assert.match(second.progress.join('\n'), /%, .* left, /);
  assert.equal(why(await second.undo()), 'finished', second.commands.join('\n'));
  assert.match(why(await first.undo()), /finished/, first.commands.join('\n'));
});

situation(
  'a file system that is there is replicated with every file, behind it the metadata',
  async () => {
    await onLab(
      'fiori',
      'lvcreate -q -y -n data -L 48M vg0 && mkfs.ext4 -q /dev/vg0/data && mount /dev/vg0/data /mnt && dd if=/dev/urandom of=/mnt/file bs=1M count=8 2>/dev/null; sha256sum /mnt/file > /root/sum; umount /mnt',
    );
    const { size: _, ...same } = NEW;
    const data = { way: 'existing', name: 'data', firstDisk: 'lv:vg0/data', secret: 'none' };
    const run = new LabRun(await planOf(replicatedVolume, { ...same, ...data }));
    assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
    assert.equal(await dstate('fiori', 'data'), 'Primary/Secondary\nUpToDate/UpToDate\nConnected');
    await onLab('fiori', 'drbdadm secondary data');
    assert.match(
      await onLab(
        'torchio',
        'drbdadm primary data && mount -o ro /dev/drbd/by-res/data/0 /mnt && sha256sum /mnt/file; umount /mnt; drbdadm secondary data',
      ),
      new RegExp(`^${(await onLab('fiori', 'cut -d" " -f1 /root/sum')).trim()} `),
    );
    isReplicated = true;
  },
);

test(
  'a file system that is there grows with its resource, and data moves into it',
  { skip },
  async (t) => {
    if (!isReplicated) {
      t.skip('it was not replicated');
      return;
    }
    await onLab(
      'fiori',
      'drbdadm primary data; mkdir -p /vol/data; mount /dev/drbd0 /vol/data; mkdir /srv/old; dd if=/dev/urandom of=/srv/old/image bs=1M count=8 2>/dev/null; ln /srv/old/image /srv/old/link; truncate -s 8M /srv/old/sparse',
    );
    const bigger = new LabRun(await planOf(grow, { resource: 'data', size: 0.08 }));
    assert.equal(why(await bigger.apply()), 'finished', bigger.commands.join('\n'));
    const [, torchio] = await onBoth('cat /sys/block/drbd0/size');
    assert.ok(Number(torchio) > (0.079 * 2 ** 30) / 512, torchio);
    const [blocks = 0, size = 0] = (
      await onLab(
        'fiori',
        "dumpe2fs -h /dev/drbd0 2>/dev/null | sed -n 's/^Block \\(count\\|size\\): *//p'",
      )
    )
      .split('\n')
      .map(Number);
    assert.ok(blocks * size > 0.075 * 2 ** 30, `${blocks} * ${size}`);
    if ((await onLab('fiori', 'command -v rsync; true')) === '') {
      console.error('SKIPPED moving data in: the machines have no rsync (HOLDFAST_LAB_PACKAGES)');
      return;
    }
    const before = await onLab('fiori', 'ls -lR --full-time /srv/old; sha256sum /srv/old/*');
    const plan = await planOf(
      moveIn,
      { target: 'fiori:/vol/data', source: '/srv/old', compare: true },
      ['fiori'],
    );
    const moved = new LabRun(plan);
    assert.equal(why(await moved.apply()), 'finished', moved.commands.join('\n'));
    assert.equal(await onLab('fiori', 'ls -lR --full-time /srv/old; sha256sum /srv/old/*'), before);
    assert.equal(
      await onLab(
        'fiori',
        'cd /vol/data; stat -c "%h %i" image link | sort -u | wc -l; cmp image /srv/old/image && du -k sparse | cut -f1',
      ),
      '1\n0',
    );
    assert.equal(why(await moved.undo()), 'finished');
  },
);

situation('what breaks every drbdadm command is refused before it takes effect', async () => {
  const plan = await planOf(replicatedVolume, { way: 'both', ...NEW, secret: 'none' });
  const other =
    'resource other { on torchio { device /dev/drbd9 minor 9; disk /dev/vdb; address 192.0.2.130:7788; meta-disk internal; } on fiori { device /dev/drbd9 minor 9; disk /dev/vdb; address 192.0.2.129:7788; meta-disk internal; } }';
  const run = new LabRun(plan);
  // After the plan was found fresh and its first step was done: it dies, another hand takes the port,
  // and it is gone on with.
  for (let left = 4; run.did === 0; left += 2) {
    run.left = left;
    await assert.rejects(run.apply(), Killed);
  }
  run.left = undefined;
  await onLab('torchio', `echo '${other}' > /etc/drbd.d/other.res`);
  assert.match(why(await run.apply()), /conflicting use of IP|first used here/);
  assert.equal(
    await onLab('torchio', 'drbdadm sh-resources; ls /etc/drbd.d /etc | grep -c holdfast; true'),
    'other\n0',
  );
  assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
  assert.match(
    (await faultsOf(replicatedVolume, { way: 'both', ...NEW, name: 'other' })).join(),
    /torchio has a resource called other/,
  );
});

for (const instants of [
  [1, 8, 14],
  [4, 10, 17],
  [6, 12, 20, 23],
]) {
  situation(
    `killed at instants ${instants.join(', ')} and gone on with, it ends the same`,
    async () => {
      const plan = await planOf(replicatedVolume, { way: 'both', ...NEW, dualPrimary: true });
      const run = new LabRun(plan);
      await run.finishDyingAt(instants);
      assert.equal(await dstate('fiori', 'small'), 'Primary/Primary\nUpToDate/UpToDate\nConnected');
    },
  );
}
