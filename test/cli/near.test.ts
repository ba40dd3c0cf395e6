import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames } from '../../source/cli/near.js';

const ids = ['drbd.proc', 'drbd.status', 'ceph.status-json', 'multipath.ll'];

test('a slip of the fingers finds the name that was meant', () => {
  assert.deepEqual(nearNames('drdb.proc', ids), ['drbd.proc']);
  assert.deepEqual(nearNames('drbdproc', ids), ['drbd.proc']);
  assert.deepEqual(nearNames('Ceph.Status-JSON', ids), ['ceph.status-json']);
});

test('a part of the name finds all that have it', () => {
  assert.deepEqual(nearNames('drbd', ids), ['drbd.proc', 'drbd.status']);
});

test('what resembles nothing finds nothing', () => {
  assert.deepEqual(nearNames('zfs', ids), []);
  assert.deepEqual(nearNames('', ids), []);
  assert.deepEqual(nearNames('x'.repeat(100_000), ids), []);
});
