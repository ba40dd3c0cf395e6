import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { FailureError } from '../../source/core/failure.js';
import { scenarios, startDemo, type Demo } from '../../source/demo/index.js';
import { connectTo, type DemoClient } from './client.js';

let demo: Demo;
let kvm: DemoClient;
let started = 0;

before(async () => {
  const begin = performance.now();
  demo = await startDemo({ scenario: 'calm' });
  started = performance.now() - begin;
  kvm = await connectTo(demo, 'kvm-1');
});

after(async () => {
  kvm.close();
  await demo.stop();
});

function incident(id: string): void {
  const found = demo.incidents.find((one) => one.id === id);
  assert.ok(found, id);
  found.run();
}

function portOf(name: string): number {
  return demo.cluster.hosts.find((host) => host.name === name)?.port ?? 0;
}

test('the demo starts in less than two seconds', () => {
  assert.ok(started < 2000, `${started} ms`);
});

test('its files can be read by their owner alone', () => {
  const { identityFile, knownHostsFile, sshConfigFile } = demo;
  assert.equal(statSync(dirname(identityFile)).mode & 0o777, 0o700);
  for (const file of [identityFile, knownHostsFile, sshConfigFile]) {
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
});

test('OpenSSH reaches a host by the printed config', async (t) => {
  if (spawnSync('ssh', ['-V']).error) {
    t.diagnostic('ssh is not installed: not tried');
    return;
  }
  const args = ['-F', demo.sshConfigFile, 'kvm-1', 'cat /proc/drbd | grep -c cs:; exit 3'];
  const ended = promisify(execFile)('ssh', args);
  await assert.rejects(ended, (error: { code?: unknown; stdout?: unknown }) => {
    assert.deepEqual([error.code, error.stdout], [3, '2\n']);
    return true;
  });
});

test('a key that is not the demo’s and a password are refused', async () => {
  const stranger = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
  for (const secret of [{ privateKey: stranger }, { password: 'root' }]) {
    const client = new ssh2.Client();
    const refused = new Promise<Error>((resolve) => client.once('error', resolve));
    client.connect({ host: '127.0.0.1', port: portOf('kvm-1'), username: 'root', ...secret });
    assert.match((await refused).message, /authentication methods failed/);
    client.end();
  }
});

test('commands of a batch answer each for itself, the slow one last', async () => {
  const answers = await kvm.batch([
    ['cat', '/proc/drbd'],
    ['drbdsetup', 'status', '--json'],
    ['no-such-program'],
    ['sh', '-c', 'echo out; echo err >&2; exit 4'],
  ]);
  assert.deepEqual(
    answers.map(({ exit }) => exit),
    [0, 20, 127, 4],
  );
  assert.match(answers[0]?.stdout ?? '', /^version: 8\.4\.11/);
  assert.equal(answers[2]?.stderr, 'sh: 1: no-such-program: not found\n');
  assert.deepEqual([answers[3]?.stdout, answers[3]?.stderr], ['out\n', 'err\n']);
});

test('a command of its own says its mark first and gets its input', async () => {
  const ended = await kvm.alone(['cat'], 'a secret\n');
  assert.match(ended.stdout, /^hf\w+\na secret\n$/);
  assert.match(ended.stderr, /^hf\w+\n$/);
});

test('a connection carries eight sessions at once', async () => {
  const lines = await Promise.all(Array.from({ length: 8 }, (_, n) => kvm.line(`echo ${n}`)));
  assert.deepEqual(
    lines.map(({ stdout }) => stdout.trim()),
    ['0', '1', '2', '3', '4', '5', '6', '7'],
  );
});

test('an interactive shell answers what is typed', async () => {
  const said = await new Promise<string>((resolve, reject) => {
    kvm.client.shell((error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let text = '';
      channel.on('data', (piece: Buffer) => (text += piece.toString()));
      channel.on('close', () => resolve(text));
      channel.write('uname -n\r');
      channel.on('data', () => {
        if (/\nkvm-1\r\n.*# $/s.test(text)) channel.write('exit\r');
      });
    });
  });
  assert.match(said, /This machine is simulated/);
});

test('it says that it is simulated', async () => {
  const { stdout } = await kvm.line(
    'cat /etc/motd; uname -v; . /etc/os-release; echo "$PRETTY_NAME"',
  );
  assert.equal(stdout.match(/simulated/g)?.length, 3);
});

test('files of the kernel are made at the moment of reading', async () => {
  const resource = demo.fleet.drbd.resources[1];
  const read = async () =>
    /1: cs:\S+ ro:(\S+)/.exec((await kvm.line('cat /proc/drbd')).stdout)?.[1];
  assert.equal(await read(), 'Primary/Secondary');
  assert.equal((await kvm.line('umount /srv/data && drbdadm secondary r1')).exit, 0);
  assert.equal(await read(), 'Secondary/Secondary');
  assert.equal(resource?.replicas[0].role, 'Secondary');
  assert.equal((await kvm.line('drbdadm primary r1')).exit, 0);
});

test('a file that was changed stays changed', async () => {
  await kvm.line('echo "# a remark" >> /etc/fstab');
  assert.match((await kvm.line('tail -n 1 /etc/fstab')).stdout, /# a remark/);
});

test('a dead host drops its connections and refuses new ones until it boots', async () => {
  const client = await connectTo(demo, 'kvm-2');
  const gone = new Promise<void>((resolve) => client.client.once('close', () => resolve()));
  incident('host-kill');
  await gone;
  await assert.rejects(connectTo(demo, 'kvm-2'), /ECONNREFUSED/);
  incident('host-revive');
  const again = await connectTo(demo, 'kvm-2');
  assert.equal((await again.line('uname -n')).stdout, 'kvm-2\n');
  again.close();
});

test('a host that hangs accepts a connection, says nothing, and goes on later', async () => {
  incident('host-hang');
  const socket = connect(portOf('xs-2'), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const banner = firstBytes(socket);
  await kvm.line('true');
  assert.equal(socket.bytesRead, 0);
  incident('host-unhang');
  assert.match(await banner, /^SSH-2\.0/);
  socket.destroy();
});

test('a host that talks garbage answers, and what it says is noise', async () => {
  const client = await connectTo(demo, 'lfs-3');
  incident('host-garbage');
  const [noise] = await client.batch([['uname']]);
  assert.match(noise?.stdout ?? '', /\u001b/);
  incident('host-garbage');
  assert.equal((await client.batch([['uname']]))[0]?.stdout, 'Linux\n');
  client.close();
});

test('one command that hangs leaves the others their answers', async () => {
  const client = await connectTo(demo, 'san-1');
  incident('command-hang');
  let hung = true;
  const never = client.line('multipathd show maps').then(() => (hung = false));
  assert.match((await client.line('multipath -ll')).stdout, /^data /);
  assert.ok(hung);
  incident('command-hang');
  client.close();
  await never;
});

test('an unknown scenario is refused, with those that there are', async () => {
  await assert.rejects(startDemo({ scenario: 'sharknado' }), (error) => {
    assert.ok(error instanceof FailureError);
    for (const { id } of scenarios) assert.ok(error.failure.todo.includes(id));
    return true;
  });
});

test('stopping closes the ports and removes the files', async () => {
  const other = await startDemo({ scenario: 'calm' });
  const folder = dirname(other.identityFile);
  assert.match(
    readFileSync(other.knownHostsFile, 'utf8'),
    /^\[127\.0\.0\.1\]:\d+ ecdsa-sha2-nistp256 /,
  );
  const client = await connectTo(other, 'ceph-1');
  await other.stop();
  assert.equal(existsSync(folder), false);
  await assert.rejects(connectTo(other, 'ceph-1'), /ENOENT|ECONNREFUSED/);
  client.close();
});

function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (piece: Buffer) => resolve(piece.toString()));
  });
}
