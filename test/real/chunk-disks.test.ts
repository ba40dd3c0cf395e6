import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import { StepKinds } from '../../source/core/step.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/make-plan.js';
import { runState } from '../../source/engine/run-state.js';
import { runPlan, type RunDeps } from '../../source/engine/runner.js';
import { undoRun } from '../../source/engine/undo.js';
import { chunkDisksSpec } from '../../source/stacks/lizardfs/chunk-disks/index.js';
import { lizardfs } from '../../source/stacks/lizardfs/index.js';
import { generalSteps } from '../../source/steps/index.js';
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
    host: () => Promise.resolve(spare.host),
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
      assert.deepEqual(await runPlan(state(), deps(lines)), { kind: 'finished' });
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
