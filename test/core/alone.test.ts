import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { aloneScript, readAlone } from '../../source/core/alone.js';

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
