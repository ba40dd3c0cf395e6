import type { Reader } from '../../../../core/host.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { askPath, type NetworkPath } from '../../recoveries/network-path.js';
import { lookAtSide, type SideLook } from '../../steps/side.js';
import { look as lookAtNodes, type Found as Nodes } from '../replicated-volume/look.js';

/** All that the wizard looked at. */
export interface Found extends Nodes {
  /** How each resource with one volume stands, by `HOST RESOURCE`. */
  readonly sides: ReadonlyMap<string, SideLook>;
  /** Whether its only peer answers at its address, by the same. */
  readonly paths: ReadonlyMap<string, NetworkPath>;
}

/** Looks at the nodes, and at how their resources stand. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  const nodes = await lookAtNodes(hosts, around);
  const asked = nodes.hosts.flatMap((host) => {
    const reader = hosts.find(({ name }) => name === host.name);
    if (!host.ok || !reader) return [];
    return host.resources.flatMap(({ name: resource, self, others }) => {
      const minors = (self?.volumes ?? []).flatMap(({ minor }) => minor ?? []);
      if (minors.length !== 1) return [];
      const asking = Promise.all([
        lookAtSide(reader, { resource, minors, driver: host.driver }),
        askPath(reader, others[0]?.address ?? null),
      ]);
      return [asking.then(([side, path]) => ({ key: `${host.name} ${resource}`, side, path }))];
    });
  });
  const looked = await Promise.all(asked);
  return {
    ...nodes,
    sides: new Map(looked.map(({ key, side }) => [key, side])),
    paths: new Map(looked.map(({ key, path }) => [key, path])),
  };
}
