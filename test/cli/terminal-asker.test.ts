import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { askerFor } from '../../source/cli/terminal-asker.js';

const key = {
  host: 'fiori',
  target: '[10.0.0.1]:22',
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
};
const secret = { host: 'fiori', kind: 'sudo', prompt: 'password of root', attempt: 0 } as const;

/** A terminal on which these keys are typed. */
function terminal(isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  const io = {
    out: assert.ifError,
    err: (text: string) => void (shown += text),
    stdin,
    stdoutIsTTY: true,
    env: {},
  };
  return { asker: askerFor(io), type: (text: string) => stdin.write(text), shown: () => shown };
}

test('a host key is accepted only by a clear yes', async () => {
  for (const [typed, verdict] of [
    ['y\n', 'accept'],
    ['Yes\n', 'accept'],
    ['\n', 'refuse'],
    ['n\n', 'refuse'],
    ['yesterday\n', 'refuse'],
  ] as const) {
    const { asker, type, shown } = terminal();
    type(typed);
    assert.equal(await asker.hostKey(key), verdict, typed);
    assert.match(
      shown(),
      /fiori \(\[10\.0\.0\.1\]:22\)[\s\S]*ssh-ed25519 SHA256:abc[\s\S]*\[y\/N\]/,
    );
  }
});

test('a secret is asked for and not shown', async () => {
  const { asker, type, shown } = terminal();
  type('hunter2\n');
  assert.equal(await asker.secret(secret), 'hunter2');
  assert.equal(shown(), 'fiori: password of root: \n');
});

test('Ctrl-D is no answer', async () => {
  const { asker, type } = terminal();
  type('\u0004');
  assert.equal(await asker.secret(secret), undefined);
});

test('hosts that ask at the same time are answered one after the other', async () => {
  const { asker, type, shown } = terminal();
  const first = asker.secret(secret);
  const second = asker.secret({ ...secret, host: 'torchio', attempt: 1 });
  type('one\n');
  assert.equal(await first, 'one');
  type('two\n');
  assert.equal(await second, 'two');
  assert.match(shown(), /^fiori: .*\ntorchio: that was wrong; password of root: \n$/);
});

test('without a terminal nothing is trusted, and what was asked is told afterwards', async () => {
  const { asker } = terminal(false);
  assert.equal(await asker.hostKey(key), 'refuse');
  assert.equal(await asker.secret({ ...secret, host: 'torchio' }), undefined);
  assert.deepEqual(asker.unanswered(), [
    'fiori asked whether to trust the key of [10.0.0.1]:22 (ssh-ed25519 SHA256:abc); there is no terminal to ask on. Run `holdfast hosts test fiori` on one.',
    'torchio asked for the password of root; there is no terminal to ask on. Run `holdfast hosts test torchio` on one.',
  ]);
});
