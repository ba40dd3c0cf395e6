import { clustersOf, parseClusterConf, type ClusterNode } from '../../../../files/ocfs2-cluster.js';
import { addressOf, cidrOf } from '../../../../tools/ipv4.js';
import { shortName } from '../../read/node-facts.js';
import type { NodeHost } from './host.js';

/** The port that o2cb listens on unless told otherwise (o2cb(7)). */
export const PORT = 7777;

/** A network that hosts have an address in. */
export interface Network {
  /** `192.0.2.0/25`. */
  readonly cidr: string;
  /** Each host's address in it. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The networks that all of some hosts are in. */
export function commonNetworks(hosts: readonly NodeHost[]): readonly Network[] {
  const networks = new Map<string, Map<string, string>>();
  for (const { name, firewall } of hosts) {
    for (const text of firewall.addresses) {
      const cidr = cidrOf(text.cidr);
      if (!cidr || cidr.bits === 0 || cidr.address.startsWith('127.')) continue;
      const network = `${addressOf(cidr.network.first)}/${cidr.bits}`;
      const known = networks.get(network) ?? new Map<string, string>();
      networks.set(network, known.set(name, cidr.address));
    }
  }
  return [...networks]
    .map(([cidr, addresses]) => ({ cidr, addresses }))
    .filter(
      ({ addresses }) =>
        addresses.size === hosts.length && new Set(addresses.values()).size === hosts.length,
    );
}

/** The cluster that any of the hosts is configured for, with all nodes that any of their files has. */
export function existingCluster(hosts: readonly NodeHost[]): {
  readonly name?: string;
  readonly nodes: readonly ClusterNode[];
} {
  const clusters = hosts.flatMap(({ confText }) =>
    confText === null ? [] : clustersOf(parseClusterConf(confText)),
  );
  const name = clusters[0]?.name;
  const nodes = new Map<string, ClusterNode>();
  for (const node of clusters.filter((one) => one.name === name).flatMap((one) => one.nodes)) {
    if (!nodes.has(node.name)) nodes.set(node.name, node);
  }
  return { ...(name !== undefined && { name }), nodes: [...nodes.values()] };
}

/** The nodes as they are to be: those of the files, and the chosen hosts with addresses in a network. */
export function wantedNodes(
  hosts: readonly NodeHost[],
  known: readonly ClusterNode[],
  network: Network | undefined,
): readonly ClusterNode[] {
  const nodes = [...known];
  for (const { name, state } of hosts) {
    const short = shortName(state);
    if (nodes.some((node) => node.name === short)) continue;
    const taken = new Set(nodes.map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number += 1;
    nodes.push({ name: short, number, address: network?.addresses.get(name) ?? '', port: PORT });
  }
  return nodes.toSorted((a, b) => a.number - b.number);
}
