import { listed } from '../../core/text.js';

/** A port to be opened, and for whom. */
export interface Wanted {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** An IPv4 address, or a network as `10.0.0.0/24`; left out: for everybody. */
  readonly source?: string;
}

/** Ports for each of these sources; none: for everybody. */
export function wantedPorts(
  ports: readonly number[],
  sources: readonly string[] = [],
  protocol: Wanted['protocol'] = 'tcp',
): readonly Wanted[] {
  return ports.flatMap((port): readonly Wanted[] =>
    sources.length === 0
      ? [{ port, protocol }]
      : sources.map((source) => ({ port, protocol, source })),
  );
}

/** `9421, 9422 and 9427/udp for 10.0.0.0/24` */
export function wantedWords(wanted: readonly Wanted[]): string {
  const ports = wanted.map(({ port, protocol }) => `${port}${protocol === 'udp' ? '/udp' : ''}`);
  const sources = wanted.flatMap(({ source }) => source ?? []);
  const whom = sources.length === 0 ? '' : ` for ${listed([...new Set(sources)])}`;
  return `${listed([...new Set(ports)], 12)}${whom}`;
}

/** Whether an IPv4 address or a whole network lies in a network such as `10.0.0.1/24`. */
export function inNetwork(inner: string, outer: string): boolean {
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  return a !== undefined && b !== undefined && b.from <= a.from && a.to <= b.to;
}

/**
 * Addresses and networks as a firewall writes them: bits behind the prefix are zero, and what lies in
 * another one is left out. Undefined: one of them is none.
 */
export function plainSources(sources: readonly string[]): readonly string[] | undefined {
  const plain = sources.map((source) => {
    const range = rangeOf(source);
    if (!range) return undefined;
    const bits = 32 - Math.log2(range.to - range.from + 1);
    const base = [24, 16, 8, 0].map((shift) => Math.floor(range.from / 2 ** shift) % 256).join('.');
    return bits === 32 ? base : `${base}/${bits}`;
  });
  const known = [...new Set(plain.filter((one) => one !== undefined))];
  if (plain.includes(undefined)) return undefined;
  return known.filter((one) => !known.some((other) => other !== one && inNetwork(one, other)));
}

function rangeOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const [, address = '', bits = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const parts = address.split('.').map(Number);
  const fits = parts.length === 4 && parts.every((n) => Number.isInteger(n) && n >= 0 && n < 256);
  if (!fits || address.includes('..') || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const from = Math.floor(number / size) * size;
  return { from, to: from + size - 1 };
}
