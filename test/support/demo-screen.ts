import { consoleChanges } from '../../source/cli/plans/changes.js';
import { nobody } from '../../source/core/ask.js';
import { registryOf } from '../../source/core/registry.js';
import type { Demo } from '../../source/demo/index.js';
import { JournalFolder } from '../../source/engine/run/journal-file.js';
import { GivenSecrets } from '../../source/engine/run/given-secrets.js';
import { createWatch, type Watch } from '../../source/engine/watch/watch.js';
import { stacks } from '../../source/stacks/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { createConnector } from '../../source/transport/index.js';
import { fixturesFolder } from './recordings.js';
import { openScreen, type Screen } from './term.js';

/** The console on a simulated fleet, with all that it can change. */
export interface DemoScreen {
  readonly screen: Screen;
  readonly watch: Watch;
  /** Resolves once this stands on the screen; rejects with the screen after a while. */
  readonly sees: (pattern: RegExp, atMost?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the console on a fleet as `holdfast demo` does; its journals go to a folder. */
export async function openDemoScreen(
  demo: Demo,
  given: { readonly columns?: number; readonly rows?: number; readonly journals: string },
): Promise<DemoScreen> {
  const { cluster, sshConfigFile, identityFile, knownHostsFile, incidents } = demo;
  const way = { sshConfigFile, identityFiles: [identityFile], knownHostsFile };
  const connector = createConnector({ ...way, asker: nobody, recordings: fixturesFolder });
  const watch = createWatch({ cluster, stacks, connector });
  const changes = consoleChanges({
    clusters: [cluster],
    neverTouch: ({ neverTouch }) => Promise.resolve(neverTouch),
    registry: registryOf(stacks, generalSteps),
    connector,
    secrets: new GivenSecrets(),
    asker: nobody,
    folder: new JournalFolder(given.journals),
    leaving: () => 'Leaving ends the simulated fleet, and the run with it.',
  });
  const { columns, rows } = given;
  const screen = await openScreen({
    ...(columns !== undefined && { columns }),
    ...(rows !== undefined && { rows }),
    options: {
      cluster: cluster.name,
      clusters: [cluster.name],
      open: () => {
        watch.start();
        return watch;
      },
      simulated: { says: 'This fleet is simulated.', incidents },
      changes,
    },
  });
  return {
    screen,
    watch,
    sees: (pattern, atMost) => seen({ screen, watch }, pattern, atMost),
    close: async () => {
      changes.close();
      await screen.close();
    },
  };
}

/** Whatever changes on the screen comes from a store: it is looked at again after each change. */
async function seen(
  { screen, watch }: Pick<DemoScreen, 'screen' | 'watch'>,
  pattern: RegExp,
  atMost = 30_000,
): Promise<void> {
  const late = new Date().getTime() + atMost;
  for (;;) {
    await screen.idle();
    if (pattern.test(screen.text())) return;
    const left = late - new Date().getTime();
    if (left <= 0) throw new Error(`${String(pattern)} is not seen:\n${screen.text()}`);
    await changed({ screen, watch }, left);
  }
}

function changed(
  { screen, watch }: Pick<DemoScreen, 'screen' | 'watch'>,
  atMost: number,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve();
    };
    const stops = [screen.desk.ui.subscribe(done), watch.store.subscribe(done)];
    const timer = setTimeout(done, atMost);
  });
}
