import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../source/core/host.js';
import { readText } from '../../source/tools/read-text.js';

const said = (outcome: Outcome) =>
  readText({ name: 'kvm-1', run: () => Promise.resolve(outcome) }, '/etc/fstab');

test('a file that no answer came about says why, and is not taken for one that is not there', async () => {
  const lost = { kind: 'lost', why: 'deadline', reason: 'no answer in 30 s', stdout: '' } as const;
  assert.deepEqual(await said(lost), { because: '/etc/fstab cannot be read: no answer in 30 s' });
  const stderr = 'cat: /etc/fstab: No such file or directory\n';
  const none = { kind: 'exited', code: 1, stdout: '', stderr } as const;
  assert.deepEqual(await said(none), { text: null });
});
