import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stack } from '../../source/core/stack.js';
import type { Survey } from '../../source/core/probe.js';
import { parseSurvey, stacksOn } from '../../source/core/survey.js';
import { fakeStack } from '../support/fleet.js';

const rest = { hostname: '', addresses: [], kernel: '', os: '', clockOffset: 0, bootId: '' };

function survey(...present: readonly string[]): Survey {
  return { ...rest, root: true, present: new Set(present) };
}

function stack(id: string, program: string, more: Partial<Stack> = {}): Stack {
  return { ...fakeStack([]), id, presence: { programs: [program], paths: [] }, ...more };
}

const all = [stack('mirror', 'mirrorctl'), stack('disks', 'lsblk', { everywhere: true })];

test('a host has the stacks of which something is there', () => {
  assert.deepEqual(stacksOn(survey('mirrorctl', 'lsblk'), all), ['mirror', 'disks']);
});

test('what was named for a host is watched though nothing of it is found, and its disks with it', () => {
  assert.deepEqual(stacksOn(survey('lsblk'), all, ['mirror']), ['mirror', 'disks']);
  assert.deepEqual(stacksOn(survey('lsblk'), all, ['disks']), ['disks']);
  assert.deepEqual(stacksOn(survey('mirrorctl'), all, ['other']), ['other']);
});

test('a clock is off only by what a slow answer does not explain', () => {
  const offset = (clock: number) =>
    parseSurvey(`clock ${clock}\n`, { sent: 100_000, received: 108_000 }).clockOffset;
  assert.deepEqual([101, 107.9, 108.5, 95].map(offset), [0, 0, 500, -5000]);
});
