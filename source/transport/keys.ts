import { readFile, stat } from 'node:fs/promises';
import ssh2 from 'ssh2';
import type { ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { HostName } from '../core/host.js';
import { shortPath } from './paths.js';
import type { Secrets } from './secrets.js';

const ATTEMPTS = 3;

/** The label of what an agent holds. */
export const AGENT = 'a key of the agent';

/** A key that can sign, be it in an agent or in a file that is still locked. */
export interface Identity {
  /** Where it is from, for people. */
  readonly label: string;
  readonly publicKey: ParsedKey;
  readonly sign: (data: Buffer, options: SigningRequestOptions) => Promise<Buffer>;
  /** Signing asks a person first, for a passphrase. */
  readonly locked: () => boolean;
}

/** A key file as far as it could be read. */
export type KeyFile =
  | { readonly kind: 'usable'; readonly identity: Identity }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly because: string };

/**
 * The key files of all hosts. Each is parsed once: the key derivation of an encrypted one costs a
 * quarter of a second. A locked file is unlocked when a server has said that it would take the
 * key, and not before, so that nobody is asked for a passphrase in vain.
 */
export class KeyRing {
  readonly #secrets: Secrets;
  readonly #texts = new Map<string, { readonly stamp: string; readonly file: Promise<KeyFile> }>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** @param host who is asked for, should a passphrase be needed */
  async load(path: string, host: HostName): Promise<KeyFile> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return { kind: 'missing' };
    const stamp = `${found.mtimeMs} ${found.size}`;
    const held = this.#texts.get(path);
    if (held?.stamp === stamp) return held.file;
    const file = this.#read(path, host);
    this.#texts.set(path, { stamp, file });
    return file;
  }

  async #read(path: string, host: HostName): Promise<KeyFile> {
    const label = shortPath(path);
    const text = await readFile(path, 'utf8').catch((error: unknown) => reasonOf(error));
    if (typeof text !== 'string') return { kind: 'unusable', because: `${label}: ${text.reason}` };
    const parsed = parsePrivate(text);
    if (parsed.ok)
      return usable(label, parsed.key, { unlock: () => Promise.resolve(parsed.key), open: true });
    if (!/encrypted|passphrase/i.test(parsed.because)) {
      return { kind: 'unusable', because: `${label}: ${parsed.because}` };
    }
    const lock = this.#lock(path, label, text, host);
    const known = publicPart(text) ?? (await pubFile(path)) ?? (await lock.unlock());
    if (!known) return { kind: 'unusable', because: `${label}: its passphrase was not given` };
    return usable(label, known, lock);
  }

  #lock(path: string, label: string, text: string, host: HostName): Lock {
    let unlocked: Promise<ParsedKey | undefined> | undefined;
    const lock = {
      open: false,
      unlock: () =>
        (unlocked ??= this.#unlock(path, label, text, host).then((key) => {
          lock.open = key !== undefined;
          if (!key) unlocked = undefined;
          return key;
        })),
    };
    return lock;
  }

  async #unlock(
    path: string,
    label: string,
    text: string,
    host: HostName,
  ): Promise<ParsedKey | undefined> {
    const secret = `passphrase ${path}`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const prompt = `passphrase of ${label}`;
      const given = await this.#secrets.get(secret, { host, kind: 'passphrase', prompt, attempt });
      if (given === undefined) return undefined;
      const parsed = parsePrivate(text, given);
      if (parsed.ok) return parsed.key;
      this.#secrets.wrong(secret, given);
    }
    return undefined;
  }
}

/** The private part of a key file. */
interface Lock {
  readonly open: boolean;
  readonly unlock: () => Promise<ParsedKey | undefined>;
}

function usable(label: string, publicKey: ParsedKey, lock: Lock): KeyFile {
  const sign: Identity['sign'] = async (data, { hash }) => {
    const key = await lock.unlock();
    if (!key) throw new Error(`the passphrase of ${label} was not given`);
    const signature: Buffer | Error = key.sign(data, hash);
    if (signature instanceof Error) throw signature;
    return signature;
  };
  return { kind: 'usable', identity: { label, publicKey, sign, locked: () => !lock.open } };
}

type Parsed =
  { readonly ok: true; readonly key: ParsedKey } | { readonly ok: false; readonly because: string };

function parsePrivate(text: string, passphrase?: string): Parsed {
  const parsed: unknown = ssh2.utils.parseKey(text, passphrase);
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) return { ok: false, because: key.message };
  if (!isKey(key) || !key.isPrivateKey()) return { ok: false, because: 'not a private key' };
  return { ok: true, key };
}

function isKey(value: unknown): value is ParsedKey {
  return typeof value === 'object' && value !== null && 'isPrivateKey' in value;
}

function parsePublic(data: string | Buffer): ParsedKey | undefined {
  const parsed: unknown = ssh2.utils.parseKey(data);
  return isKey(parsed) ? parsed : undefined;
}

/** `PROTOCOL.key` of OpenSSH: the public key stands in the clear, before the locked part. */
function publicPart(text: string): ParsedKey | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  const MAGIC = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  let at = MAGIC.length;
  const field = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    return at <= bytes.length ? bytes.subarray(start, at) : undefined;
  };
  // The cipher, the key derivation and its options; then how many keys there are: one.
  if (!field() || !field() || !field()) return undefined;
  at += 4;
  const blob = field();
  return blob && parsePublic(blob);
}

async function pubFile(path: string): Promise<ParsedKey | undefined> {
  const text = await readFile(`${path}.pub`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePublic(text);
}

function reasonOf(error: unknown): { readonly reason: string } {
  return { reason: error instanceof Error ? error.message : 'it cannot be read' };
}

/** The keys of an agent; none when it does not answer. */
export function agentIdentities(socket: string): Promise<readonly Identity[]> {
  const agent = new ssh2.OpenSSHAgent(socket);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), 3000);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      const list: readonly unknown[] = error || !Array.isArray(keys) ? [] : keys;
      resolve(list.filter(isKey).map((key) => agentIdentity(agent, key)));
    });
  });
}

function agentIdentity(agent: InstanceType<typeof ssh2.OpenSSHAgent>, key: ParsedKey): Identity {
  return {
    label: AGENT,
    publicKey: key,
    locked: () => false,
    sign: (data, options) =>
      new Promise((resolve, reject) => {
        agent.sign(key, data, options, (error, signature) => {
          if (signature) resolve(signature);
          else reject(error ?? new Error('the agent did not sign'));
        });
      }),
  };
}

type Signer = (one: Identity, data: Buffer, wanted: SigningRequestOptions) => Promise<Buffer>;

/** All identities as one agent, which is how ssh2 takes keys that are asked to sign later. */
export class IdentityAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #identities: readonly Identity[];
  readonly #sign: Signer;

  /** @param sign makes each signature; a person may have to be asked for it */
  constructor(identities: readonly Identity[], sign: Signer) {
    super();
    this.#identities = identities;
    this.#sign = sign;
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(
      null,
      this.#identities.map((identity) => identity.publicKey),
    );
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    const answer = typeof options === 'function' ? options : done;
    const wanted = typeof options === 'function' ? {} : options;
    const blob = key.getPublicSSH();
    const identity = this.#identities.find((one) => one.publicKey.getPublicSSH().equals(blob));
    if (!identity) {
      answer?.(new Error('no such key'));
      return;
    }
    this.#sign(identity, data, wanted).then(
      (signature) => answer?.(null, signature),
      (error: unknown) => answer?.(error instanceof Error ? error : new Error('not signed')),
    );
  }
}
