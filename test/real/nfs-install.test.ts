import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nfs } from '../../source/stacks/nfs/index.js';
import { exportsWizard } from '../../source/stacks/nfs/wizards/exports/index.js';
import { enterLab, leaveLab, load, onLab, save } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';
import { putPackages } from '../support/lab-packages.js';
import { LabRun, why } from '../support/lab-run.js';
import { planOf } from '../support/volume-lab.js';

/** fiori never had the NFS server; its package lies in a repository of its own. */
const skip = await enterLab('clean', 'an NFS server that is installed on a real Debian');
const SCENE = 'test-nfs-install';
after(leaveLab);

let lacks: string | false = false;

before(async () => {
  if (skip !== false) return;
  if (!(await putPackages('fiori', ['nfs-kernel-server'], '/root/repository'))) {
    lacks = 'no package nfs-kernel-server in HOLDFAST_LAB_PACKAGES';
    console.error(`SKIPPED an NFS server that is installed: ${lacks}`);
    return;
  }
  await onLab('fiori', REPOSITORY);
  await save(SCENE);
});

const REPOSITORY = `
exec 2>&1
DEBIAN_FRONTEND=noninteractive dpkg --purge nfs-kernel-server || exit 1
cd /root/repository
for f in *.deb; do dpkg-deb -f "$f"; echo "Filename: ./$f"; echo "Size: $(stat -c %s "$f")"; echo "SHA256: $(sha256sum "$f" | cut -d" " -f1)"; echo; done > Packages
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/root/repository ./' > /etc/apt/sources.list
apt-get -q update || exit 1
mkdir -p /srv/pub; echo hot > /srv/pub/fire`;

let isFresh = true;

function situation(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async (t) => {
    if (lacks !== false) {
      t.skip(lacks);
      return;
    }
    if (!isFresh) await load(SCENE);
    isFresh = false;
    await body();
  });
}

const ROW = { path: '/srv/pub', client: '192.0.2.0/25', options: 'rw,sync,no_subtree_check' };

const wizardPlan = () => planOf(exportsWizard, { hosts: ['fiori'], exports: [ROW] }, ['fiori']);

/** What a run may leave behind; what dpkg keeps of a package that was removed is none. */
const traces = () =>
  onLab(
    'fiori',
    'ls /etc/exports /usr/sbin/policy-rc.d /var/lib/holdfast/* 2>&1; command -v exportfs; true',
  );

async function isServed(): Promise<void> {
  assert.match(await onLab('fiori', 'exportfs -v'), /^\/srv\/pub\s+192\.0\.2\.0\/25\(/m);
  assert.equal(
    await onLab(
      'torchio',
      'mkdir -p /mnt/pub && mount -t nfs 192.0.2.1:/srv/pub /mnt/pub && cat /mnt/pub/fire; umount /mnt/pub',
    ),
    'hot',
  );
}

situation('the file is written first, the package leaves it, and all is taken back', async () => {
  const before = await traces();
  const run = new LabRun(await wizardPlan());
  await run.finish();
  console.log(run.commands.join('\n'));
  // ucf asks nothing where nobody can answer, and lays the package's own beside it, which nobody reads.
  const exports = await onLab('fiori', 'cat /etc/exports; ls /etc/exports*');
  const line = '/srv/pub 192.0.2.0/25(rw,sync,no_subtree_check)';
  assert.equal(exports, `${line}\n/etc/exports\n/etc/exports.ucf-dist`);
  await isServed();
  assert.equal(await onLab('fiori', 'ls /usr/sbin/policy-rc.d 2>/dev/null; true'), '');
  const found = nfs.diagnose(await readNow(nfs, ['fiori']));
  assert.deepEqual(
    found.map(({ code }) => code),
    [],
  );
  assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
  assert.equal(await traces(), before);
});

situation('killed at any instant, also while it is installed, it ends the same', async () => {
  const run = new LabRun(await wizardPlan());
  await run.finishDyingAt([1, 3, 4, 5]);
  await isServed();
});

situation('a file that an earlier installation left is edited, its comments kept', async () => {
  await onLab('fiori', 'printf "# mine\\n" > /etc/exports');
  const run = new LabRun(await wizardPlan());
  await run.finish();
  assert.match(await onLab('fiori', 'cat /etc/exports'), /^# mine\n\/srv\/pub 192/);
  await isServed();
  assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
  assert.equal(await onLab('fiori', 'cat /etc/exports'), '# mine');
});
