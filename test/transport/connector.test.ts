import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nobody, type Asker } from '../../source/core/ask.js';
import type { Connected, Connection } from '../../source/core/connection.js';
import type { Failure } from '../../source/core/failure.js';
import type { HostEntry } from '../../source/core/fleet.js';
import { reads, type Command } from '../../source/core/host.js';
import { createConnector } from '../../source/transport/index.js';
import { scriptedAsker } from '../support/askers.js';
import {
  addressOf,
  startServer,
  type ServerOptions,
  type TestServer,
} from '../support/ssh-server.js';

const entry: HostEntry = { name: 'pve1', address: '127.0.0.1', become: 'none', via: 'ssh' };

async function serve(t: TestContext, options?: ServerOptions): Promise<TestServer> {
  const server = await startServer(options);
  t.after(() => server.stop());
  return server;
}

function connectTo(
  server: Pick<TestServer, 'port' | 'sshConfigFile'>,
  asker: Asker = nobody,
  signal = new AbortController().signal,
  silence?: number,
): Promise<Connected> {
  const connector = createConnector({
    asker,
    sshConfigFile: server.sshConfigFile,
    recordings: '',
  });
  return connector.connect({ ...entry, port: server.port }, signal, silence);
}

function opened(t: TestContext, connected: Connected): Connection {
  assert.ok(connected.ok, connected.ok ? '' : JSON.stringify(connected.failure));
  t.after(() => connected.connection.close());
  return connected.connection;
}

function refused(connected: Connected): { failure: Failure; final: boolean } {
  assert.ok(!connected.ok);
  return connected;
}

function changes(argv: readonly string[]): Command<'changes'> {
  return { argv, effect: 'changes', deadline: 8000 };
}

test('a batch over SSH is one exec', async (t) => {
  const server = await serve(t);
  const { host } = opened(t, await connectTo(server));
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((word) => host.run(reads(['echo', word]))),
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind === 'exited' && outcome.stdout),
    ['a\n', 'b\n', 'c\n'],
  );
  assert.equal(server.lines.length, 1);
  assert.match(server.lines[0] ?? '', /^exec sh -c '/);
});

test('of many commands at once no more than eight have a session', async (t) => {
  const server = await serve(t, { maxSessions: 8 });
  const { host } = opened(t, await connectTo(server));
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => host.run(changes(['echo', String(index)]))),
  );
  assert.ok(outcomes.every((outcome) => outcome.kind === 'exited' && outcome.code === 0));
  assert.equal(server.mostSessions(), 8);
});

test('a session that is refused started nothing', async (t) => {
  const server = await serve(t, { maxSessions: 0 });
  const { host } = opened(t, await connectTo(server));
  const outcome = await host.run(changes(['reboot']));
  assert.equal(outcome.kind, 'unreachable');
});

test('a server that goes away in the middle leaves the end unknown', async (t) => {
  const server = await serve(t, { exec: (_line, _channel, client) => void client.end() });
  const connection = opened(t, await connectTo(server));
  const gone = new Promise<Failure>((resolve) => connection.onGone(resolve));
  const outcomes = [connection.host.run(changes(['reboot'])), connection.host.run(reads(['id']))];
  for (const outcome of await Promise.all(outcomes)) {
    assert.equal(outcome.kind === 'lost' && outcome.why, 'connection', JSON.stringify(outcome));
  }
  assert.match((await gone).what, /^the connection is gone/);
  assert.equal((await connection.host.run(changes(['id']))).kind, 'unreachable');
});

test('a connection that was closed from here does not say that it is gone', async (t) => {
  const server = await serve(t, { exec: () => undefined });
  const connection = opened(t, await connectTo(server));
  let said = 0;
  connection.onGone(() => (said += 1));
  const running = connection.host.run(changes(['sleep', '9']));
  while (server.lines.length === 0) await new Promise(setImmediate);
  connection.close();
  assert.equal((await running).kind, 'lost');
  const [socket] = server.sockets;
  if (socket?.closed === false) await once(socket, 'close');
  assert.equal(said, 0);
});

for (const silence of [undefined, 30_000]) {
  const seconds = (silence ?? 5000) / 1000;
  const whose = silence === undefined ? 'that is watched' : 'that is being changed';
  test(`a peer ${whose} is given up after ${seconds} s of silence`, async (t) => {
    const server = await serve(t, { exec: () => undefined });
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
    const connection = opened(t, await connectTo(server, nobody, undefined, silence));
    let said: string | undefined;
    connection.onGone(({ what }) => (said = what));
    for (const socket of server.sockets) socket.pause();
    const pass = async () => {
      t.mock.timers.tick(1000);
      await new Promise(setImmediate);
    };
    for (let second = 1; second < seconds; second += 1) await pass();
    assert.equal(said, undefined);
    for (let second = 0; second < 2; second += 1) await pass();
    assert.match(said ?? '', new RegExp(`silent for ${seconds} s`));
  });
}

test('a password is asked until it is right, and then kept', async (t) => {
  const server = await serve(t, {
    authenticate: (context) => {
      if (context.method === 'password' && context.password === 'right') context.accept();
      else context.reject(['password']);
    },
  });
  const asker = scriptedAsker('refuse', ['wrong', 'right']);
  const connector = createConnector({
    asker,
    sshConfigFile: server.sshConfigFile,
    recordings: '',
  });
  const signal = new AbortController().signal;
  for (const name of ['first', 'second']) {
    opened(t, await connector.connect({ ...entry, name, port: server.port }, signal));
  }
  assert.deepEqual(
    asker.secrets.map(({ kind, attempt, prompt }) => ({ kind, attempt, prompt })),
    [0, 1].map((attempt) => ({
      kind: 'password',
      attempt,
      prompt: `password of tester@127.0.0.1:${server.port}`,
    })),
  );
});

test('three wrong passwords are enough, and none of them is told', async (t) => {
  const server = await serve(t, {
    authenticate: (context) => context.reject(['keyboard-interactive', 'password']),
  });
  const asker = scriptedAsker('refuse', ['hunter1', 'hunter2', 'hunter3', 'hunter4']);
  const { failure, final } = refused(await connectTo(server, asker));
  assert.equal(asker.secrets.length, 3);
  assert.equal(final, true);
  assert.match(failure.what, /was not let in/);
  assert.match(failure.means, /Tried: a password.*accepts: keyboard-interactive and password/);
  assert.ok(!JSON.stringify(failure).includes('hunter'));
});

test('questions of the host are passed on, and its text is made harmless', async (t) => {
  const server = await serve(t, {
    authenticate: (context) => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      context.prompt([{ prompt: 'Code\u001B[2J: ' }], (answers) => {
        if (answers[0] === '123456') context.accept();
        else context.reject(['keyboard-interactive']);
      });
    },
  });
  const asker = scriptedAsker('refuse', ['000000', '123456']);
  opened(t, await connectTo(server, asker));
  assert.deepEqual(
    asker.secrets.map(({ kind, prompt }) => [kind, prompt]),
    [
      ['keyboard-interactive', 'Code^[[2J:'],
      ['keyboard-interactive', 'Code^[[2J:'],
    ],
  );
});

test('a password that nobody gives ends the login at once', async (t) => {
  const server = await serve(t, { authenticate: (context) => context.reject(['password']) });
  const { failure, final } = refused(await connectTo(server, nobody));
  assert.equal(failure.what, 'no password was given');
  assert.equal(final, true);
});

test('an sshd that takes the connection and says nothing is given up on', async (t) => {
  const listener = createServer();
  const greeted = new Promise<void>((resolve) => {
    listener.on('connection', (socket) => {
      t.after(() => socket.destroy());
      socket.once('data', () => resolve());
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  const { sshConfigFile } = await serve(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const attempt = connectTo({ port: addressOf(listener.address()).port, sshConfigFile });
  await greeted;
  t.mock.timers.tick(10_000);
  const { failure, final } = refused(await attempt);
  assert.match(failure.what, /no word from the host for 10 s before sshd greeted us/);
  assert.equal(final, false);
});

test('an sshd that turns some away is tried again', async (t) => {
  const server = await serve(t, { turnAway: 2 });
  const connected = await connectTo(server);
  opened(t, connected);
  assert.equal(server.sockets.length, 3);
  assert.deepEqual(
    connected.steps.map(({ step }) => step),
    ['resolve', 'connect', 'host key', 'authenticate'],
  );
});

test('a port where nothing listens and a name without an address are told apart', async (t) => {
  const { port, sshConfigFile, stop } = await startServer();
  stop();
  const { sshConfigFile: config } = await serve(t);
  assert.notEqual(config, sshConfigFile);
  const nothing = refused(await connectTo({ port, sshConfigFile: config }));
  assert.equal(nothing.failure.what, `connection refused by 127.0.0.1 port ${port}`);
  assert.equal(nothing.final, false);
  const connector = createConnector({ asker: nobody, sshConfigFile: config, recordings: '' });
  const signal = new AbortController().signal;
  const nowhere = refused(await connector.connect({ ...entry, address: 'no.invalid' }, signal));
  assert.match(nowhere.failure.what, /the name no\.invalid has no address/);
});

test('an attempt ends when it is stopped, even while a person is asked', async (t) => {
  const server = await serve(t, { authenticate: (context) => context.reject(['password']) });
  const stop = new AbortController();
  const asker: Asker = {
    hostKey: () => Promise.resolve('refuse'),
    secret: () => {
      stop.abort();
      return new Promise(() => undefined);
    },
  };
  const { failure } = refused(await connectTo(server, asker, stop.signal));
  assert.equal(failure.what, 'stopped');
});

test('this machine answers like any other host', async (t) => {
  const connector = createConnector({ asker: nobody, recordings: '' });
  const signal = new AbortController().signal;
  const { host } = opened(t, await connector.connect({ ...entry, via: 'local' }, signal));
  const [read, changed, path] = await Promise.all([
    host.run(reads(['sh', '-c', 'echo out; echo err >&2; exit 3'])),
    host.run({ ...changes(['cat']), input: 'given' }),
    host.run(changes(['sh', '-c', 'echo $LC_ALL $PATH'])),
  ]);
  assert.deepEqual(read, { kind: 'exited', code: 3, stdout: 'out\n', stderr: 'err\n' });
  assert.deepEqual(changed, { kind: 'exited', code: 0, stdout: 'given', stderr: '' });
  assert.match(path.kind === 'exited' ? path.stdout : '', /^C \/usr\/local\/sbin:.*:\/sbin:/);
});

test('a recording answers, and a folder that is none is told', async (t) => {
  const recordings = mkdtempSync(join(tmpdir(), 'holdfast-recordings-'));
  t.after(() => rmSync(recordings, { recursive: true }));
  const commands = [{ argv: ['uname'], stdout: 'uname.txt' }];
  writeFileSync(join(recordings, 'recording.json'), JSON.stringify({ about: 'a test', commands }));
  writeFileSync(join(recordings, 'uname.txt'), 'Linux\n');
  const connector = createConnector({ asker: nobody, recordings });
  const signal = new AbortController().signal;
  const recorded: HostEntry = { ...entry, via: 'recorded', address: '.' };
  const { host } = opened(t, await connector.connect(recorded, signal));
  const outcome = await host.run(reads(['uname']));
  assert.equal(outcome.kind === 'exited' && outcome.stdout, 'Linux\n');
  const none = refused(await connector.connect({ ...recorded, address: 'none' }, signal));
  assert.equal(none.failure.what, 'its recording cannot be read');
  assert.equal(none.final, true);
});
