import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ext4, parted } from '../../support/compare-lab.js';
import { isLeft, isListed, runOf } from '../../support/compare-run.js';
import { enterLab, LAB_NODES, leaveLab } from '../../support/lab.js';
import type { LabRun } from '../../support/lab-run.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(ext4), 'a comparison that is broken off');

after(leaveLab);

/** Each changing command counts as it begins and as it ends, and each host is locked first. */
const LOCKED = 2 * LAB_NODES.length;

/** A comparison whose console died once so many of its commands had begun or ended. */
async function killedAfter(instants: number): Promise<LabRun> {
  const run = runOf(await ask(ext4.name), 'compare');
  run.left = LOCKED + instants;
  await assert.rejects(run.apply());
  run.left = undefined;
  return run;
}

test(
  'killed while both snapshots are mounted and one is read, undo leaves nothing',
  { skip },
  async () => {
    // Two snapshots, then a mount and a list on one side, and a mount on the other.
    const run = await killedAfter(2 * 5);
    assert.equal((await run.undo()).kind, 'finished');
    await isLeft('');
  },
);

test(
  'killed between its snapshots, resume ends with the list, and undo takes that',
  { skip },
  async () => {
    // The second one is taken, and nobody heard of it.
    const run = await killedAfter(3);
    await run.finish();
    isListed(await ask(ext4.name));
    assert.equal((await run.undo()).kind, 'finished');
    await isLeft('');
  },
);
