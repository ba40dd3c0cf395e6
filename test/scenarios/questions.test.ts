import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openScreen } from '../support/term.js';

const key = {
  host: 'kvm-9',
  target: '[10.0.0.19]:2222',
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:0Jf0Jq4oGkq3T5bY0d1eUqv0m3m2Yx9sB7bQe3T1l2A',
};

test('an unknown host key is shown with its fingerprint, and Enter alone does not trust it', async () => {
  const screen = await openScreen();
  const verdict = screen.asker.hostKey(key);
  await screen.idle();
  assert.match(screen.text(), /kvm-9: the host key is not known/);
  assert.match(screen.text(), /SHA256:0Jf0Jq4oGkq3T5bY0d1eUqv0m3m2Yx9sB7bQe3T1l2A/);
  assert.match(screen.text(), /remembered in known_hosts/);
  assert.match(screen.text(), /▌No, do not connect/);
  await screen.press('enter');
  assert.equal(await verdict, 'refuse');
  assert.doesNotMatch(screen.text(), /host key/);
  await screen.close();
});

test('a host key is trusted by the word yes', async () => {
  const screen = await openScreen();
  const verdict = screen.asker.hostKey(key);
  await screen.idle();
  await screen.type('jyes');
  assert.match(screen.text(), /▌Yes, trust and remember it/);
  await screen.press('enter');
  assert.equal(await verdict, 'accept');
  await screen.close();
});

test('what was typed for one question does not answer the next', async () => {
  const screen = await openScreen();
  const first = screen.asker.hostKey(key);
  const second = screen.asker.hostKey({ ...key, host: 'kvm-8' });
  await screen.idle();
  await screen.type('yes');
  await screen.press('enter', 'enter');
  assert.deepEqual([await first, await second], ['accept', 'refuse']);
  await screen.close();
});

test('a secret is never drawn', async () => {
  const screen = await openScreen();
  const secret = screen.asker.secret({
    host: 'kvm-8',
    kind: 'sudo',
    prompt: 'password for sudo',
    attempt: 1,
  });
  await screen.idle();
  assert.match(screen.text(), /kvm-8: password for sudo/);
  assert.match(screen.text(), /That was wrong \(1 so far\)/);
  await screen.press('enter');
  await screen.type('hunter');
  await screen.paste('2\nrm -rf /');
  assert.match(screen.text(), /•••••••▏/);
  await screen.press('enter');
  assert.equal(await secret, 'hunter2');
  assert.doesNotMatch(screen.output.written, /hunter|unter2/);
  await screen.close();
});

test('it is said where a secret is kept: nowhere, but for one that a run must be resumed with', async () => {
  const screen = await openScreen();
  const asked = { host: 'a', prompt: 'shared-secret of r0', attempt: 0 } as const;
  for (const [kind, says] of [
    ['sudo', /kept in memory until the console ends, and written nowhere/],
    ['plan', /Until the run has ended well it lies beside its journal/],
  ] as const) {
    const secret = screen.asker.secret({ ...asked, kind });
    await screen.idle();
    assert.match(screen.text().replace(/\s+/g, ' '), says);
    await screen.press('escape');
    await secret;
  }
  await screen.close();
});

test('Esc gives no secret', async () => {
  const screen = await openScreen();
  const secret = screen.asker.secret({
    host: 'a',
    kind: 'passphrase',
    prompt: 'passphrase',
    attempt: 0,
  });
  await screen.idle();
  await screen.press('x', 'escape');
  assert.equal(await secret, undefined);
  await screen.close();
});

test('Ctrl-C quits even while something is asked', async () => {
  const screen = await openScreen();
  void screen.asker.hostKey(key);
  await screen.idle();
  await screen.press('ctrl-c');
  assert.equal(await screen.ended, 'quit');
});
