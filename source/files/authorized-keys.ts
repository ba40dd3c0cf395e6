import { joinLines, splitLines } from './lines.js';

/** The types of keys that OpenSSH has had (sshd(8), ssh-keygen(1)); DSA is not taken any more. */
const TYPES =
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/** A public key as one line of `~/.ssh/authorized_keys` or of a `.pub` file. */
export interface PublicKey {
  readonly type: string;
  /** The key itself, in base64. */
  readonly blob: string;
  readonly comment: string;
}

/** A public key, or what is wrong with the text. The text is never repeated: it may be a secret. */
export function readPublicKey(text: string): PublicKey | { readonly because: string } {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(text)) {
    return { because: 'this is a private key: give the public one, the file that ends with .pub' };
  }
  const line = text.trim();
  if (/[\r\n]/.test(line)) return { because: 'it must be one line' };
  const [type = '', blob = '', ...comment] = line.split(/[ \t]+/);
  if (!TYPES.test(type)) {
    return { because: 'it must begin with a type of key, such as ssh-ed25519' };
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(blob) || typeWithin(blob) !== type) {
    return { because: 'the key behind its type is not whole' };
  }
  if (/\p{Cc}/u.test(line)) return { because: 'it holds control characters' };
  return { type, blob, comment: comment.join(' ') };
}

/** The type that a key names within itself (RFC 4253, 6.6); a cut one has fewer bytes than it says. */
function typeWithin(blob: string): string | undefined {
  const bytes = Buffer.from(blob, 'base64');
  let type: string | undefined;
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    type ??= bytes.subarray(at + 4, end).toString('latin1');
    at = end;
  }
  return type !== undefined && bytes.length > 4 + type.length ? type : undefined;
}

/** Whether a file has a key already, with whatever options and comment (sshd(8)). */
export function hasKey(text: string, { type, blob }: PublicKey): boolean {
  return splitLines(text).lines.some((line) => {
    const words = line.trim().split(/[ \t]+/);
    return (
      !line.trim().startsWith('#') &&
      words.some((word, at) => word === type && words[at + 1] === blob)
    );
  });
}

/** The file with a key at its end; every other byte is kept. */
export function addKey(text: string, { type, blob, comment }: PublicKey): string {
  const { lines } = splitLines(text);
  const line = [type, blob, comment].filter((word) => word !== '').join(' ');
  return joinLines({ lines: [...lines, line], endsWithNewline: true });
}
