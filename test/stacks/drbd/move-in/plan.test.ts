import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { moveInSpec as spec } from '../../../../source/stacks/drbd/wizards/move-in/index.js';
import { assertGolden, draftOf, faultsOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';
import { wholeCluster } from '../../../support/surroundings.js';
import { answering } from '../support.js';

const golden = new URL('../../../../../test/stacks/drbd/move-in/plan.txt', import.meta.url);
const MOUNTS = '/dev/drbd0 /vol/small ext4 rw 0 0\n/dev/drbd1 /vol/full ext4 rw 0 0\n';
const GOOD = { 'grep ^/dev/drbd': MOUNTS, 'command -v rsync': 'rsync\nempty /vol/small\n' };

async function planOf(answers: object, told: Readonly<Record<string, string>> = GOOD) {
  const found = await spec.look([answering('fiori', told)], wholeCluster);
  const fresh = '00000000-0000-4000-8000-000000000001';
  const given = { target: 'fiori:/vol/small', source: '/srv/old' };
  return spec.plan({ ...found, fresh }, spec.answers.parse({ ...given, ...answers }));
}

test('copied, waited for and compared, as it was reviewed once', async () => {
  assertGolden(golden, draftText(draftOf(await planOf({ compare: true })), drbd.steps));
});

test('a volume that holds files already is confirmed by its name', async () => {
  const { confirmations, loses } = draftOf(await planOf({ target: 'fiori:/vol/full' }));
  assert.deepEqual(
    confirmations.map(({ word }) => word),
    ['/vol/full'],
  );
  assert.equal(loses.length, 1);
});

test('a folder is not copied into itself, nor anywhere else than into a replicated volume', async () => {
  assert.match(faultsOf(await planOf({ source: '/vol/small/a' })).join(), /lie in each other/);
  assert.match(faultsOf(await planOf({ source: '/vol' })).join(), /lie in each other/);
  assert.match(faultsOf(await planOf({ target: 'fiori:/srv' })).join(), /no file system of a DRBD/);
});

test('without rsync no volume can be chosen, and the reason is said', async () => {
  const told = { ...GOOD, 'command -v rsync': 'empty /vol/small\n' };
  const found = await spec.look([answering('fiori', told)], wholeCluster);
  const [target] = spec.questions(found, {});
  assert.ok(target?.kind === 'one');
  assert.deepEqual(target.choices[0]?.gate, { open: false, because: 'rsync is not on fiori' });
  assert.match(faultsOf(await planOf({}, told)).join(), /rsync is not on fiori/);
});
