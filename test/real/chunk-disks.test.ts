import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { StepKinds } from '../../source/core/step.js';
import { systemClock } from '../../source/engine/clock.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunDeps } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { chunkDisksSpec } from '../../source/stacks/lizardfs/wizards/chunk-disks/index.js';
import { lizardfs } from '../../source/stacks/lizardfs/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { storageProtection } from '../../source/tools/protection.js';
import { diskId, HDD_FILE, installChunkserver, planOf, restore } from '../support/chunk-lab.js';
import { enterLab, labHost, leaveLab, onLab } from '../support/lab.js';
import { SpareDisk } from '../support/spare-disk.js';
import { wholeCluster } from '../support/surroundings.js';
import { lasting } from '../support/run-host.js';

/** fiori has paths to a disk of torchio and spare disks; what is on those is lost. */
const skip = await enterLab('iscsi', 'chunk disks on a real kernel');
after(leaveLab);

const fiori = labHost('fiori');
const onFiori = (script: string) => onLab('fiori', script);
const spare = new SpareDisk('fiori', '/dev/vdc');
const ID = diskId('fiori', 2);

before(async () => {
  if (skip === false) await installChunkserver('fiori');
});

/** What the wizard finds of a disk, and whether it would plan with it when that much is accepted. */
async function look(kernelName: string, host = fiori) {
  const found = await chunkDisksSpec.look([host], wholeCluster);
  const disk = found.hosts
    .flatMap((one) => (one.ok ? one.disks : []))
    .find(({ device }) => device.kernelName === kernelName);
  assert.ok(disk, `no ${kernelName} among the disks`);
  const passes = (accept: readonly string[]): boolean => {
    const given = accept.map((signature) => `${disk.key} ${signature}`);
    const answers = chunkDisksSpec.answers.parse({ disks: [disk.key], accept: given });
    return chunkDisksSpec.plan(found, answers).ok;
  };
  return { disk, passes };
}

test(
  'a blank disk passes, one that holds something when each thing is accepted by name',
  { skip },
  async () => {
    await spare.blank();
    const { disk, passes } = await look('vdc');
    assert.equal(disk.because, undefined);
    assert.deepEqual(disk.holds, []);
    assert.ok(passes([]));
    for (const [make, expected] of [
      ['mkfs.ext4 -qF /dev/vdc', /^ext4$/],
      ['mkswap -q /dev/vdc', /^swap$/],
      ['pvcreate -qqy /dev/vdc', /^LVM2_member$/],
      ['sgdisk -n 1:0:0 /dev/vdc >/dev/null', /gpt.*vdc1/],
      [
        'sgdisk -n 1:0:0 /dev/vdc >/dev/null; udevadm settle; mkfs.ext4 -qF /dev/vdc1',
        /gpt.*ext4 on vdc1/,
      ],
    ] as const) {
      await spare.blank();
      await onFiori(`${make}; udevadm settle`);
      const full = await look('vdc');
      const { holds, because } = full.disk;
      assert.equal(because, undefined, make);
      assert.match(holds.join(', '), expected, make);
      assert.equal(full.passes([]), false, make);
      assert.ok(full.passes(holds), make);
      if (holds.length > 1) assert.equal(full.passes(holds.slice(1)), false, make);
    }
  },
);

test('a disk in use never passes, whatever is accepted', { skip }, async () => {
  for (const [use, because, release] of [
    ['mkswap -q /dev/vdc; swapon /dev/vdc', /swap/, 'swapoff /dev/vdc'],
    [
      'mkfs.ext4 -qF /dev/vdc; mkdir -p /run/spare; mount /dev/vdc /run/spare',
      /mounted at \/run\/spare/,
      'umount /run/spare',
    ],
    [
      'pvcreate -qqy /dev/vdc; vgcreate -q spare /dev/vdc; lvcreate -qy -n one -L 32M spare',
      /spare-one/,
      'vgremove -fqy spare; pvremove -qqy /dev/vdc',
    ],
    [
      'sleep 600 </dev/vdc >/dev/null 2>&1 & echo $! >/run/opener',
      /the process sleep/,
      'kill $(cat /run/opener)',
    ],
  ] as const) {
    await spare.blank();
    await onFiori(`{ ${use}\n} >/dev/null 2>&1; udevadm settle`);
    try {
      const { disk, passes } = await look('vdc');
      assert.match(disk.because ?? '', because);
      assert.equal(passes(disk.holds), false, use);
    } finally {
      await onFiori(`{ ${release}\n} >/dev/null 2>&1`);
    }
  }
  const system = await look('vda');
  assert.match(system.disk.because ?? '', /the system runs from it/);
  assert.equal(system.passes(system.disk.holds), false);
});

test(
  'of a disk with two paths the map passes and its paths never do, nor what tgtd gives away',
  { skip },
  async () => {
    for (const path of ['sda', 'sdb']) {
      const { disk, passes } = await look(path);
      assert.match(disk.because ?? '', /path of the multipath map data/);
      assert.equal(passes(disk.holds), false);
    }
    const map = await look('dm-0');
    assert.equal(map.disk.because, undefined);
    assert.match(map.disk.path ?? '', /\/dm-uuid-mpath-/);
    assert.ok(map.passes(map.disk.holds));
    await installChunkserver('torchio');
    const given = await look('vdd', labHost('torchio'));
    assert.match(given.disk.because ?? '', /the process tgtd/);
    assert.equal(given.passes(given.disk.holds), false);
  },
);

/** A run of a plan with its journal in memory. */
function begin(plan: Plan) {
  const at = new Date().toISOString();
  const lines: JournalLine[] = [{ at, kind: 'begun', run: randomUUID(), plan, by: 'test@here' }];
  const kinds = new StepKinds([...generalSteps, ...(lizardfs.steps ?? [])]);
  const deps: RunDeps = {
    kinds,
    protection: storageProtection([]),
    host: () => Promise.resolve(lasting(fiori)),
    journal: {
      write: (line) => Promise.resolve(void lines.push(line)),
      close: () => Promise.resolve(),
    },
    clock: systemClock,
    by: 'test@here',
    signal: new AbortController().signal,
    tell: () => undefined,
  };
  const state = () => {
    const told = runState(lines);
    assert.ok(told);
    return told;
  };
  return { kinds, run: () => runPlan(state(), deps), undo: () => undoRun(state(), deps) };
}

for (const [fileSystem, number, size] of [
  ['ext4', 2, '256 MiB'],
  ['xfs', 3, '512 MiB'],
] as const) {
  test(
    `a disk of ${size} becomes ${fileSystem} for a chunkserver, is found done, and is taken back`,
    { skip },
    async () => {
      const id = diskId('fiori', number);
      const place = `/mnt/${id.slice('/dev/disk/by-id/'.length)}`;
      await restore('fiori', id);
      const plan = await planOf('fiori', { disks: [`fiori:${id}`], fileSystem });
      const { kinds, run, undo } = begin(plan);
      assert.deepEqual(await run(), { kind: 'finished' });
      assert.match(
        await onFiori(`findmnt -n -o SOURCE,FSTYPE ${place}; stat -c %U ${place}`),
        new RegExp(`^/dev/vd. +${fileSystem}\noper$`),
      );
      assert.match(
        await onFiori('cat /etc/fstab'),
        new RegExp(`\n${id} ${place} ${fileSystem} defaults,nofail 0 2$`),
      );
      assert.equal(await onFiori(`cat ${HDD_FILE}`), `# chunk disks\n/srv/old\n${place}`);
      for (const step of plan.steps) {
        const bound = kinds.bind(step);
        assert.ok(bound.ok);
        assert.deepEqual(await bound.step.check(fiori), { kind: 'done' }, step.kind);
      }
      assert.deepEqual(await undo(), { kind: 'finished' });
      assert.equal(await onFiori('diff /run/fstab.before /etc/fstab && echo same'), 'same');
      assert.equal(await onFiori(`cat ${HDD_FILE}`), '# chunk disks\n/srv/old');
      assert.equal(await onFiori(`test -e ${place} || echo gone`), 'gone');
      assert.equal(await onFiori(`blkid -p -o value -s TYPE ${id}`), fileSystem);
    },
  );
}

test(
  'a disk that is too small for xfs is told before anything is done to it',
  { skip },
  async () => {
    await spare.blank();
    const found = await chunkDisksSpec.look([fiori], wholeCluster);
    const answers = chunkDisksSpec.answers.parse({ disks: [`fiori:${ID}`], fileSystem: 'xfs' });
    const drafted = chunkDisksSpec.plan(found, answers);
    assert.ok(!drafted.ok);
    assert.match(drafted.faults.map(({ says }) => says).join(), /too small for xfs: 256 MiB/);
  },
);
