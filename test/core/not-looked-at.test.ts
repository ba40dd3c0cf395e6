import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notLookedAt } from '../../source/core/not-looked-at.js';

test('hosts that could not be looked at are told together where the reason is the same', () => {
  assert.equal(notLookedAt([{ ok: true }]), '');
  assert.equal(
    notLookedAt([
      { ok: false, name: 'a', because: 'no answer' },
      { ok: true },
      { ok: false, name: 'b', because: 'no disks' },
      { ok: false, name: 'c', because: 'no answer' },
    ]),
    ' a and c could not be looked at: no answer. b could not be looked at: no disks.',
  );
});
