import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parted, raw } from '../../support/compare-lab.js';
import { compared } from '../../support/compare-run.js';
import { enterLab, leaveLab } from '../../support/lab.js';
import { ask } from '../../support/split-brain-lab.js';

const skip = await enterLab(parted(raw), 'the comparison of two sides without a file system');

after(leaveLab);

test('a disk without a file system is compared by its parts', { skip }, async () => {
  await compared(raw);
  const text = JSON.stringify((await ask(raw.name)).blocks);
  assert.match(
    text,
    /4 of 24 parts of 1\.0 MiB differ \(3\.0 MiB – 5\.0 MiB, 9\.0 MiB – 11\.0 MiB\)/,
  );
});
