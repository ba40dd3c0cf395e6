import type { HostName } from './host.js';
import type { Now } from './probe.js';

/**
 * The host of ours that an address or a name belongs to: what a peer list or a chunkserver's
 * `ip:port` must be joined to. Loopback belongs to nobody.
 */
export function hostByAddress(now: Now, address: string): HostName | undefined {
  const wanted = address.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return now.hosts.find(({ name, survey }) => {
    const names = [name, survey?.hostname ?? '', survey?.hostname.split('.')[0] ?? ''];
    return (
      survey?.addresses.includes(wanted) === true ||
      names.some((known) => known.toLowerCase() === wanted)
    );
  })?.name;
}
