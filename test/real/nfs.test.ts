import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Draft } from '../../source/core/wizard.js';
import { nfs } from '../../source/stacks/nfs/index.js';
import { exportsSpec } from '../../source/stacks/nfs/wizards/exports/index.js';
import { draftOf, faultsOf } from '../support/carry-out.js';
import { enterLab, LAB_NODES, labHost, leaveLab, onLab } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';
import { labPlan, LabRun } from '../support/lab-run.js';

/** fiori exports the OCFS2 at /mnt/data, which both have mounted, and torchio mounts it by NFS. */
const skip = await enterLab('ocfs2', 'an NFS export on a real kernel');
after(leaveLab);

const TABLE = {
  path: '/mnt/data',
  client: '192.0.2.0/25',
  options: 'rw,sync,no_root_squash,no_subtree_check',
};

async function plan(exports: readonly object[]) {
  const found = await exportsSpec.look([labHost('fiori')], { neverTouch: [], notAsked: [] });
  return exportsSpec.plan(found, exportsSpec.answers.parse({ hosts: ['fiori'], exports }));
}

async function findings(): Promise<readonly string[]> {
  return nfs.diagnose(await readNow(nfs, LAB_NODES)).map(({ code, says }) => `${code} ${says}`);
}

const made: LabRun[] = [];

async function carry(draft: Draft): Promise<void> {
  const run = new LabRun(labPlan(draft, 'nfs.exports'));
  made.push(run);
  await run.finish();
}

test('a table becomes exports that the other machine mounts and writes', { skip }, async () => {
  await carry(draftOf(await plan([TABLE])));
  const mount = 'mkdir -p /mnt/pub && mount -t nfs 192.0.2.1:/mnt/data /mnt/pub';
  assert.equal(
    await onLab('torchio', `${mount} && echo hot > /mnt/pub/fire && findmnt -n -o FSTYPE /mnt/pub`),
    'nfs4',
  );
  assert.equal(await onLab('fiori', 'cat /mnt/data/fire'), 'hot');
  assert.deepEqual(await findings(), []);
  const [row] = nfs.pane.draw(await readNow(nfs, LAB_NODES)).rows;
  assert.deepEqual(
    row?.cells.map(({ text }) => text),
    ['/mnt/data', 'fiori', '192.0.2.0/25', 'rw', 'ocfs2 /mnt/data', '1'],
  );
});

test('other options hold at once, and whoever has it mounted keeps it', { skip }, async () => {
  await carry(draftOf(await plan([{ ...TABLE, options: 'ro,sync,no_subtree_check' }])));
  assert.match(await onLab('torchio', 'touch /mnt/pub/x 2>&1 || true'), /Read-only|Permission/);
  assert.deepEqual(await (async () => made.pop()?.undo())(), { kind: 'finished' });
  assert.equal(await onLab('torchio', 'touch /mnt/pub/x && echo written'), 'written');
});

test(
  'what is found as wanted is not done again, and a bad line is told by its number',
  { skip },
  async () => {
    const again = new LabRun(labPlan(draftOf(await plan([TABLE])), 'nfs.exports'));
    await again.finish();
    // Only the look at the folder, which is a look each time.
    assert.ok(again.lines.every((line) => line.kind !== 'command'));
    await onLab('fiori', 'cp /etc/exports /run/kept; echo "/mnt/data x(sincrono)" >> /etc/exports');
    assert.match(faultsOf(await plan([TABLE])).join(), /line \d+ of \/etc\/exports: "sincrono"/);
    await onLab('fiori', 'cp /run/kept /etc/exports');
  },
);

test(
  'what is taken out is withdrawn once that is said, and undo takes all back',
  { skip },
  async () => {
    assert.match(faultsOf(await plan([])).join(), /that it is withdrawn must be said/);
    await onLab('torchio', 'umount /mnt/pub');
    assert.deepEqual(await made.pop()?.undo(), { kind: 'finished' });
    const left = 'cat /var/lib/nfs/etab; grep -c mnt/data /etc/exports; cat /proc/fs/nfsd/threads';
    assert.equal(await onLab('fiori', `${left} || true`), '0\n0');
  },
);
