import { isIPv6 } from 'node:net';

/** Where a host is, as typed: `user@address:port`. */
export interface Target {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
}

/** A value that was read, or why it cannot be. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/**
 * Reads `[user@]address[:port]`; an IPv6 address with a port stands in brackets. What OpenSSH
 * refuses in a user or a host name (`valid_hostname` and `valid_ruser` of its ssh.c: a leading
 * dash, blanks, control characters, the shell's signs) is refused here too.
 */
export function parseTarget(text: string): Checked<Target> {
  // OpenSSH splits at the last @, so that `user@domain@host` names a user of a domain.
  const split = text.lastIndexOf('@');
  const user = split < 0 ? undefined : text.slice(0, split);
  const place = parsePlace(text.slice(split + 1));
  if (!place.ok) return place;
  if (user === undefined) return place;
  const checked = checkUser(user);
  return checked.ok ? { ok: true, value: { ...place.value, user: checked.value } } : checked;
}

function parsePlace(text: string): Checked<{ address: string; port?: number }> {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  const plain = /^([^:]*)(?::([^:]*))?$/s.exec(text);
  const [, address, port] = bracketed ?? plain ?? [];
  if (address === undefined) {
    if (isIPv6(text)) return { ok: true, value: { address: text } };
    const why = `${show(text)} has too many colons; write an IPv6 address with a port as [address]:port`;
    return { ok: false, why };
  }
  if (bracketed && !isIPv6(address)) {
    return { ok: false, why: `${show(address)} in brackets is no IPv6 address` };
  }
  const checked = checkAddress(address);
  if (!checked.ok || port === undefined) {
    return checked.ok ? { ok: true, value: { address: checked.value } } : checked;
  }
  const number = checkPort(port);
  return number.ok ? { ok: true, value: { address: checked.value, port: number.value } } : number;
}

/** A name or an address of a host, as it is given to OpenSSH and to the resolver. */
export function checkAddress(text: string): Checked<string> {
  return checkWord(text, 'a host name or address', /['"`$\\;&<>|(){}[\]/@]/);
}

/** A user to log in as. */
export function checkUser(text: string): Checked<string> {
  return checkWord(text, 'a user name', /['"`;&<>|(){}:]/);
}

/** The name that a person gives a host or a cluster. */
export function checkName(text: string): Checked<string> {
  return checkWord(text, 'a name', /['"`$\\;&<>|(){}[\]/@]/);
}

/** A TCP port. */
export function checkPort(text: string): Checked<number> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return { ok: true, value: port };
  return { ok: false, why: `${show(text)} is no port; a port is a number from 1 to 65535` };
}

function checkWord(text: string, what: string, refused: RegExp): Checked<string> {
  if (text === '') return { ok: false, why: `${what} is missing` };
  if (text.length > 255) return { ok: false, why: `${what} has at most 255 characters` };
  if (text.startsWith('-')) return { ok: false, why: `${what} cannot begin with a dash` };
  if (/[\s\p{C}]/u.test(text)) {
    return { ok: false, why: `${what} cannot have blanks or control characters: ${show(text)}` };
  }
  const sign = refused.exec(text)?.[0];
  if (sign !== undefined) return { ok: false, why: `${what} cannot have ${sign} in it: ${text}` };
  return { ok: true, value: text };
}

function show(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
