import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ocfs2, parted } from '../../support/compare-lab.js';
import { compares, factsOf, isAside, isLeft, OWN, runOf } from '../../support/compare-run.js';
import { enterLab, leaveLab, onLab } from '../../support/lab.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(ocfs2), 'the comparison of a real OCFS2');

after(leaveLab);

test(
  'OCFS2, mounted meanwhile: what differs is listed, and the mount notices nothing',
  { skip },
  async () => {
    const found = await compares(ocfs2);
    const files = OWN.torchio;
    const was = await factsOf('torchio', '/mnt/hfocfs', files);
    await onLab('torchio', 'cd /mnt/hfocfs; echo on > later; cat later; rm later; sync');
    await runOf(found, 'torchio:copy-files').finish();
    await isAside(ocfs2, 'torchio', { files, was });
    assert.equal((await ask(ocfs2.name)).verdict, 'healed');
    await isLeft('');
  },
);
