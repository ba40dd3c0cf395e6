import type { Cluster } from '../../core/fleet.js';
import { clean } from '../../core/text.js';
import { configuredCluster, type Context } from '../context.js';
import { usage } from '../exit.js';

/** A cluster of this name whose hosts may be changed. Throws a `Stop` (64) otherwise. */
export async function clusterToChange(context: Context, name?: string): Promise<Cluster> {
  const { globals } = context;
  if (name !== undefined && globals.cluster !== undefined && globals.cluster !== name) {
    throw usage(`The plan is for the cluster ${clean(name)}, not for ${globals.cluster}.`);
  }
  const wanted = name ?? globals.cluster;
  const { cluster } = await configuredCluster({
    ...context,
    globals: { ...globals, ...(wanted === undefined ? {} : { cluster: wanted }) },
  });
  if (!cluster.readOnly) return cluster;
  throw usage(
    `The cluster ${cluster.name} is read-only: nothing is changed on its hosts.`,
    globals.readOnly === true
      ? 'It is --read-only that says so.'
      : 'Its configuration says so ("readOnly": true).',
  );
}
