import type { Cluster } from '../../core/fleet.js';
import type { Reader } from '../../core/host.js';
import type { Surroundings } from '../../core/wizard.js';

/** What the wizard cannot learn from the hosts that it looks at. */
export function surroundings(cluster: Cluster, asked: readonly Reader[]): Surroundings {
  const names = new Set(asked.map(({ name }) => name));
  const left = cluster.hosts.filter(({ name }) => !names.has(name));
  const notAsked = left.map(({ name }) => ({ host: name, because: 'it was left out' }));
  return { neverTouch: cluster.neverTouch, notAsked };
}
