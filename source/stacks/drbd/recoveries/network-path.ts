import { reads, type Reader } from '../../../core/host.js';
import { confOf } from '../names.js';
import type { End } from '../view.js';

/** Whether the peer answers on the network over which DRBD replicates. */
export type NetworkPath =
  | { readonly kind: 'answers'; readonly address: string }
  | { readonly kind: 'silent'; readonly address: string }
  | { readonly kind: 'not known'; readonly because: string };

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/;

/**
 * Asks a host whether the peer's address of the configuration answers. A peer that keeps `ping` out by a
 * firewall looks silent; one that answers is surely not off. ping(8) ends with 1 where nothing came.
 */
export async function lookAtPath({ replica, link }: End, host: Reader): Promise<NetworkPath> {
  const others = confOf(replica.on, replica.resource)?.others ?? [];
  const peer = link.named === null ? others[0] : others.find(({ name }) => name === link.named);
  return askPath(host, peer?.address ?? null);
}

/** The same, of an address as a configuration has it: `192.0.2.1:7788`. */
export async function askPath(host: Reader, configured: string | null): Promise<NetworkPath> {
  const address = (configured ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (!ADDRESS.test(address)) {
    return { kind: 'not known', because: "the peer's address is not known" };
  }
  const outcome = await host.run(reads(['ping', '-c', '2', '-W', '2', '-q', address], 15_000));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  if (outcome.code === 0) return { kind: 'answers', address };
  return outcome.code === 1
    ? { kind: 'silent', address }
    : { kind: 'not known', because: `ping ended with ${outcome.code}` };
}
