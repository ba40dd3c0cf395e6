import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Drafted } from '../../source/core/wizard.js';
import { ocfs2 } from '../../source/stacks/ocfs2/index.js';
import { clusterSpec } from '../../source/stacks/ocfs2/wizards/cluster/index.js';
import { draftOf, faultsOf } from '../support/carry-out.js';
import { enterLab, LAB_NODES, labHost, leaveLab, onBoth, onLab } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';
import { labPlan, LabRun } from '../support/lab-run.js';
import { wholeCluster } from '../support/surroundings.js';

/** Both machines have a DRBD that is Primary on both sides, and nothing of OCFS2 but the package. */
const skip = await enterLab('drbd', 'an OCFS2 cluster on a real kernel');
after(leaveLab);

const ANSWERS = {
  hosts: [...LAB_NODES],
  network: '192.0.2.0/25',
  device: '/dev/drbd0',
  label: 'pub',
  mountPoint: '/vol/pub',
};

async function clusterDraft(answers: object = {}) {
  const found = await clusterSpec.look(
    LAB_NODES.map((name) => labHost(name)),
    wholeCluster,
  );
  return clusterSpec.plan(found, clusterSpec.answers.parse({ ...ANSWERS, ...answers }));
}

const runOf = (drafted: Drafted): LabRun => new LabRun(labPlan(draftOf(drafted), 'ocfs2.cluster'));

let made: LabRun | undefined;

test('from a dual-primary DRBD to a file system mounted on both nodes', { skip }, async () => {
  const run = runOf(await clusterDraft());
  made = run;
  await run.finish();
  const [ours, theirs] = await onBoth('cat /etc/ocfs2/cluster.conf');
  assert.equal(ours, theirs);
  for (const node of LAB_NODES) {
    assert.equal(await onLab(node, 'o2cb cluster-status'), "Cluster 'ocfs2' is online");
    assert.match(
      await onLab(node, 'findmnt -n -o SOURCE,FSTYPE /vol/pub'),
      /^\/dev\/drbd0 +ocfs2$/,
    );
    assert.match(await onLab(node, 'grep ocfs2 /etc/fstab'), /_netdev.* 0 0$/);
  }
  assert.match(
    await onLab('fiori', 'mounted.ocfs2 -f /dev/drbd0'),
    /fiori, torchio|torchio, fiori/,
  );
  const findings = ocfs2.diagnose(await readNow(ocfs2, LAB_NODES));
  assert.deepEqual(
    findings.map(({ says }) => says),
    [],
  );
});

test(
  'what is there is found done, and a new file system is refused while any node has it',
  {
    skip,
  },
  async () => {
    const again = runOf(await clusterDraft({ fileSystem: 'existing', test: false }));
    await again.finish();
    assert.equal(again.did, 0);
    assert.match(faultsOf(await clusterDraft()).join(), /it is mounted at \/vol\/pub/);
    await onLab('fiori', 'umount /vol/pub');
    assert.match(faultsOf(await clusterDraft()).join(), /torchio: it is mounted at \/vol\/pub/);
    await onLab('fiori', 'mount /vol/pub');
  },
);

test(
  'undo leaves the hosts as they were, and the file system on the device',
  { skip },
  async () => {
    assert.ok(made);
    assert.deepEqual(await made.undo(), { kind: 'finished' });
    const left =
      'ls /etc/ocfs2; grep -c ocfs2 /etc/fstab; ls -d /vol/pub 2>/dev/null; o2cb cluster-status; grep ^O2CB_ENABLED /etc/default/o2cb; blkid -p -o value -s TYPE /dev/drbd0';
    for (const said of await onBoth(`${left}; true`)) {
      assert.equal(said, '0\noffline\nO2CB_ENABLED=false\nocfs2');
    }
  },
);
