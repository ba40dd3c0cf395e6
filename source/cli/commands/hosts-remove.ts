import { clusterName, configFile, say, type Context } from '../context.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';

/** `holdfast hosts remove`: forgets a host; nothing is done on the host itself. */
export async function hostsRemove(context: Context, name: string): Promise<ExitCode> {
  const { withoutHost } = await import('../config/schema.js');
  const file = await configFile(context);
  let cluster = '';
  await file.update((config) => {
    cluster = clusterName(config, context.globals.cluster);
    const names = (config.clusters[cluster]?.hosts ?? []).map((host) => host.name);
    if (!names.includes(name)) {
      throw usage(
        `The cluster ${cluster} has no host named ${JSON.stringify(name)}.`,
        ...didYouMean(name, names),
      );
    }
    return withoutHost(config, cluster, name);
  });
  say(context, `Removed ${name} from the cluster ${cluster}. Nothing was done on the host.\n`);
  return EXIT.fine;
}
