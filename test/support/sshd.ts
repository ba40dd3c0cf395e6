import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What a test may want different in its sshd. */
export interface SshdOptions {
  /** Accounts that may log in; left out: only who runs the tests. Others need root. */
  readonly users?: readonly string[];
  /** The PATH that sessions begin with: a folder of scripts may stand in for tools. */
  readonly setEnvPath?: string;
  /** More lines for sshd_config. */
  readonly extra?: readonly string[];
  /** The port, where a stopped sshd comes back under a new key. */
  readonly port?: number;
  /** The address that it listens at; left out: loopback. */
  readonly host?: string;
  /** What starts it: `["ip", "netns", "exec", NAME]`. */
  readonly within?: readonly string[];
}

/** An OpenSSH server on loopback, with keys and files of its own in a temporary folder. */
export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The folder of all its files; gone after `stop`. */
  readonly folder: string;
  /** A key without a passphrase that every account accepts. */
  readonly identityFile: string;
  /** Knows the host key. */
  readonly knownHostsFile: string;
  /** For `ssh -F`: user, port, key and known_hosts for 127.0.0.1; nothing of the tester's own. */
  readonly sshConfigFile: string;
  /** Everything that it logged until now. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

/**
 * Why there is no sshd to test against, for node:test's `skip`; false where there is one. Where CI
 * is set nothing is skipped: the tests fail instead.
 */
export function sshdMissing(): string | false {
  if (SSHD !== undefined) return false;
  if (process.env.CI === 'true') return false;
  const reason = 'sshd is not installed: the tests against real OpenSSH are skipped';
  process.stderr.write(`${reason}\n`);
  return reason;
}

/** Starts an sshd and waits until it answers. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  if (SSHD === undefined) throw new Error('sshd is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sshd-'));
  const file = (name: string) => join(folder, name);
  const host = options.host ?? '127.0.0.1';
  const { username } = userInfo();
  const port = options.port ?? (await freePort());

  generateKey(file('host_ed25519'));
  generateKey(file('id_ed25519'));
  writeFileSync(file('authorized_keys'), readFileSync(file('id_ed25519.pub')));
  const hostKey = readFileSync(file('host_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(file('known_hosts'), `[${host}]:${port} ${hostKey}\n`);
  writeFileSync(file('ssh_config'), clientConfig(folder, host, port, username));
  writeFileSync(file('sshd_config'), serverConfig(folder, host, port, username, options));
  // Where sshd separates its privileges when it runs as root; harmless otherwise.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });

  let log = '';
  const own = ['-D', '-e', '-f', file('sshd_config')];
  const [program, ...more] = options.within ?? [];
  const child = spawn(program ?? SSHD, program === undefined ? own : [...more, SSHD, ...own], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A test that fails before it stops its server must neither hang nor leave it behind.
  const kill = () => void child.kill();
  process.once('exit', kill);
  while (!(await answers(host, port))) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`);
    await pause(10);
  }
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  return {
    host,
    port,
    user: username,
    folder,
    identityFile: file('id_ed25519'),
    knownHostsFile: file('known_hosts'),
    sshConfigFile: file('ssh_config'),
    log: () => log,
    stop: async () => {
      process.removeListener('exit', kill);
      child.ref();
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an ed25519 key pair, `<path>` and `<path>.pub`. */
export function generateKey(path: string, passphrase = ''): void {
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`ssh-keygen failed: ${made.stderr}`);
}

function serverConfig(
  folder: string,
  host: string,
  port: number,
  user: string,
  options: SshdOptions,
): string {
  return [
    `Port ${port}`,
    `ListenAddress ${host}`,
    `HostKey ${folder}/host_ed25519`,
    `PidFile ${folder}/sshd.pid`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `AllowUsers ${(options.users ?? [user]).join(' ')}`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel VERBOSE',
    ...(options.setEnvPath === undefined ? [] : [`SetEnv PATH=${options.setEnvPath}`]),
    ...(options.extra ?? []),
    '',
  ].join('\n');
}

function clientConfig(folder: string, host: string, port: number, user: string): string {
  return [
    `Host ${host}`,
    `  Port ${port}`,
    `  User ${user}`,
    'Host *',
    `  IdentityFile ${folder}/id_ed25519`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile none',
    '  HashKnownHosts no',
    '',
  ].join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
