import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nobody } from '../../source/core/ask.js';
import { startDemo } from '../../source/demo/index.js';
import { createWatch, type Watch } from '../../source/engine/watch.js';
import { stacks } from '../../source/stacks/index.js';
import { createConnector } from '../../source/transport/index.js';
import { fixturesFolder } from './recordings.js';
import { svgOf } from './svg.js';
import { openScreen, type Screen } from './term.js';
import { NOW } from './world.js';

/**
 * Makes the pictures of the README from the real screen on the simulated fleet:
 * `npm run pictures`. What is drawn is what the console draws; nothing is painted by hand.
 */
const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
mkdirSync(folder, { recursive: true });

await picture('overview.svg', { columns: 100, rows: 28 }, () => Promise.resolve());
await picture('split-brain.svg', { columns: 100, rows: 34 }, async (screen) => {
  await screen.press('3', 'enter');
});
process.exit();

async function picture(
  name: string,
  size: { readonly columns: number; readonly rows: number },
  go: (screen: Screen) => Promise<void>,
): Promise<void> {
  const demo = await startDemo({ scenario: 'split-brain' });
  for (const id of ['path-pull', 'chunkserver-stop']) {
    demo.incidents.find((incident) => incident.id === id)?.run();
  }
  const { cluster, sshConfigFile, identityFile, knownHostsFile, incidents } = demo;
  const way = { sshConfigFile, identityFiles: [identityFile], knownHostsFile };
  const connector = createConnector({ ...way, asker: nobody, recordings: fixturesFolder });
  const watch = createWatch({ cluster, stacks, connector });
  const screen = await openScreen({
    ...size,
    options: {
      open: () => {
        watch.start();
        return watch;
      },
      simulated: { says: 'This fleet is simulated.', incidents },
    },
  });
  await roundsOf(watch, 12);
  await screen.pass(Date.now() - NOW);
  await go(screen);
  writeFileSync(`${folder}${name}`, svgOf(screen.output.emulator));
  await screen.close();
  await demo.stop();
}

/** Waits until everything was read, and then for some changes more, so that rates are known. */
function roundsOf(watch: Watch, rounds: number): Promise<void> {
  return new Promise((resolve) => {
    let left = rounds;
    const unsubscribe = watch.store.subscribe(({ complete }) => {
      if (complete) left -= 1;
      if (left > 0) return;
      unsubscribe();
      resolve();
    });
  });
}
