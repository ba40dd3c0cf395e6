import type { TestContext } from 'node:test';
import { nobody } from '../../source/core/ask.js';
import { startDemo, type Demo } from '../../source/demo/index.js';
import { createWatch, pollOnce } from '../../source/engine/watch/watch.js';
import type { World } from '../../source/engine/watch/world.js';
import { stacks } from '../../source/stacks/index.js';
import { createConnector } from '../../source/transport/index.js';
import { fixturesFolder } from './recordings.js';

/** A simulated fleet that is stopped when the test ends. */
export async function demoFor(t: TestContext, scenario: string): Promise<Demo> {
  const demo = await startDemo({ scenario });
  t.after(() => demo.stop());
  return demo;
}

/** One bounded look at a simulated fleet, over SSH, by everything the program has. */
export async function lookAt(demo: Demo, timeout = 15_000): Promise<World> {
  const connector = createConnector({
    sshConfigFile: demo.sshConfigFile,
    identityFiles: [demo.identityFile],
    knownHostsFile: demo.knownHostsFile,
    asker: nobody,
    recordings: fixturesFolder,
  });
  const watch = createWatch({ cluster: demo.cluster, stacks, connector });
  try {
    return await pollOnce(watch, timeout);
  } finally {
    watch.stop();
  }
}

/** The codes of a world's problems: `CODE/subject`, those that another one explains in brackets. */
export function problemsOf({ problems }: World): readonly string[] {
  return problems
    .map(({ key, causedBy }) => (causedBy === undefined ? key : `(${key})`))
    .toSorted();
}

/** What was not read whole: a reading without a value, or one with lines that nobody understood. */
export function gapsIn({ readings }: World): readonly string[] {
  return readings
    .filter((one) => one.kind !== 'fresh' || one.unread.length > 0 || one.partial !== undefined)
    .map(({ probe, host, kind }) => `${probe.id} ${host} ${kind}`);
}
