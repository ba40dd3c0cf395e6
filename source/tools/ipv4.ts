/** Addresses that lie together: the numbers of the first and the last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** An address with the network that it is in. */
export interface Cidr {
  readonly address: string;
  readonly bits: number;
  /** The address as a number. */
  readonly value: number;
  readonly network: Range;
}

/** An address as a number; undefined: it is none. */
export function numberOf(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** A number as an address. */
export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

/** The network in which an address lies; undefined: it is no address. */
export function rangeOf(address: string, prefix: number): Range | undefined {
  const number = numberOf(address);
  if (number === undefined || !(prefix >= 0 && prefix <= 32)) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether two networks have an address in common. */
export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Reads `192.168.3.6/24`, or an address alone, which is a network by itself; undefined: it is none. */
export function cidrOf(text: string): Cidr | undefined {
  const [, address = '', prefix = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const bits = Number(prefix);
  const [value, network] = [numberOf(address), rangeOf(address, bits)];
  if (value === undefined || network === undefined) return undefined;
  return { address, bits, value, network };
}

/** How its network is written: `192.168.3.0/24`, and one address alone without a prefix. */
export function networkText({ bits, network }: Cidr): string {
  const base = addressOf(network.first);
  return bits === 32 ? base : `${base}/${bits}`;
}
