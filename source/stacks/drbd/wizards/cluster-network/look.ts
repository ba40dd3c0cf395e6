import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { lookAtNetwork, type Network } from '../../../../steps/network/index.js';

/** What was found on a host, or why nothing was. */
export type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      /** What the host calls itself, without its domain. */
      readonly short: string;
      readonly network: Network;
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** A host that was found whole. */
export type KnownHost = Extract<FoundHost, { readonly ok: true }>;

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
}

/** Looks at all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  return { hosts: await Promise.all(hosts.map(lookAtHost)) };
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const { name } = host;
  const [network, named] = await Promise.all([
    lookAtNetwork(host),
    host.run(reads(['uname', '-n'])),
  ]);
  if ('because' in network) return { ok: false, name, because: network.because };
  const [short = ''] = named.kind === 'exited' ? named.stdout.trim().split('.') : [];
  return { ok: true, name, short: short === '' ? name : short, network };
}
