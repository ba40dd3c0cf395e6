import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { holdWarnings } from '../../../source/ui/terminal/hold-warnings.js';

test('a warning of Node does not reach the screen, and is told once that is given back', async (t) => {
  const heard: string[] = [];
  const listener = ({ message }: Error): void => void heard.push(message);
  process.on('warning', listener);
  t.after(() => process.off('warning', listener));

  const release = holdWarnings();
  process.emitWarning('something leaks');
  await setImmediate();
  assert.deepEqual(heard, []);

  release();
  assert.deepEqual(heard, ['something leaks']);
  process.emitWarning('another');
  await setImmediate();
  assert.deepEqual(heard, ['something leaks', 'another']);
});
