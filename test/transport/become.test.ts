import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nobody, type Asker } from '../../source/core/ask.js';
import type { HostEntry } from '../../source/core/fleet.js';
import { splitWords } from '../../source/core/quote.js';
import { becomeRoot } from '../../source/transport/become.js';
import { shellHost } from '../../source/transport/runner.js';
import { Secrets } from '../../source/transport/secrets.js';
import { scriptedAsker } from '../support/askers.js';
import { aloneOf, end, FakeShell, type Played } from '../support/fake-shell.js';

const signal = new AbortController().signal;

/** How sudo is set up on a host that a test plays. */
interface Sudo {
  readonly password?: string;
  readonly refuses?: string;
  readonly uid?: string;
}

/** Plays a login shell and sudo 1.9 as they behave without a terminal. */
function hostWith(sudo: Sudo): FakeShell {
  const fail = (process: Played, says: string, code = 1) => {
    process.listener.stderr(Buffer.from(`${says}\n`));
    end(process, { kind: 'exited', code });
  };
  const succeed = (process: Played, uid: string) => {
    const words = splitWords(process.line).map(({ word }) => word);
    const { mark, argv } = aloneOf({ ...process, line: words.at(-1) ?? '' });
    const say = argv[0] === 'id' ? uid : 'done';
    process.listener.stderr(Buffer.from(`${mark}\n`));
    process.listener.stdout(Buffer.from(`${mark}\n${say}\n`));
    end(process);
  };
  return new FakeShell((process) => {
    const words = splitWords(process.line).map(({ word }) => word);
    if (!words.includes('sudo')) succeed(process, sudo.uid ?? '1000');
    else if (sudo.refuses !== undefined) fail(process, sudo.refuses);
    else if (sudo.password === undefined) succeed(process, '0');
    else if (words.includes('-n')) fail(process, 'sudo: a password is required');
    else {
      const prompt = words[words.indexOf('-p') + 1] ?? '';
      process.listener.stderr(
        Buffer.from(`We trust you have received the usual lecture.\n${prompt}`),
      );
      if (process.input[0] === `${sudo.password}\n`) succeed(process, '0');
      else {
        process.listener.stderr(Buffer.from(`Sorry, try again.\n${prompt}`));
        assert.equal(process.inputEnded, true);
        fail(process, 'sudo: 1 incorrect password attempt');
      }
    }
  });
}

function become(sudo: Sudo, how: HostEntry['become'], asker: Asker = nobody) {
  const shell = hostWith(sudo);
  const entry: HostEntry = { name: 'pve1', address: 'pve1', become: how, via: 'ssh' };
  const became = becomeRoot(entry, shell, 'op@pve1', new Secrets(asker), signal);
  return { became, shell };
}

test('who logs in as root needs no sudo', async () => {
  const { became, shell } = become({ uid: '0', refuses: 'sudo: not found' }, 'sudo');
  assert.equal((await became).ok, true);
  assert.ok(shell.played.every(({ line }) => !line.includes('sudo')));
});

test('without a need for a password none is asked and none is sent', async () => {
  const asker = scriptedAsker('refuse', ['pw']);
  const { became, shell } = become({}, 'sudo-password', asker);
  const result = await became;
  assert.ok(result.ok);
  assert.match(result.says, /without a password/);
  assert.equal(asker.secrets.length, 0);
  assert.ok(shell.played.every(({ input }) => input.length === 0));
});

test('the password goes to the prompt of sudo and never into a command line', async () => {
  const { became, shell } = become(
    { password: 's3cret' },
    'sudo-password',
    scriptedAsker('refuse', ['s3cret']),
  );
  const result = await became;
  assert.ok(result.ok);
  const host = shellHost('pve1', result.shell);
  const outcome = await host.run({ argv: ['true'], effect: 'changes', deadline: 1000 });
  assert.deepEqual(outcome, { kind: 'exited', code: 0, stdout: 'done\n', stderr: '' });
  assert.ok(shell.played.every(({ line }) => !line.includes('s3cret')));
});

test('a wrong password is asked again, three times in all, and sent once each', async () => {
  const asker = scriptedAsker('refuse', ['a', 'b', 'c', 'd']);
  const { became, shell } = become({ password: 'right' }, 'sudo-password', asker);
  const result = await became;
  assert.ok(!result.ok);
  assert.equal(result.failure.what, 'sudo refused the password 3 times');
  assert.equal(result.failure.means, 'sudo: 1 incorrect password attempt');
  assert.equal(result.final, true);
  assert.deepEqual(
    asker.secrets.map(({ attempt }) => attempt),
    [0, 1, 2],
  );
  assert.deepEqual(
    shell.played.flatMap(({ input }) => input),
    ['a\n', 'b\n', 'c\n'],
  );
});

test('`become: sudo` never asks and says what to set instead', async () => {
  const asker = scriptedAsker('refuse', ['pw']);
  const { became } = become({ password: 'pw' }, 'sudo', asker);
  const result = await became;
  assert.ok(!result.ok);
  assert.equal(result.failure.what, 'sudo asks for a password');
  assert.equal(asker.secrets.length, 0);
});

for (const [says, what] of [
  ['op is not in the sudoers file.', /does not allow this user/],
  ['sudo: sorry, you must have a tty to run sudo', /wants a terminal/],
  ['env: ‘sudo’: No such file or directory', /is not installed/],
] as const) {
  test(`"${says}" is told plainly, and nobody is asked`, async () => {
    const asker = scriptedAsker('refuse', ['pw']);
    const { became } = become({ refuses: says }, 'sudo-password', asker);
    const result = await became;
    assert.ok(!result.ok);
    assert.match(result.failure.what, what);
    assert.equal(result.final, true);
    assert.equal(asker.secrets.length, 0);
  });
}
