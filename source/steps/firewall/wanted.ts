import { listed } from '../../core/text.js';
import { cidrOf, networkText } from '../../tools/ipv4.js';

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
  const [a, b] = [cidrOf(inner)?.network, cidrOf(outer)?.network];
  return a !== undefined && b !== undefined && b.first <= a.first && a.last <= b.last;
}

/**
 * Addresses and networks as a firewall writes them: bits behind the prefix are zero, and what lies in
 * another one is left out. Undefined: one of them is none.
 */
export function plainSources(sources: readonly string[]): readonly string[] | undefined {
  const plain = sources.map((source) => {
    const cidr = cidrOf(source);
    return cidr && networkText(cidr);
  });
  const known = [...new Set(plain.filter((one) => one !== undefined))];
  if (plain.includes(undefined)) return undefined;
  return known.filter((one) => !known.some((other) => other !== one && inNetwork(one, other)));
}
