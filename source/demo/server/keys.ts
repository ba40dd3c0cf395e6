import ssh2 from 'ssh2';

/** A key pair as OpenSSH writes its halves. */
export interface KeyPair {
  readonly private: string;
  /** `ecdsa-sha2-nistp256 AAAA…` */
  readonly public: string;
}

/**
 * A fresh key pair. Not Ed25519: ssh2 1.17 makes one of those that it cannot read itself once in
 * two hundred times.
 */
export function freshKeys(): KeyPair {
  const { private: secret, public: shown } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  return { private: secret, public: shown.trim() };
}
