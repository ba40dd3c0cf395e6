import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Case } from '../../source/core/recovery.js';
import { draftOf } from '../support/carry-out.js';
import { leftOn, mounted, ocfs2, setUp, split } from '../support/compare-lab.js';
import { enterLab, LAB_NODES, leaveLab, onLab } from '../support/lab.js';
import { labPlan, LabRun } from '../support/lab-run.js';
import { ask } from '../support/split-brain-lab.js';

const skip = await enterLab('ocfs2', 'the comparison of a real OCFS2');

before(async () => {
  if (skip === false) await setUp([ocfs2], '/dev/vdd');
});

after(leaveLab);

function plan(found: Case, value: string): LabRun {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${value} is not among ${found.ways.map((one) => one.value).join()}`);
  return new LabRun(labPlan(draftOf(way.plan({ keepCopy: false })), 'drbd.split-brain'));
}

test(
  'OCFS2, mounted meanwhile: what differs is listed, and the mount notices nothing',
  { skip },
  async () => {
    await split(ocfs2, async (node) => {
      // One after the other: mounted on both while they are parted, each would fence itself.
      await mounted(node, ocfs2, [`echo from ${node} > both; echo ${node} > web/${node}`]);
    });
    await mounted('fiori', ocfs2, ['true'], true);
    await plan(await ask(ocfs2.name), 'compare').finish();
    for (const node of LAB_NODES) assert.equal(await leftOn(node), '/run/holdfast-compare');
    const found = await ask(ocfs2.name);
    const names = found.blocks.flatMap((block) =>
      block.kind === 'table' ? block.rows.map((row) => row[0]?.text ?? '') : [],
    );
    assert.deepEqual([...names].sort(), ['/both', '/web/fiori', '/web/torchio']);
    assert.equal(
      await onLab('fiori', 'echo on >> /mnt/hfocfs/both; cat /mnt/hfocfs/both'),
      'from fiori\non',
    );
    await plan(found, 'torchio:copy-files').finish();
    assert.equal((await ask(ocfs2.name)).verdict, 'healed');
    const aside = await onLab(
      'torchio',
      'cd /var/lib/holdfast/aside/hfocfs-*; find . -type f | sort',
    );
    assert.equal(aside, './both\n./web/torchio');
    for (const node of LAB_NODES) assert.equal(await leftOn(node), '');
  },
);
