import type { Cluster } from '../core/fleet.js';
import { configuredCluster, type Context } from './context.js';
import { EXIT, type ExitCode } from './exit.js';
import { canDraw } from './io.js';
import type { ConsoleStart, WayOptions } from './parts.js';
import { shellFor } from './shell.js';
import { status, wayTo } from './status.js';

/** `holdfast`: the console where there is a terminal for it, else the report. */
export async function openConsole(context: Context): Promise<ExitCode> {
  if (!canDraw(context.io)) return status(context, {});
  const { cluster, clusters } = await configuredCluster(context);
  await showClusters(context, { cluster, clusters, way: wayTo(context, {}) });
  return EXIT.fine;
}

/** Runs the console on some clusters until it is left. */
export async function showClusters(
  context: Context,
  what: {
    readonly cluster: Cluster;
    readonly clusters: readonly Cluster[];
    readonly way: Omit<WayOptions, 'asker'>;
    readonly simulated?: ConsoleStart['simulated'];
  },
): Promise<void> {
  const { io, parts, globals } = context;
  // The console reads its looks from the environment.
  if (globals.ascii === true) io.env.HOLDFAST_ASCII = '1';
  const { questionQueue } = await import('../engine/questions.js');
  const { asker, store } = questionQueue();
  const { create } = await parts.watch();
  const stacks = await parts.stacks();
  const connector = await parts.connector({ ...what.way, asker });
  let shown = what.cluster;
  await parts.console({
    version: parts.version,
    clusters: what.clusters.map(({ name }) => name),
    cluster: what.cluster.name,
    open: (name) => {
      shown = what.clusters.find((cluster) => cluster.name === name) ?? what.cluster;
      const watch = create({ cluster: shown, stacks, connector });
      watch.start();
      return watch;
    },
    questions: store,
    shell: (host) =>
      shellFor(
        shown.hosts.find(({ name }) => name === host),
        what.way.sshConfigFile,
        io.env,
      ),
    ...(what.simulated === undefined ? {} : { simulated: what.simulated }),
  });
}
