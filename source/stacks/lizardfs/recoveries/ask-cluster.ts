import type { HostName, Reader } from '../../../core/host.js';
import { clusterProbe, type ClusterView } from '../probes/cluster.js';
import type { ADMIN_TOOLS } from '../tools/admin.js';

/** A host that reached the master, and what the master told it. */
export interface Asked {
  readonly host: Reader;
  readonly view: ClusterView;
}

/** The first host that reaches the master, or why each of them does not. */
export async function askCluster(
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<Asked | { readonly because: readonly string[] }> {
  const because: string[] = [];
  for (const host of hosts.values()) {
    const answer = await clusterProbe.read(host);
    if (answer.kind === 'value') return { host, view: answer.value };
    const why = answer.kind === 'absent' ? answer.because : answer.failure.what;
    because.push(`${host.name}: ${why}`);
  }
  return { because };
}

/** The administration tools, as steps name them. */
export type AdminTool = (typeof ADMIN_TOOLS)[number];
