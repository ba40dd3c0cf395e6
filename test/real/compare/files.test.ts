import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ext4, parted } from '../../support/compare-lab.js';
import { compares, factsOf, isAside, isLeft, OWN, runOf } from '../../support/compare-run.js';
import { enterLab, leaveLab, onLab } from '../../support/lab.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(ext4), 'the comparison of two sides with ext4');

after(leaveLab);

test(
  'ext4: exactly the different files are listed, copied aside, and one side is kept',
  { skip },
  async () => {
    const found = await compares(ext4);
    const files = OWN.torchio;
    await onLab('torchio', 'mount -o ro /dev/drbd22 /mnt/hfext');
    const was = await factsOf('torchio', '/mnt/hfext', files);
    await onLab('torchio', 'umount /mnt/hfext');
    await runOf(found, 'torchio:copy-files').finish();
    await isAside(ext4, 'torchio', { files, was });
    assert.equal((await ask(ext4.name)).verdict, 'healed');
    await onLab('torchio', 'drbdadm secondary hfext 2>/dev/null; true');
    await onLab('fiori', 'mount -o ro /dev/drbd22 /mnt/hfext');
    assert.equal(await onLab('fiori', 'cat /mnt/hfext/both'), 'from fiori');
    await onLab('fiori', 'umount /mnt/hfext');
    await isLeft('');
  },
);
