import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import { StepKinds } from '../../source/core/step.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/make-plan.js';
import { runState } from '../../source/engine/run-state.js';
import { runPlan, type RunDeps, type RunEnd } from '../../source/engine/runner.js';
import { undoRun } from '../../source/engine/undo.js';
import { chunkDisksSpec } from '../../source/stacks/lizardfs/wizards/chunk-disks/index.js';
import { lizardfs } from '../../source/stacks/lizardfs/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { blockDevicesCommand, parseBlockDevices } from '../../source/tools/block-devices.js';
import { diskOffers } from '../../source/tools/disk-offers.js';
import { lasting } from '../support/run-host.js';
import { labHost, SpareDisk } from '../support/lab-hosts.js';

/** A spare disk of the machine; what is on it is lost. */
const DISK = '/dev/vdc';
const ID = '/dev/disk/by-id/virtio-lab-fiori-d2';
const KEY = `fiori:${ID}`;

const fiori = await labHost('fiori');
const skip = typeof fiori === 'string' ? fiori : false;
if (skip !== false) console.error(`SKIPPED chunk disks on a real kernel: ${skip}`);

const spare = new SpareDisk(fiori, DISK);
const sh = (script: string) => spare.sh(script);

/** A stand-in for the chunkserver: it takes the disks of its list as the real one shows it. */
const CHUNKSERVER = [
  '#!/bin/sh',
  'case $1 in start|reload) grep "^/" /etc/mfs/mfshdd.cfg | while read -r d; do : > "$d/.lock"; done;; esac',
].join('\n');

async function install(): Promise<void> {
  await sh(
    [
      'mkdir -p /etc/mfs',
      'printf "# chunk disks\\n/srv/old\\n" > /etc/mfs/mfshdd.cfg',
      'mkdir -p /srv/old',
      'echo "WORKING_USER = oper" > /etc/mfs/mfschunkserver.cfg',
      `printf '%s\\n' '${CHUNKSERVER.replaceAll("'", `'\\''`)}' > /usr/local/bin/mfschunkserver`,
      'chmod 755 /usr/local/bin/mfschunkserver',
      'cp -p /etc/fstab /run/fstab.before',
    ].join('\n'),
  );
}

async function takeAway(): Promise<void> {
  await sh(
    'umount /mnt/virtio-lab-fiori-d2 2>/dev/null; cp -p /run/fstab.before /etc/fstab; rm -rf /etc/mfs /srv/old /usr/local/bin/mfschunkserver /etc/fstab.holdfast-*; rmdir /mnt/virtio-lab-fiori-d2 2>/dev/null; true',
  );
  await spare.blank();
}

function deps(lines: JournalLine[]): RunDeps {
  return {
    kinds: new StepKinds([...generalSteps, ...(lizardfs.steps ?? [])]),
    host: () => Promise.resolve(lasting(spare.host)),
    journal: {
      write: (line) => Promise.resolve(void lines.push(line)),
      close: () => Promise.resolve(),
    },
    clock: systemClock,
    by: 'test@here',
    signal: new AbortController().signal,
    tell: () => undefined,
  };
}

/** Another test may hold the machine's lock: then nothing was changed, and it is asked again. */
async function runWhenFree(run: () => Promise<RunEnd>): Promise<RunEnd> {
  for (let tries = 0; tries < 20; tries += 1) {
    const end = await run();
    if (end.kind !== 'failed' || !end.failure.what.includes('is changing it since')) return end;
    await sh(
      'n=0; while [ -e /run/holdfast.lock ] && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.2; done',
    );
  }
  return run();
}

/** How a disk stands: `blank`, what must be accepted, or why it is closed. */
async function standing(kernelName: string): Promise<string> {
  const outcome = await spare.host.run(blockDevicesCommand());
  if (outcome.kind !== 'exited') throw new Error(outcome.reason);
  const read = parseBlockDevices(outcome.stdout);
  assert.ok(read.ok);
  assert.deepEqual(read.unread, []);
  const offers = diskOffers(read.value);
  const offer = offers.find(({ device }) => device.kernelName === kernelName);
  assert.ok(
    offer,
    `no ${kernelName} among ${offers.map((one) => one.device.kernelName).join(' ')}`,
  );
  if (offer.because !== undefined) return `closed: ${offer.because}`;
  return offer.holds.length > 0 ? `holds ${offer.holds.join(', ')}` : 'blank';
}

test(
  'a disk is offered blank, for an acceptance, or not at all, by what is really on it',
  { skip },
  async () => {
    try {
      await spare.blank();
      assert.equal(await standing('vdc'), 'blank');
      for (const [make, expected] of [
        [`mkfs.ext4 -qF ${DISK}`, /^holds ext4$/],
        [`pvcreate -qqy ${DISK}`, /^holds LVM2_member$/],
        [`sgdisk -n 1:0:0 ${DISK} >/dev/null`, /^holds gpt, PMBR, data on vdc1$/],
        [`mkswap -q ${DISK}; swapon ${DISK}`, /^closed: it is in use as swap$/],
        [
          `mkfs.ext4 -qF ${DISK}; mkdir -p /run/spare; mount ${DISK} /run/spare`,
          /^closed: it is mounted at \/run\/spare$/,
        ],
      ] as const) {
        await spare.blank();
        await spare.sh(`${make}; udevadm settle`);
        assert.match(await standing('vdc'), expected, make);
      }
      assert.equal(await standing('vda'), 'closed: the system runs from it (/)');
    } finally {
      await spare.blank();
    }
  },
);

test(
  'a plan is carried out on a real disk, found done when asked again, and undone',
  { skip },
  async () => {
    await install();
    try {
      await spare.blank();
      const found = await chunkDisksSpec.look([spare.host]);
      const answers = chunkDisksSpec.answers.parse({ disks: [KEY] });
      const drafted = chunkDisksSpec.plan(found, answers);
      assert.ok(drafted.ok, JSON.stringify(drafted));
      const origin = { kind: 'wizard', id: chunkDisksSpec.id, answers: { disks: [KEY] } } as const;
      const about = { origin, cluster: 'lab', madeBy: 'test@here' };
      const plan = makePlan(drafted.draft, about, systemClock);
      const lines: JournalLine[] = [];
      const at = new Date().toISOString();
      lines.push({ at, kind: 'begun', run: randomUUID(), plan, by: 'test@here' });
      const state = () => {
        const told = runState(lines);
        assert.ok(told);
        return told;
      };
      assert.deepEqual(await runWhenFree(() => runPlan(state(), deps(lines))), {
        kind: 'finished',
      });
      assert.match(await sh('findmnt -n -o SOURCE,FSTYPE /mnt/virtio-lab-fiori-d2'), /vdc\s+ext4/);
      assert.equal(await sh('stat -c %U /mnt/virtio-lab-fiori-d2'), 'oper');
      assert.match(
        await sh('cat /etc/fstab'),
        new RegExp(`\n${ID} /mnt/\\S+ ext4 defaults,nofail 0 2`),
      );
      assert.match(await sh('cat /etc/mfs/mfshdd.cfg'), /# chunk disks\n\/srv\/old\n\/mnt\/virtio/);
      const kinds = new StepKinds([...generalSteps, ...(lizardfs.steps ?? [])]);
      for (const step of plan.steps) {
        const bound = kinds.bind(step);
        assert.ok(bound.ok);
        assert.deepEqual(await bound.step.check(spare.host), { kind: 'done' }, step.kind);
      }
      assert.deepEqual(await undoRun(state(), deps(lines)), { kind: 'finished' });
      assert.equal(await sh('diff /run/fstab.before /etc/fstab && echo same'), 'same');
      assert.equal(await sh('cat /etc/mfs/mfshdd.cfg'), '# chunk disks\n/srv/old');
      assert.equal(await sh('test -e /mnt/virtio-lab-fiori-d2 || echo gone'), 'gone');
      assert.equal(await sh(`blkid -p -o value -s TYPE ${DISK}`), 'ext4');
    } finally {
      await takeAway();
    }
  },
);
