import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { generateKey } from './sshd.js';

/** One of several hosts in one machine. */
export interface NetHost {
  readonly name: string;
  readonly address: string;
  /** Runs a script on it as root; gives what it printed on both streams, rejects if it fails. */
  readonly sh: (script: string) => Promise<string>;
}

/** Hosts on one network. */
export interface Net {
  readonly host: (name: string) => NetHost;
  /** For `ssh -F` and `--ssh-config`: user, key and known_hosts. */
  readonly sshConfigFile: string;
  /** A configuration of Holdfast with all of them. */
  readonly configFile: string;
  /** A folder that all of them see; gone after `down`. */
  readonly folder: string;
  readonly down: () => Promise<void>;
}

const PROGRAMS = ['ip', 'unshare', 'nsenter', 'ssh-keygen', '/usr/sbin/sshd'];
const SPACES = ['--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];

/** Whether a program is on the PATH, or is there if it is a path. */
export function isInstalled(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program);
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Why hosts cannot be made on this machine; undefined where they can. */
export function netMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'it takes root';
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const tried = spawnSync('unshare', [...SPACES, 'true']);
  return tried.status === 0 ? undefined : 'this machine does not give namespaces';
}

/**
 * Makes hosts out of namespaces: each has its own network, processes, mounts, name, /etc and sshd,
 * and a bridge joins them. A host dies with its first process, and that with the test.
 *
 * @param options.stacks what is looked for on them, whatever else this machine has
 * @param options.prepare lines of shell for a host before its sshd starts; its /etc is its own by then
 */
export async function netUp(
  names: readonly string[],
  {
    stacks,
    prepare,
  }: {
    readonly stacks: readonly string[];
    readonly prepare: (name: string, folder: string) => readonly string[];
  },
): Promise<Net> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-net-'));
  const bridge = `hf${folder.slice(-6)}`;
  const base = freeNetwork();
  const hosts = new Map<string, NetHost>();
  const firsts: ChildProcess[] = [];
  const down = async (): Promise<void> => {
    await Promise.all(firsts.map(endOf));
    spawnSync('ip', ['link', 'del', bridge]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    generateKey(join(folder, 'host_key'));
    generateKey(join(folder, 'id'));
    mkdirSync('/run/sshd', { recursive: true });
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('addr', 'add', `${base}.1/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const [index, name] of names.entries()) {
      const address = `${base}.${index + 11}`;
      const first = begin(name, folder, prepare(name, folder));
      firsts.push(first);
      const pid = await readyPid(first);
      plugIn(pid, { bridge, outer: `${bridge}v${index}`, address });
      hosts.set(name, { name, address, sh: (script) => inside(pid, script) });
    }
    const all = [...hosts.values()];
    const addresses = all.map(({ address }) => address);
    writeFileSync(join(folder, 'ssh_config'), clientConfig(folder, addresses));
    const listed = all.map(({ name, address }) => ({ name, address, stacks }));
    const clusters = { lab: { hosts: listed } };
    const config = JSON.stringify({ version: 1, clusters });
    writeFileSync(join(folder, 'config.json'), config, { mode: 0o600 });
  } catch (error) {
    await down();
    throw error;
  }
  return {
    host: (name) => {
      const host = hosts.get(name);
      if (!host) throw new Error(`no host ${name}`);
      return host;
    },
    sshConfigFile: join(folder, 'ssh_config'),
    configFile: join(folder, 'config.json'),
    folder,
    down,
  };
}

/** A /24 that no interface of this machine is in. */
function freeNetwork(): string {
  const used = spawnSync('ip', ['-o', 'addr'], { encoding: 'utf8' }).stdout;
  for (;;) {
    const base = `10.${randomInt(100, 200)}.${randomInt(1, 255)}`;
    if (!used.includes(` ${base}.`)) return base;
  }
}

/** The first process of a host: it buries what is orphaned, until its input is closed. */
function begin(name: string, folder: string, prepare: readonly string[]): ChildProcess {
  const own = join(folder, name);
  mkdirSync(own);
  writeFileSync(join(own, 'sshd_config'), serverConfig(folder, own));
  const script = [
    'set -e',
    'trap "exit 0" TERM',
    `hostname ${name}`,
    `cp -a /etc ${own}/etc`,
    `mount --bind ${own}/etc /etc`,
    `echo ${name} > /etc/hostname`,
    'ip link set lo up',
    ...prepare,
    `/usr/sbin/sshd -f ${own}/sshd_config -E ${own}/sshd.log`,
    'exec 3<&0',
    '(cat <&3 >/dev/null; kill -TERM 1) &',
    'echo ready',
    'set +e',
    'while :; do wait; done',
  ].join('\n');
  return spawn('unshare', [...SPACES, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function readyPid(first: ChildProcess): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    first.stdout?.once('data', () => resolve());
    first.once('exit', (code) => reject(new Error(`the host ended with ${code}`)));
  });
  return first.pid ?? 0;
}

function plugIn(
  pid: number,
  { bridge, outer, address }: { bridge: string; outer: string; address: string },
): void {
  ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
  ip('link', 'set', outer, 'master', bridge, 'up');
  const own = ['nsenter', '--target', String(pid), '--net'];
  run([...own, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0']);
  run([...own, 'ip', 'link', 'set', 'eth0', 'up']);
}

function ip(...words: readonly string[]): void {
  run(['ip', ...words]);
}

function run([program = '', ...words]: readonly string[]): void {
  const done = spawnSync(program, words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${done.stderr}`);
}

async function inside(pid: number, script: string): Promise<string> {
  const target = ['--target', String(pid), '--net', '--uts', '--mount'];
  const ways = [...target, `--pid=/proc/${pid}/ns/pid_for_children`, 'sh', '-c', script];
  const options = { all: true, reject: false, stdin: 'ignore', timeout: 60_000 } as const;
  const done = await execa('nsenter', ways, options);
  if (done.exitCode === 0) return done.all;
  throw new Error(`${script}\nended with ${done.exitCode ?? 'no end'}: ${done.all}`);
}

async function endOf(first: ChildProcess): Promise<void> {
  if (first.exitCode !== null || first.signalCode !== null) return;
  const ended = new Promise((resolve) => first.once('exit', resolve));
  first.stdin?.end();
  await ended;
}

function serverConfig(folder: string, own: string): string {
  return [
    `HostKey ${folder}/host_key`,
    `PidFile ${own}/sshd.pid`,
    `AuthorizedKeysFile ${folder}/id.pub`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    '',
  ].join('\n');
}

function clientConfig(folder: string, addresses: readonly string[]): string {
  const key = readFileSync(join(folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(folder, 'known_hosts'), `${addresses.join(',')} ${key}\n`);
  return [
    'Host *',
    '  User root',
    `  IdentityFile ${folder}/id`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile none',
    '',
  ].join('\n');
}
