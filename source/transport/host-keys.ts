import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { Asker } from '../core/ask.js';
import type { Failure } from '../core/failure.js';
import type { HostName } from '../core/host.js';
import { clean } from '../core/text.js';
import {
  judgeKey,
  keyFingerprint,
  keyType,
  knownHostName,
  knownTypes,
  parseKnownHosts,
  printKnownHost,
  type KeyVerdict,
  type KnownHostLine,
} from './known-hosts.js';
import { expandHome, shortPath } from './paths.js';
import type { SshSettings } from './ssh-config.js';

/** What is to be done with a key that a server showed. */
export type KeyDecision =
  { readonly ok: true; readonly says: string } | { readonly ok: false; readonly failure: Failure };

/** The algorithms that ssh2 speaks, best first; ssh-rsa (SHA-1) is for sshds before 7.2 of 2016. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** The host keys that are known, and the asking about those that are not. */
export class HostKeys {
  readonly #asker: Asker;
  readonly #only: string | undefined;
  /** Accepted here, should the file not have taken them. */
  readonly #accepted: KnownHostLine[] = [];
  readonly #questions = new Map<string, Promise<unknown>>();

  /** @param only the one file to read and write, instead of the user's and the system's */
  constructor(asker: Asker, only?: string) {
    this.#asker = asker;
    this.#only = only === undefined ? undefined : expandHome(only);
  }

  /**
   * The host key algorithms to offer: first those of which a key is known, so that the server shows
   * that key and not another one, then all the others.
   */
  async algorithms(settings: SshSettings): Promise<ServerHostKeyAlgorithm[]> {
    const types = knownTypes(await this.#lines(settings), nameOf(settings));
    const known = ALGORITHMS.filter((algorithm) => types.includes(typeOf(algorithm)));
    return [...known, ...ALGORITHMS.filter((algorithm) => !known.includes(algorithm))];
  }

  /**
   * Decides about a key. Of several hosts that show a key under one name at once, one is asked
   * about and the others follow.
   *
   * @param asking called before a person is asked
   */
  async decide(
    host: HostName,
    settings: SshSettings,
    blob: Buffer,
    asking: () => void,
  ): Promise<KeyDecision> {
    const name = nameOf(settings);
    const before = this.#questions.get(name);
    const mine = (async () => {
      if (before) {
        asking();
        await before;
      }
      return this.#decide(host, settings, blob, asking);
    })();
    this.#questions.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#questions.get(name) === mine) this.#questions.delete(name);
    }
  }

  async #decide(
    host: HostName,
    settings: SshSettings,
    blob: Buffer,
    asking: () => void,
  ): Promise<KeyDecision> {
    const name = nameOf(settings);
    const verdict = judgeKey(await this.#lines(settings), name, blob);
    const shown = `${clean(keyType(blob))} ${keyFingerprint(blob)}`;
    switch (verdict.kind) {
      case 'known':
        return { ok: true, says: `${shown}, known from ${placeOf(verdict.line)}` };
      case 'changed':
        return { ok: false, failure: changed(host, name, shown, verdict.line) };
      case 'revoked':
        return { ok: false, failure: revoked(host, shown, verdict.line) };
      case 'unknown': {
        const { unknownKeys } = settings;
        if (unknownKeys === 'refuse') return { ok: false, failure: strict(host, shown, verdict) };
        if (unknownKeys === 'accept') return this.#remember(settings, blob, 'by the config');
        asking();
        const type = keyType(blob);
        const fingerprint = keyFingerprint(blob);
        const answer = await this.#asker.hostKey({ host, target: name, type, fingerprint });
        if (answer === 'refuse') return { ok: false, failure: unknown(host, shown, verdict) };
        return this.#remember(settings, blob, 'by you');
      }
    }
  }

  async #remember(settings: SshSettings, blob: Buffer, by: string): Promise<KeyDecision> {
    const name = nameOf(settings);
    const shown = `${keyType(blob)} ${keyFingerprint(blob)}`;
    const file = this.#only ?? settings.userKnownHosts[0];
    const line = printKnownHost(name, blob, settings.hashKnownHosts ? randomBytes(20) : undefined);
    this.#accepted.push(...parseKnownHosts(printKnownHost(name, blob), 'this session'));
    if (file === undefined) return { ok: true, says: `${shown}, accepted ${by} for this session` };
    try {
      await appendLine(file, line);
      return { ok: true, says: `${shown}, accepted ${by} and written to ${shortPath(file)}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown reason';
      const says = `${shown}, accepted ${by}; ${shortPath(file)} could not be written: ${why}`;
      return { ok: true, says };
    }
  }

  async #lines(settings: SshSettings): Promise<readonly KnownHostLine[]> {
    const files = this.#only
      ? [this.#only]
      : [...settings.userKnownHosts, ...settings.globalKnownHosts];
    const texts = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(file, 'utf8').catch(() => '');
        return parseKnownHosts(text, file);
      }),
    );
    return [...texts.flat(), ...this.#accepted];
  }
}

/** An alias stands for the name and the port together, as in OpenSSH. */
function nameOf({ hostKeyAlias, hostName, port }: SshSettings): string {
  return hostKeyAlias?.toLowerCase() ?? knownHostName(hostName, port);
}

function typeOf(algorithm: ServerHostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

function placeOf(line: KnownHostLine): string {
  return line.line > 0 ? `${shortPath(line.file)}:${line.line}` : line.file;
}

/** Appends one line in one write, so that two programs that append at once both keep theirs. */
async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    await handle.appendFile(size > 0 && last.toString() !== '\n' ? `\n${line}` : line);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function changed(host: HostName, name: string, shown: string, line: KnownHostLine): Failure {
  return {
    what: `its host key is not the one that is known: ${shown}`,
    where: host,
    means: `${placeOf(line)} has a ${line.type} key for ${name}. Either the host was installed anew, or another machine answers in its place.`,
    todo: `Compare on its console: \`ssh-keygen -lf /etc/ssh/ssh_host_*.pub\`. If it is right: \`ssh-keygen -R '${name}' -f ${line.file}\`, then connect again.`,
  };
}

function revoked(host: HostName, shown: string, line: KnownHostLine): Failure {
  return {
    what: `its host key is revoked: ${shown}`,
    where: host,
    means: `${placeOf(line)} says that this key must not be trusted: it may have been stolen.`,
    todo: 'Give the host a new key, or take the line away if it is wrong.',
  };
}

type Unknown = Extract<KeyVerdict, { readonly kind: 'unknown' }>;

/** Said where a certificate authority is trusted, since ssh itself would not have asked. */
function aboutAuthority({ authority }: Unknown): string {
  return authority === undefined
    ? ''
    : ` ${placeOf(authority)} trusts a certificate authority for it, and Holdfast does not read host certificates: it needs the plain key.`;
}

function unknown(host: HostName, shown: string, verdict: Unknown): Failure {
  return {
    what: `its host key is not known: ${shown}`,
    where: host,
    means: `It was not accepted, so nobody was logged in.${aboutAuthority(verdict)}`,
    todo: 'Compare it on its console: `ssh-keygen -lf /etc/ssh/ssh_host_*.pub`; then connect again and accept it, or connect once with ssh.',
  };
}

function strict(host: HostName, shown: string, verdict: Unknown): Failure {
  return {
    what: `its host key is not known: ${shown}`,
    where: host,
    means: `StrictHostKeyChecking is set for it, so nobody is asked.${aboutAuthority(verdict)}`,
    todo: 'Add its key to known_hosts, from a source that you trust.',
  };
}
