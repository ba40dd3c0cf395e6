import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../source/core/finding.js';
import { StorageGraph, type GraphEdge } from '../../source/core/graph.js';
import { judge } from '../../source/core/mute.js';

function finding(subject: string, more: Partial<Finding> = {}): Finding {
  return {
    code: 'CODE',
    severity: 'warning',
    title: 'a finding',
    subject,
    hosts: [],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: [subject],
    ...more,
  };
}

function graph(...pairs: readonly (readonly [string, string])[]): StorageGraph {
  const edges = pairs.map(([upper, lower]): GraphEdge => ({
    upper,
    lower,
    group: 'all',
    needs: 1,
  }));
  return new StorageGraph([{ nodes: [], edges }]);
}

test('a finding on what stands above an explaining finding is muted by it', () => {
  const judged = judge(
    [finding('host', { explains: true }), finding('mount')],
    graph(['mount', 'disk'], ['disk', 'host']),
  );
  assert.deepEqual(
    judged.map((j) => [j.key, j.causedBy, j.causes]),
    [
      ['CODE/host', undefined, ['CODE/mount']],
      ['CODE/mount', 'CODE/host', []],
    ],
  );
});

test('a cause is as grave as the gravest of its consequences', () => {
  const [cause] = judge(
    [finding('host', { explains: true }), finding('mount', { severity: 'alert' })],
    graph(['mount', 'host']),
  );
  assert.equal(cause?.severity, 'alert');
});

test('a chain of causes ends at its root', () => {
  const judged = judge(
    [finding('a', { explains: true }), finding('b', { explains: true }), finding('c')],
    graph(['c', 'b'], ['b', 'a']),
  );
  assert.deepEqual(
    judged.map((j) => j.causedBy),
    [undefined, 'CODE/a', 'CODE/a'],
  );
});

test('a finding that is its own cause is never muted', () => {
  const judged = judge(
    [finding('host', { explains: true }), finding('split', { ownCause: true })],
    graph(['split', 'host']),
  );
  assert.deepEqual(
    judged.map((j) => j.causedBy),
    [undefined, undefined],
  );
});

test('findings that explain each other are both shown', () => {
  const judged = judge(
    [finding('a', { explains: true }), finding('b', { explains: true })],
    graph(['a', 'b'], ['b', 'a']),
  );
  assert.deepEqual(
    judged.map((j) => j.causedBy),
    [undefined, undefined],
  );
});

test('a cause that calls the disk by another name still mutes what stands on it', () => {
  const edge = { upper: 'mount', lower: '/dev/vg/lv', group: 'all', needs: 1 };
  const named = new StorageGraph([
    { nodes: [], edges: [edge], aliases: [['/dev/dm-0', '/dev/vg/lv']] },
  ]);
  const judged = judge([finding('/dev/vg/lv', { explains: true }), finding('mount')], named);
  assert.equal(judged[1]?.causedBy, 'CODE//dev/vg/lv');
});
