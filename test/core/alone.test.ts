import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { aloneScript, readAlone } from '../../source/core/alone.js';
import { temporaryFolder } from '../support/cli.js';

const MARK = 'hf00c0ffee';

test('a command alone says the mark on both streams and becomes the command', () => {
  const script = aloneScript(['sh', '-c', "cat; echo it\\'s >&2; exit 3"], MARK);
  const ran = spawnSync('sh', ['-c', script], { input: 'given', encoding: 'utf8' });
  assert.equal(ran.stdout, `${MARK}\ngiven`);
  assert.equal(ran.stderr, `${MARK}\nit's\n`);
  assert.equal(ran.status, 3);
});

test('a command alone that is taken apart again is the command that was made', () => {
  const word = fc.string({ minLength: 1 }).filter((s) => !s.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (argv) => {
      assert.deepEqual(readAlone(aloneScript(argv, MARK)), { mark: MARK, argv });
    }),
  );
  assert.equal(readAlone('echo hello'), undefined);
});

test('a command that has begun comes to its end though nobody listens to it any more', async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string) => join(folder, name);
  const wait = `until [ -e ${at('go')} ]; do sleep 0.01; done`;
  // Each line would end it on a pipe that nobody reads.
  const tool = `${wait}; /bin/echo one; echo two >&2; echo three; : > ${at('ended')}`;
  const child = spawn('sh', ['-c', aloneScript(['sh', '-c', tool], MARK)]);
  await once(child.stderr, 'data');
  child.stdout.destroy();
  child.stderr.destroy();
  writeFileSync(at('go'), '');
  await once(child, 'exit');
  assert.ok(existsSync(at('ended')));
});
