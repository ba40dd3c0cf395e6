import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { nobody, type Asker } from '../../source/core/ask.js';
import { OUTPUT_CAP } from '../../source/core/batch.js';
import type { Connected, Connection } from '../../source/core/connection.js';
import type { Failure } from '../../source/core/failure.js';
import type { HostEntry } from '../../source/core/fleet.js';
import { reads, type Command, type Outcome } from '../../source/core/host.js';
import { createConnector, type ConnectorOptions } from '../../source/transport/index.js';
import { scriptedAsker } from '../support/askers.js';
import { generateKey, sshdMissing, startSshd, type Sshd } from '../support/sshd.js';

const skip = sshdMissing();
const signal = new AbortController().signal;
const entry: HostEntry = { name: 'pve1', address: '127.0.0.1', become: 'none', via: 'ssh' };
const open: Connection[] = [];
let sshd: Sshd;

before(async () => {
  if (skip === false) sshd = await startSshd();
});
after(async () => {
  for (const connection of open) connection.close();
  if (skip === false) await sshd.stop();
});

async function attempt(
  asker: Asker = nobody,
  options: Partial<ConnectorOptions> = {},
  host: Partial<HostEntry> = {},
): Promise<Connected> {
  const sshConfigFile = sshd.sshConfigFile;
  const connector = createConnector({ asker, sshConfigFile, recordings: '', ...options });
  const connected = await connector.connect({ ...entry, ...host }, signal);
  if (connected.ok) open.push(connected.connection);
  return connected;
}

function opened(connected: Connected): Connection {
  assert.ok(connected.ok, connected.ok ? '' : JSON.stringify(connected.failure));
  return connected.connection;
}

function refused(connected: Connected): { failure: Failure; final: boolean } {
  assert.ok(!connected.ok);
  return connected;
}

function exited(outcome: Outcome): Extract<Outcome, { kind: 'exited' }> {
  assert.ok(outcome.kind === 'exited', JSON.stringify(outcome));
  return outcome;
}

function changes(argv: readonly string[], input?: string): Command<'changes'> {
  return { argv, effect: 'changes', deadline: 8000, ...(input !== undefined && { input }) };
}

/** A config file with other lines before those of the server's own. */
function config(name: string, ...lines: readonly string[]): string {
  const path = join(sshd.folder, name);
  writeFileSync(path, `${lines.join('\n')}\n${readFileSync(sshd.sshConfigFile, 'utf8')}`);
  return path;
}

test('a key of the config lets us in, and each step is told', { skip }, async () => {
  const connected = await attempt();
  const { host } = opened(connected);
  assert.deepEqual(
    connected.steps.map(({ step }) => step),
    ['resolve', 'connect', 'host key', 'authenticate'],
  );
  assert.match(connected.steps[2]?.says ?? '', /^ssh-ed25519 SHA256:.*known_hosts:1$/);
  const { code, stdout, stderr } = exited(await host.run(reads(['sh', '-c', 'echo é; exit 3'])));
  assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: 'é\n', stderr: '' });
});

test('commands asked together travel in one session', { skip }, async () => {
  const { host } = opened(await attempt());
  const sessions = () => sshd.log().split('Starting session:').length;
  const before = sessions();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => host.run(reads(['echo', String(index)]))),
  );
  assert.deepEqual(
    outcomes.map((outcome) => exited(outcome).stdout),
    Array.from({ length: 20 }, (_, index) => `${index}\n`),
  );
  assert.equal(sessions() - before, 1);
});

test('more commands at once than sshd has sessions all come back', { skip }, async () => {
  const { host } = opened(await attempt());
  const outcomes = await Promise.all(
    Array.from({ length: 11 }, (_, index) => host.run(changes(['echo', String(index)]))),
  );
  assert.deepEqual(
    outcomes.map((outcome) => exited(outcome).stdout),
    Array.from({ length: 11 }, (_, index) => `${index}\n`),
  );
});

test('a command that hangs costs only itself, and is not started twice', { skip }, async () => {
  const { host } = opened(await attempt());
  const hanging = ['sleep', '2.125'];
  const [hung, quick] = await Promise.all([
    host.run(reads(hanging, 150)),
    host.run(reads(['echo', 'here'])),
  ]);
  assert.equal(exited(quick).stdout, 'here\n');
  assert.equal(hung.kind === 'lost' && hung.why, 'deadline');
  const again = await host.run(reads(hanging));
  assert.match(again.kind === 'lost' ? again.reason : '', /`sleep 2.125` has not ended since/);
  const count = exited(await host.run(reads(['pgrep', '-fcx', hanging.join(' ')])));
  assert.equal(count.stdout.trim(), '1');
});

test('output past the cap is cut and said to be', { skip }, async () => {
  const { host } = opened(await attempt());
  const [all, past, alone] = await Promise.all([
    host.run(reads(['sh', '-c', 'yes | head -c 3000000'])),
    host.run(reads(['sh', '-c', `yes | head -c ${OUTPUT_CAP + 100_000}`], 30_000)),
    host.run({ ...changes(['sh', '-c', `yes | head -c ${OUTPUT_CAP + 9}`]), deadline: 30_000 }),
  ]);
  assert.equal(exited(all).stdout.length, 3_000_000);
  assert.equal(exited(all).capped, undefined);
  assert.equal(exited(past).stdout.length, OUTPUT_CAP);
  assert.equal(exited(past).capped, true);
  assert.equal(exited(alone).stdout.length, OUTPUT_CAP);
  assert.equal(exited(alone).capped, true);
});

test('input reaches the command and its end is seen', { skip }, async () => {
  const { host } = opened(await attempt());
  const { stdout } = exited(await host.run(changes(['cat'], 'a secret\nof two lines')));
  assert.equal(stdout, 'a secret\nof two lines');
});

test('a signal that ends a command is told as a shell would', { skip }, async () => {
  const { host } = opened(await attempt());
  const outcome = await host.run(changes(['sh', '-c', 'kill -TERM $$']));
  assert.equal(exited(outcome).code, 143);
});

test('what a login script prints belongs to no command', { skip }, async () => {
  const noise = 'echo Welcome; echo noise >&2; PATH=/bin; export PATH; ';
  const loud = await startSshd({
    extra: [`ForceCommand ${noise} eval "$SSH_ORIGINAL_COMMAND"`],
  });
  try {
    const { host } = opened(await attempt(nobody, { sshConfigFile: loud.sshConfigFile }));
    const commands = ['echo hi', 'case $PATH in *sbin:*) ;; *) exit 9; esac'].map((line) => [
      'sh',
      '-c',
      line,
    ]);
    const outcomes = await Promise.all([
      ...commands.map((argv) => host.run(reads(argv))),
      ...commands.map((argv) => host.run(changes(argv))),
    ]);
    for (const outcome of outcomes) assert.equal(exited(outcome).code, 0);
    for (const outcome of outcomes) assert.equal(exited(outcome).stderr, '');
    assert.deepEqual(
      outcomes.map((outcome) => exited(outcome).stdout),
      ['hi\n', '', 'hi\n', ''],
    );
  } finally {
    await loud.stop();
  }
});

test('a connection that dies says so once and loses what runs', { skip }, async (t) => {
  const mortal = await startSshd();
  t.after(() => mortal.stop());
  const connection = opened(await attempt(nobody, { sshConfigFile: mortal.sshConfigFile }));
  const gone = new Promise<Failure>((resolve) => connection.onGone(resolve));
  const { host } = connection;
  // The parent of a command with a session of its own is the sshd that serves this connection.
  const server = exited(await host.run(changes(['sh', '-c', 'echo $PPID']))).stdout;
  const running = [host.run(reads(['sleep', '20'])), host.run(changes(['sleep', '20']))];
  // Both have begun once a command that was asked after them has ended.
  await host.run(changes(['true']));
  process.kill(Number(server), 'SIGKILL');
  for (const outcome of await Promise.all(running)) {
    assert.deepEqual(outcome.kind === 'lost' && outcome.why, 'connection');
  }
  assert.match((await gone).what, /the connection is gone/);
  const late = await host.run(reads(['true']));
  assert.equal(late.kind, 'unreachable');
});

test('an unknown host key is asked about, and written when it is accepted', { skip }, async () => {
  const file = join(sshd.folder, 'made', 'known_hosts');
  const asker = scriptedAsker('accept');
  opened(await attempt(asker, { knownHostsFile: file }));
  const printed = execFileSync('ssh-keygen', ['-lf', join(sshd.folder, 'host_ed25519.pub')], {
    encoding: 'utf8',
  });
  assert.equal(asker.hostKeys[0]?.fingerprint, printed.split(' ')[1]);
  assert.equal(asker.hostKeys[0]?.target, `[127.0.0.1]:${sshd.port}`);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(readFileSync(file, 'utf8'), readFileSync(sshd.knownHostsFile, 'utf8'));
  opened(await attempt(nobody, { knownHostsFile: file }));
});

test('one answer serves all hosts that show the same key at once', { skip }, async () => {
  const asker = scriptedAsker('accept');
  const knownHostsFile = join(sshd.folder, 'shared_known_hosts');
  const connector = createConnector({
    asker,
    sshConfigFile: sshd.sshConfigFile,
    knownHostsFile,
    recordings: '',
  });
  const all = ['a', 'b', 'c'].map((name) => connector.connect({ ...entry, name }, signal));
  for (const connected of await Promise.all(all)) open.push(opened(connected));
  assert.equal(asker.hostKeys.length, 1);
});

test('an unknown host key that nobody accepts is refused for good', { skip }, async () => {
  const { failure, final } = refused(
    await attempt(nobody, { knownHostsFile: join(sshd.folder, 'none') }),
  );
  assert.match(failure.what, /its host key is not known: ssh-ed25519 SHA256:/);
  assert.equal(final, true);
});

test('with StrictHostKeyChecking nobody is asked', { skip }, async () => {
  const asker = scriptedAsker('accept');
  const sshConfigFile = config('strict', 'StrictHostKeyChecking yes');
  const knownHostsFile = join(sshd.folder, 'none');
  const { failure } = refused(await attempt(asker, { sshConfigFile, knownHostsFile }));
  assert.match(failure.means, /StrictHostKeyChecking/);
  assert.equal(asker.hostKeys.length, 0);
});

test('a changed host key is refused, with the line that knows another', { skip }, async () => {
  const other = join(sshd.folder, 'other');
  generateKey(other);
  const [type, key] = readFileSync(`${other}.pub`, 'utf8').split(' ');
  const knownHostsFile = join(sshd.folder, 'changed');
  writeFileSync(knownHostsFile, `# one\n[127.0.0.1]:${sshd.port} ${type ?? ''} ${key ?? ''}\n`);
  const asker = scriptedAsker('accept');
  const { failure, final } = refused(await attempt(asker, { knownHostsFile }));
  assert.match(failure.what, /its host key is not the one that is known/);
  assert.ok(failure.means.includes(`${knownHostsFile}:2 has a ssh-ed25519 key`), failure.means);
  assert.equal(final, true);
  assert.equal(asker.hostKeys.length, 0);
});

test('the passphrase of a key is asked once for all hosts', { skip }, async () => {
  const locked = join(sshd.folder, 'locked');
  generateKey(locked, 'open sesame');
  appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${locked}.pub`));
  const asker = scriptedAsker('refuse', ['wrong', 'open sesame']);
  const sshConfigFile = config('locked_config', `IdentityFile ${locked}`, 'IdentitiesOnly yes');
  const connector = createConnector({ asker, sshConfigFile, recordings: '' });
  const all = ['a', 'b', 'c'].map((name) => connector.connect({ ...entry, name }, signal));
  for (const connected of await Promise.all(all)) open.push(opened(connected));
  assert.deepEqual(
    asker.secrets.map(({ kind, attempt: nth }) => [kind, nth]),
    [
      ['passphrase', 0],
      ['passphrase', 1],
    ],
  );
});

test('a key that is refused is named, and no secret is', { skip }, async () => {
  const stranger = join(sshd.folder, 'stranger');
  generateKey(stranger, 'never told');
  const path = join(sshd.folder, 'stranger_config');
  writeFileSync(
    path,
    readFileSync(sshd.sshConfigFile, 'utf8').replace(/IdentityFile .*/, `IdentityFile ${stranger}`),
  );
  const asker = scriptedAsker('refuse', ['never told']);
  const { failure, final } = refused(await attempt(asker, { sshConfigFile: path }));
  assert.match(failure.what, /was not let in/);
  assert.ok(failure.means.includes(stranger), failure.means);
  assert.equal(final, true);
  // The server does not take that key, so its passphrase is nobody's business.
  assert.equal(asker.secrets.length, 0);
});

test('jump hosts and proxy commands of the config lead to the host', { skip }, async () => {
  const path = join(sshd.folder, 'jump_config');
  const own = readFileSync(sshd.sshConfigFile, 'utf8');
  const relay = join(sshd.folder, 'relay');
  writeFileSync(
    relay,
    `#!${process.execPath}
const socket = require('node:net').connect(Number(process.argv[3]), process.argv[2]);
process.stdin.pipe(socket).pipe(process.stdout);
`,
    { mode: 0o700 },
  );
  const alias = `HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}`;
  writeFileSync(
    path,
    [
      `Host inner\n  ${alias}\n  ProxyJump bastion`,
      `Host deep\n  ${alias}\n  ProxyJump bastion,inner`,
      `Host bastion\n  ${alias}`,
      `Host piped\n  ${alias}\n  ProxyCommand ${relay} %h %p`,
      own,
    ].join('\n'),
  );
  for (const [address, step] of [
    ['inner', /through bastion/],
    ['deep', /through inner/],
    ['piped', /by its ProxyCommand: .* 127.0.0.1/],
  ] as const) {
    const connected = await attempt(nobody, { sshConfigFile: path }, { address });
    const { host } = opened(connected);
    assert.match(connected.steps[0]?.says ?? '', step);
    assert.equal(exited(await host.run(reads(['echo', address]))).stdout, `${address}\n`);
  }
});

test('a proxy command that fails is told in its own words', { skip }, async () => {
  const sshConfigFile = config('bad_proxy', 'ProxyCommand no-such-program %h');
  const { failure } = refused(await attempt(nobody, { sshConfigFile }));
  assert.match(failure.means, /no-such-program: not found/);
});

test('a jump host that is down is named', { skip }, async () => {
  const sshConfigFile = config('bad_jump', 'Host behind', '  ProxyJump root@localhost:1', 'Host *');
  const { failure, final } = refused(
    await attempt(nobody, { sshConfigFile }, { address: 'behind' }),
  );
  assert.match(failure.what, /its jump host root@localhost:1: connection refused/);
  assert.equal(final, false);
});

test(
  'keys of an agent are offered, and those of the config alone where it says so',
  { skip },
  async (t) => {
    const socket = join(sshd.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket]);
    t.after(() => agent.kill());
    // It prints the socket's path when it listens.
    await once(agent.stdout, 'data');
    for (const name of ['agent_one', 'agent_two']) {
      generateKey(join(sshd.folder, name));
      execFileSync('ssh-add', ['-q', join(sshd.folder, name)], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
    }
    appendFileSync(
      join(sshd.folder, 'authorized_keys'),
      readFileSync(join(sshd.folder, 'agent_two.pub')),
    );
    const own = readFileSync(sshd.sshConfigFile, 'utf8').replace('none', socket);
    const any = join(sshd.folder, 'any_key');
    writeFileSync(
      any,
      own.replace(/IdentityFile .*/, 'IdentityFile none').replace('Only yes', 'Only no'),
    );
    const connected = await attempt(nobody, { sshConfigFile: any });
    opened(connected);
    assert.match(connected.steps.at(-1)?.says ?? '', /, by a key of the agent$/);
    const one = join(sshd.folder, 'one_key');
    writeFileSync(one, own.replace(/IdentityFile .*/, `IdentityFile ${sshd.folder}/agent_one`));
    const { failure } = refused(await attempt(nobody, { sshConfigFile: one }));
    assert.match(failure.means, /Tried: 1 key of the agent\./);
  },
);

test('an sshd that counts keys and ends the login is told as such', { skip }, async (t) => {
  const strict = await startSshd({ extra: ['MaxAuthTries 1'] });
  t.after(() => strict.stop());
  const identityFiles = ['one', 'two'].map((name) => join(strict.folder, name));
  for (const file of identityFiles) generateKey(file);
  const sshConfigFile = strict.sshConfigFile;
  const { failure, final } = refused(await attempt(nobody, { sshConfigFile, identityFiles }));
  assert.match(failure.what, /^too many authentication failures for/);
  assert.match(failure.todo, /IdentitiesOnly yes/);
  assert.equal(final, true);
});
