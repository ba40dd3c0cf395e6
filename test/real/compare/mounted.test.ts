import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parted, xfs } from '../../support/compare-lab.js';
import { compares, factsOf, isAside, isLeft, OWN, runOf } from '../../support/compare-run.js';
import { enterLab, leaveLab, onLab } from '../../support/lab.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(xfs), 'the comparison of two sides that have xfs mounted');

after(leaveLab);

test(
  'xfs, mounted on both: what was written last is seen, and the victim is released',
  { skip },
  async () => {
    const found = await compares(xfs);
    const was = await factsOf('fiori', '/mnt/hfxfs', OWN.fiori);
    // Written after the comparison.
    await onLab('fiori', 'cd /mnt/hfxfs; echo late > late; sync');
    const files = [...OWN.fiori, 'late'];
    const late = await factsOf('fiori', '/mnt/hfxfs', files);
    assert.notEqual(late, was);
    await runOf(found, 'fiori:copy-files').finish();
    await isAside(xfs, 'fiori', { files, was: late });
    assert.equal((await ask(xfs.name)).verdict, 'healed');
    assert.equal(await onLab('torchio', 'cat /mnt/hfxfs/both'), 'from torchio, longer');
    await isLeft('');
  },
);
