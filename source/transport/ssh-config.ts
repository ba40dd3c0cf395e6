import { homedir } from 'node:os';
import { execa } from 'execa';
import type { HostEntry } from '../core/fleet.js';
import type { Failure } from '../core/failure.js';
import type { Millis } from '../core/host.js';
import { expandHome, ourselves } from './paths.js';

/** What OpenSSH's config says about a host, of the parts that are honoured here. */
export interface SshSettings {
  /** The name that was asked for. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket's path; undefined: SSH_AUTH_SOCK; `none`: no agent. */
  readonly identityAgent?: string;
  /** `user@host:port,…`, the nearest first. */
  readonly proxyJump?: string;
  /** A line for a shell, its `%` tokens replaced. */
  readonly proxyCommand?: string;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  /** How an unknown key is met; a changed one is always refused. */
  readonly unknownKeys: 'refuse' | 'ask' | 'accept';
  readonly hostKeyAlias?: string;
  readonly connectTimeout?: Millis;
  readonly kexAlgorithms: readonly string[];
}

/** How long an answer of `ssh -G` holds. Files change seldom, and a reconnect asks again. */
const FRESH = 60_000;
/** `ssh -G` may run a `Match exec`; one that hangs must not hang us. */
const PATIENCE = 10_000;
const IDENTITIES = ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `~/.ssh/${name}`);

/** What to ask `ssh -G` about; values given here win over the config. */
export type SshTarget = Pick<HostEntry, 'address' | 'port' | 'user'>;

/** An answer, or why there is none. */
export type Settings =
  | { readonly ok: true; readonly settings: SshSettings }
  | { readonly ok: false; readonly failure: Omit<Failure, 'where'> };

/** Asks OpenSSH itself what its config says, so that Include, Match and defaults are its own. */
export class SshConfig {
  readonly #answers = new Map<
    string,
    { readonly until: Millis; readonly answer: Promise<Settings> }
  >();

  /** @param file given to `ssh -F`; left out: the user's own and the system's */
  constructor(readonly file?: string) {}

  /** The settings for a target; the same question is asked once a minute. */
  settings(target: SshTarget): Promise<Settings> {
    const key = JSON.stringify([target.address, target.port, target.user]);
    const held = this.#answers.get(key);
    if (held && held.until > Date.now()) return held.answer;
    const answer = this.#ask(target);
    this.#answers.set(key, { until: Date.now() + FRESH, answer });
    return answer;
  }

  async #ask(target: SshTarget): Promise<Settings> {
    const { address, port, user } = target;
    if (address.startsWith('-') || /[\s\0]/.test(address) || user?.startsWith('-') === true) {
      return refused(`\`${address}\` is not an address`, 'It would be taken for an option of ssh.');
    }
    const asked = await execa(
      'ssh',
      [
        '-G',
        ...(this.file === undefined ? [] : ['-F', this.file]),
        ...(port === undefined ? [] : ['-p', String(port)]),
        ...(user === undefined ? [] : ['-l', user]),
        '--',
        address,
      ],
      { reject: false, stdin: 'ignore', timeout: PATIENCE },
    );
    if (asked.code === 'ENOENT') return { ok: true, settings: defaults(target) };
    if (asked.exitCode !== 0) {
      const says = asked.stderr.trim().split('\n').at(-1) ?? '';
      return refused(
        'OpenSSH does not accept its config',
        says === '' ? (asked.shortMessage ?? '') : says,
      );
    }
    return { ok: true, settings: parseSshConfig(asked.stdout, target) };
  }
}

function refused(what: string, means: string): Settings {
  const todo = 'Mend the address in the cluster file, or the line in ~/.ssh/config.';
  return { ok: false, failure: { what, means, todo } };
}

/** What holds where OpenSSH is not installed. */
function defaults(target: SshTarget): SshSettings {
  return parseSshConfig('', target);
}

/** Reads what `ssh -G` prints: a keyword in small letters, a blank, the value. */
export function parseSshConfig(text: string, target: SshTarget): SshSettings {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const blank = line.indexOf(' ');
    if (blank < 0) continue;
    const keyword = line.slice(0, blank).toLowerCase();
    values.set(keyword, [...(values.get(keyword) ?? []), line.slice(blank + 1).trim()]);
  }
  const one = (keyword: string) => {
    const value = values.get(keyword)?.[0];
    return value === undefined || value === '' || value === 'none' ? undefined : value;
  };
  const hostName = one('hostname') ?? target.address;
  const port = target.port ?? (Number(one('port')) || 22);
  const user = target.user ?? one('user') ?? ourselves().username;
  const tokens: Tokens = { h: hostName, n: target.address, p: String(port), r: user };
  const path = (value: string) => expandHome(expandTokens(value, tokens));
  const files = (keyword: string, otherwise: string) =>
    words(values.get(keyword)?.[0] ?? otherwise)
      .filter((word) => word !== 'none')
      .map(path);
  const proxyCommand = one('proxycommand');
  const timeout = Number(one('connecttimeout'));
  const agent = values.get('identityagent')?.[0];
  return {
    alias: target.address,
    hostName,
    port,
    user,
    identityFiles: (values.get('identityfile') ?? IDENTITIES)
      .filter((file) => file !== 'none')
      .map((file) => path(unquote(file))),
    identitiesOnly: one('identitiesonly') === 'yes',
    ...(agent !== undefined &&
      agent !== 'SSH_AUTH_SOCK' && { identityAgent: path(unquote(agent)) }),
    ...optional('proxyJump', one('proxyjump')),
    ...optional('proxyCommand', proxyCommand && expandTokens(proxyCommand, tokens)),
    userKnownHosts: files('userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
    globalKnownHosts: files('globalknownhostsfile', '/etc/ssh/ssh_known_hosts'),
    hashKnownHosts: one('hashknownhosts') === 'yes',
    unknownKeys: unknownKeys(one('stricthostkeychecking')),
    ...optional('hostKeyAlias', one('hostkeyalias')),
    ...(timeout > 0 && { connectTimeout: timeout * 1000 }),
    kexAlgorithms: (one('kexalgorithms') ?? '').split(','),
  };
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const made: Partial<Record<K, string>> = {};
  if (value !== undefined && value !== '') made[key] = value;
  return made;
}

/** ssh_config(5): `no` and `off` accept unknown keys; a changed one is refused here all the same. */
function unknownKeys(strict: string | undefined): SshSettings['unknownKeys'] {
  switch (strict) {
    case 'yes':
    case 'true':
      return 'refuse';
    case 'accept-new':
    case 'no':
    case 'off':
    case 'false':
      return 'accept';
    default:
      return 'ask';
  }
}

interface Tokens {
  readonly h: string;
  readonly n: string;
  readonly p: string;
  readonly r: string;
}

/** The tokens of ssh_config(5) that these values may hold. */
function expandTokens(value: string, tokens: Tokens): string {
  const { username, uid } = ourselves();
  const all: Readonly<Record<string, string>> = {
    ...tokens,
    k: tokens.n,
    d: homedir(),
    u: username,
    i: String(uid),
    '%': '%',
  };
  return value.replace(/%(.)/g, (whole, letter: string) => all[letter] ?? whole);
}

function words(value: string): readonly string[] {
  return (value.match(/"[^"]*"|\S+/g) ?? []).map(unquote);
}

function unquote(word: string): string {
  return /^".*"$/.test(word) ? word.slice(1, -1) : word;
}
