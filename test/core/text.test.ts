import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count } from '../../source/core/text.js';

test('what is counted has its plural, after a hiss with a vowel between', () => {
  const words = [count(1, 'address'), count(2, 'address'), count(2, 'switch'), count(3, 'disk')];
  assert.deepEqual(words, ['1 address', '2 addresses', '2 switches', '3 disks']);
});
