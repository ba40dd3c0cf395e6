import type { Evidence } from '../../../core/finding.js';
import type { HostName, Millis } from '../../../core/host.js';

/** What a rule may lean on besides the value that it judges. */
export interface Context {
  /** The moment of judging; undefined for a captured output, whose age is not known. */
  readonly at?: Millis;
  /** The host that an address or `ip:port` belongs to. */
  readonly hostAt: (address: string) => HostName | undefined;
  /** The lines of what the hosts printed that match. */
  readonly quote: (matches: (line: string) => boolean) => readonly Evidence[];
}

/** For a captured output alone: no hosts, no clock, and the output itself is the evidence. */
export const bareContext: Context = { hostAt: () => undefined, quote: () => [] };

/** The hosts of addresses, as far as they are ours, each once. */
export function hostsAt(context: Context, addresses: readonly string[]): readonly HostName[] {
  const hosts = addresses.map((address) => context.hostAt(address));
  return [...new Set(hosts.filter((host) => host !== undefined))];
}
