import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A line of a known_hosts file, as `SSH_KNOWN_HOSTS FILE FORMAT` of sshd(8) describes it: plain or
 * hashed names, wildcards, negation, ports, and the markers `@revoked` and `@cert-authority`.
 */
export interface KnownHostLine {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'authority';
  /** The first field: names with commas, or one hashed name. */
  readonly names: string;
  readonly type: string;
  /** Base64. */
  readonly key: string;
}

/** What the files say of a key that a server showed. */
export type KeyVerdict =
  | { readonly kind: 'known'; readonly line: KnownHostLine }
  | {
      readonly kind: 'unknown';
      /** A certificate authority that is trusted for this host: certificates are not read here. */
      readonly authority?: KnownHostLine;
    }
  /** Another key is known for this host. */
  | { readonly kind: 'changed'; readonly line: KnownHostLine }
  | { readonly kind: 'revoked'; readonly line: KnownHostLine };

const MARKERS: Readonly<Record<string, KnownHostLine['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority',
};

/** The lines of one file; what is not a line of the format is passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const fields = raw.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') === true ? MARKERS[fields[0]] : 'none';
    if (marker === undefined) return [];
    const [names = '', type, key] = marker === 'none' ? fields : fields.slice(1);
    if (names.startsWith('#') || type === undefined || key === undefined) return [];
    return [{ file, line: index + 1, marker, names, type, key }];
  });
}

/** A host as known_hosts names it: `name`, or `[name]:port` where the port is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether a line speaks of a host. */
function speaksOf(line: KnownHostLine, name: string): boolean {
  if (line.names.startsWith('|1|')) return hashMatches(line.names, name);
  let matches = false;
  for (const pattern of line.names.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (globMatches(pattern.slice(1), name)) return false;
    } else if (globMatches(pattern, name)) {
      matches = true;
    }
  }
  return matches;
}

function hashMatches(names: string, name: string): boolean {
  const [, , salt = '', hash = ''] = names.split('|');
  const wanted = Buffer.from(hash, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

/** `*` and `?`, without a regular expression: a pattern of many stars would take for ever. */
function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length;) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/**
 * What the lines say of a key that the host of this name showed. Stricter than OpenSSH in one
 * point: a key of a type that is not known, from a host of which other types are known, counts as
 * changed. The known types are offered first, so the host no longer has the key that is known.
 */
export function judgeKey(lines: readonly KnownHostLine[], name: string, blob: Buffer): KeyVerdict {
  const key = blob.toString('base64');
  const ours = lines.filter((line) => speaksOf(line, name));
  const revoked = ours.find((line) => line.marker === 'revoked' && line.key === key);
  if (revoked) return { kind: 'revoked', line: revoked };
  const plain = ours.filter((line) => line.marker === 'none');
  const known = plain.find((line) => line.key === key);
  if (known) return { kind: 'known', line: known };
  const other = plain.find((line) => line.type === keyType(blob)) ?? plain[0];
  if (other) return { kind: 'changed', line: other };
  const authority = ours.find((line) => line.marker === 'authority');
  return { kind: 'unknown', ...(authority && { authority }) };
}

/** The types of key that are known for a host, in the order of the lines. */
export function knownTypes(lines: readonly KnownHostLine[], name: string): readonly string[] {
  const ours = lines.filter((line) => line.marker === 'none' && speaksOf(line, name));
  return [...new Set(ours.map((line) => line.type))];
}

/** The type that a public key's blob begins with: `ssh-ed25519`. */
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return '';
  return blob.toString('latin1', 4, 4 + Math.min(blob.readUInt32BE(0), blob.length - 4));
}

/** `SHA256:…` as ssh-keygen prints it. */
export function keyFingerprint(blob: Buffer): string {
  const digest = createHash('sha256').update(blob).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** A line for a file; with a salt of 20 bytes the name is hashed, as HashKnownHosts wants it. */
export function printKnownHost(name: string, blob: Buffer, salt?: Buffer): string {
  const hashed = salt && createHmac('sha1', salt).update(name).digest('base64');
  const names = hashed === undefined ? name : `|1|${salt?.toString('base64') ?? ''}|${hashed}`;
  return `${names} ${keyType(blob)} ${blob.toString('base64')}\n`;
}
