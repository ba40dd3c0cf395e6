import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemo } from '../../source/demo/index.js';
import type { Watch } from '../../source/engine/watch/watch.js';
import { openDemoScreen, type DemoScreen } from './demo-screen.js';
import { svgOf } from './svg.js';
import { NOW } from './world.js';

/**
 * Makes the pictures of the README from the real screen on the simulated fleet:
 * `npm run pictures`. What is drawn is what the console draws; nothing is painted by hand.
 */
const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
mkdirSync(folder, { recursive: true });

const journals = mkdtempSync(join(tmpdir(), 'holdfast-pictures-'));
process.once('exit', () => rmSync(journals, { recursive: true, force: true }));

await picture('overview.svg', { columns: 100, rows: 28 }, () => Promise.resolve());
await picture('split-brain.svg', { columns: 100, rows: 34 }, async ({ screen }) => {
  await screen.press('3', 'enter');
});
await picture('recovery.svg', { columns: 100, rows: 30 }, async ({ screen, sees }) => {
  await screen.press('r');
  await sees(/WAYS OUT/);
});
await picture('form.svg', { columns: 100, rows: 26 }, async ({ screen, sees }) => {
  await inDisks({ screen, sees });
});
await picture('review.svg', { columns: 100, rows: 30 }, async ({ screen, sees }) => {
  await inDisks({ screen, sees });
  await screen.press('enter', 'enter', 'enter');
  await sees(/› review/);
});
process.exit();

/** As far as two blank disks that are marked. */
async function inDisks({ screen, sees }: Pick<DemoScreen, 'screen' | 'sees'>): Promise<void> {
  await screen.press('w', '/');
  await screen.type('chunk disks');
  await screen.press('enter', 'enter', 'a', 'space', 'down', 'space', 'enter');
  await sees(/Which disks/);
  await screen.press('space', 'down', 'space');
}

async function picture(
  name: string,
  size: { readonly columns: number; readonly rows: number },
  go: (opened: DemoScreen) => Promise<void>,
): Promise<void> {
  const demo = await startDemo({ scenario: 'split-brain' });
  for (const id of ['path-pull', 'chunkserver-stop']) {
    demo.incidents.find((incident) => incident.id === id)?.run();
  }
  const opened = await openDemoScreen(demo, { ...size, journals });
  const { screen, watch } = opened;
  await roundsOf(watch, 12);
  await screen.pass(Date.now() - NOW);
  await go(opened);
  writeFileSync(`${folder}${name}`, svgOf(screen.output.emulator));
  await opened.close();
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
