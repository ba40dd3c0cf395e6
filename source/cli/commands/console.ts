import { join } from 'node:path';
import type { Cluster } from '../../core/fleet.js';
import { JournalFolder } from '../../engine/run/journal-file.js';
import { configuredCluster, note, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { canDraw } from '../io.js';
import type { WayOptions } from '../parts.js';
import type { ChangesDeps } from '../plans/changes.js';
import { loadRegistry } from '../plans/registry.js';
import { runsFolder } from '../plans/state-folder.js';
import { neverTouchNow } from './never-touch.js';
import type { ConsoleOptions } from '../../ui/index.js';
import { shellFor } from '../shell.js';
import { status, wayTo } from './status.js';

/** `holdfast`: the console where there is a terminal for it, else the report. */
export async function openConsole(context: Context): Promise<ExitCode> {
  if (!canDraw(context.io)) return status(context, {});
  const { cluster, clusters } = await configuredCluster(context);
  const neverTouch = ({ name }: Cluster) => neverTouchNow(context, name);
  await showClusters(context, { cluster, clusters, way: wayTo(context, {}), neverTouch });
  return EXIT.fine;
}

/** Runs the console on some clusters until it is left. */
export async function showClusters(
  context: Context,
  what: {
    readonly cluster: Cluster;
    readonly clusters: readonly Cluster[];
    readonly way: Omit<WayOptions, 'asker'>;
    /** What a cluster protects at this moment; left out: what it did at the start. */
    readonly neverTouch?: ChangesDeps['neverTouch'];
    readonly simulated?: ConsoleOptions['simulated'];
    /** Where runs are written down that are gone with a simulated fleet. */
    readonly folder?: string;
  },
): Promise<void> {
  const { io, parts, globals } = context;
  // The console reads its looks from the environment.
  if (globals.ascii === true) io.env.HOLDFAST_ASCII = '1';
  const { questionQueue } = await import('../../engine/questions.js');
  const { GivenSecrets, remembering } = await import('../../engine/run/given-secrets.js');
  const { asker: person, store } = questionQueue();
  const secrets = new GivenSecrets();
  const asker = remembering(person, secrets);
  const { create } = await parts.watch();
  const stacks = await parts.stacks();
  const connector = await parts.connector({ ...what.way, asker });
  const { consoleChanges } = await import('../plans/changes.js');
  const changes = consoleChanges({
    clusters: what.clusters,
    neverTouch: what.neverTouch ?? (({ neverTouch }) => Promise.resolve(neverTouch)),
    registry: await loadRegistry(context),
    connector,
    secrets,
    asker,
    ...journalsFor(context, what.folder),
  });
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
    changes,
    ...(what.simulated === undefined ? {} : { simulated: what.simulated }),
  });
  const left = changes.close();
  if (left !== undefined) note(context, `Run ${left} was left. ${changes.leaving(left)}`);
}

/** Where runs are written down. What was done to a simulated fleet is gone with it. */
function journalsFor(
  { io }: Context,
  simulated: string | undefined,
): Pick<ChangesDeps, 'folder' | 'leaving'> {
  if (simulated !== undefined) {
    return {
      folder: new JournalFolder(join(simulated, 'runs')),
      leaving: () => 'Leaving ends the simulated fleet, and the run with it.',
    };
  }
  return {
    folder: runsFolder(io.env),
    leaving: (run) => `Leaving is safe: \`holdfast resume ${run}\` goes on.`,
  };
}
