import type { HostName } from './host.js';

/** A host key that known_hosts does not have. */
export interface HostKeyQuestion {
  readonly host: HostName;
  /** `[address]:port` as known_hosts writes it. */
  readonly target: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/**
 * A secret that only a person knows. It is kept in memory and never written, but for one of a plan,
 * which a run keeps beside its journal until it has ended well (docs/decisions/0010).
 */
export interface SecretQuestion {
  /** Who asks: a host, or the cluster whose plan needs it. */
  readonly host: HostName;
  readonly kind: 'password' | 'passphrase' | 'sudo' | 'keyboard-interactive' | 'plan';
  /** What is asked for, in words: `passphrase of ~/.ssh/id_ed25519`. */
  readonly prompt: string;
  /** How many answers were wrong before this one. */
  readonly attempt: number;
}

/** Whoever can answer while a connection is being made: a dialog, a terminal, or nobody. */
export interface Asker {
  hostKey(question: HostKeyQuestion): Promise<'accept' | 'refuse'>;
  /** Undefined: no answer, give up. */
  secret(question: SecretQuestion): Promise<string | undefined>;
}

/** For runs without a person: unknown keys are refused and nothing is asked. */
export const nobody: Asker = {
  hostKey: () => Promise.resolve('refuse'),
  secret: () => Promise.resolve(undefined),
};
