import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  currentStep,
  doneCount,
  reviewOf,
  toggle,
  toggleAll,
  toldRun,
  type RunWork,
} from '../../../source/ui/state/work.js';
import { markPlan } from '../../support/mark-host.js';

const plan = markPlan(['one/a', 'two/b']);
const run: RunWork = {
  run: 'r1',
  plan,
  words: [],
  doing: 'apply',
  since: 0,
  steps: {},
  stopping: false,
};

test('a step is under way from its beginning until it ends, and keeps how long it took', () => {
  const begun = toldRun(run, { kind: 'step', step: 'one/a', state: { kind: 'begun' } }, 1000);
  assert.equal(currentStep(begun), 'one/a');
  const progress = { says: 'half' };
  const half = toldRun(begun, { kind: 'progress', step: 'one/a', progress }, 2000);
  assert.deepEqual(half.steps['one/a']?.progress, progress);
  assert.equal(half.steps['one/a'].since, 1000);
  const done = { kind: 'done', how: 'did' } as const;
  const after = toldRun(half, { kind: 'step', step: 'one/a', state: done }, 4500);
  assert.equal(after.steps['one/a']?.took, 3500);
  assert.equal(currentStep(after), undefined);
  assert.deepEqual(doneCount(after), { done: 1, all: 2 });
});

test('what is taken back counts when it is that which is being done', () => {
  const done = { kind: 'done', how: 'did' } as const;
  const undone = { kind: 'undone', says: '' } as const;
  let back: RunWork = { ...run, doing: 'undo' };
  back = toldRun(back, { kind: 'step', step: 'one/a', state: done }, 0);
  assert.deepEqual(doneCount(back), { done: 0, all: 1 });
  back = toldRun(back, { kind: 'step', step: 'two/b', state: { kind: 'undoing' } }, 0);
  assert.equal(currentStep(back), 'two/b');
  back = toldRun(back, { kind: 'step', step: 'two/b', state: undone }, 0);
  assert.deepEqual(doneCount(back), { done: 1, all: 2 });
});

test('a long plan begins with its first host unfolded, a short one with all', () => {
  assert.deepEqual(reviewOf(plan).foldedHosts, []);
  const many = Array.from({ length: 30 }, (_, at) => `${at < 15 ? 'one' : 'two'}/m${at}`);
  assert.deepEqual(reviewOf(markPlan(many)).foldedHosts, ['two']);
});

test('opening all steps opens the hosts above them; a second time folds the steps alone', () => {
  const folded = { ...reviewOf(plan), foldedHosts: ['two'], openSteps: ['two/b'] };
  const open = toggleAll(folded, ['one/a']);
  assert.deepEqual([open.openSteps, open.foldedHosts], [['two/b', 'one/a'], []]);
  assert.deepEqual(toggleAll(open, ['one/a']).openSteps, ['two/b']);
  assert.deepEqual(toggle(toggle([], 'x'), 'x'), []);
});
