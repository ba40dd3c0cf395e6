import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ext4, parted } from '../../support/compare-lab.js';
import { isLeft, runOf } from '../../support/compare-run.js';
import { enterLab, LAB_NODES, leaveLab, onLab } from '../../support/lab.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(ext4), 'a snapshot that runs full');

after(leaveLab);

test('a snapshot that runs full is told, and undo takes it away', { skip }, async () => {
  const run = runOf(await ask(ext4.name), 'compare');
  // Both hosts are locked, the first snapshot is taken, and the console dies: each command counts twice.
  run.left = 2 * LAB_NODES.length + 1;
  await assert.rejects(run.apply());
  run.left = undefined;
  await onLab('fiori', 'dd if=/dev/urandom of=/dev/drbd22 bs=1M count=80 oflag=direct; true');
  const end = await run.apply();
  assert.ok(end.kind === 'failed', end.kind);
  assert.match(JSON.stringify(end.failure), /full/);
  assert.equal((await run.undo()).kind, 'finished');
  await isLeft('');
});
