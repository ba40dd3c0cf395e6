import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellFor } from '../../source/cli/shell.js';
import { entry } from '../support/fleet.js';

test('a shell on a host is ssh as one would type it', () => {
  assert.deepEqual(shellFor(entry('xs-1'), undefined, {}), { argv: ['ssh', 'xs-1'] });
  const far = { ...entry('xs-1'), address: '10.0.0.1', user: 'root', port: 2222 };
  assert.deepEqual(shellFor(far, '/tmp/ssh config', {}), {
    argv: ['ssh', '-F', '/tmp/ssh config', '-p', '2222', 'root@10.0.0.1'],
  });
});

test('this machine needs no ssh, and a recording has no shell', () => {
  const local = { ...entry('here'), via: 'local' } as const;
  assert.deepEqual(shellFor(local, undefined, { SHELL: '/bin/zsh' }), { argv: ['/bin/zsh'] });
  const recorded = { ...entry('old'), via: 'recorded' } as const;
  assert.ok('refused' in shellFor(recorded, undefined, {}));
  assert.ok('refused' in shellFor(undefined, undefined, {}));
});
