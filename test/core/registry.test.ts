import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryOf } from '../../source/core/registry.js';
import { stacks } from '../../source/stacks/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { markStack } from '../support/mark-cli.js';

test('the ids of all step kinds, wizards and recoveries are unique', () => {
  const { kinds } = registryOf(stacks, generalSteps);
  for (const { id } of [...generalSteps, ...stacks.flatMap((stack) => stack.steps ?? [])]) {
    const bound = kinds.bind({ kind: id, params: null });
    assert.ok(!bound.ok && !bound.because.startsWith('there is no kind'), id);
  }
});

test('what two storage systems bring under one id is a mistake that is not passed over', () => {
  assert.throws(
    () => registryOf([markStack, markStack], []),
    /two step kinds are called test\.mark/,
  );
  const rest = { ...markStack, steps: [] };
  assert.throws(() => registryOf([markStack, rest], []), /two wizards and recoveries/);
});
