import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../source/core/host.js';
import { mountedAt } from '../../source/steps/mounted-at.js';
import { localHost } from '../support/local-host.js';

function saying(stdout: string, code = 0, stderr = ''): Reader {
  const outcome: Outcome = { kind: 'exited', code, stdout, stderr };
  return { name: 'box', run: () => Promise.resolve(outcome) };
}

test('of file systems that are mounted on top of each other the uppermost is told', async () => {
  const lines = 'TARGET="/mnt/a" UUID="one"\nTARGET="/mnt/a" UUID="two"\n';
  assert.deepEqual(await mountedAt(saying(lines), '/mnt/a'), { kind: 'mounted', uuid: 'two' });
});

test('what only comes from a path is not taken for what is mounted there', async () => {
  const bind = 'TARGET="/mnt/b" UUID="one"\n';
  assert.deepEqual(await mountedAt(saying(bind), '/mnt/a'), { kind: 'nothing' });
});

test('a findmnt that cannot tell is not taken for one that finds nothing', async () => {
  const found = await mountedAt(saying('', 1, 'findmnt: unknown column: UUID\n'), '/mnt/a');
  assert.deepEqual(found, { kind: 'not known', because: 'findmnt: unknown column: UUID' });
});

test('the findmnt of this machine is understood', async () => {
  assert.deepEqual(await mountedAt(localHost, '/proc'), { kind: 'mounted', uuid: '' });
  assert.deepEqual(await mountedAt(localHost, '/proc/self'), { kind: 'nothing' });
});
