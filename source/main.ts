import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Parts } from './cli/parts.js';
import { leave, processIo } from './cli/process-io.js';
import { explain, run } from './cli/run.js';

/** Compiled, this file is build/source/main.js. */
const packageFile = new URL('../../package.json', import.meta.url);
/** Recorded hosts of a configuration are looked for in the recordings that come with the program. */
const recordings = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const version = /"version": "([^"]+)"/.exec(readFileSync(packageFile, 'utf8'))?.[1] ?? 'unknown';

const parts: Parts = {
  version,
  stacks: async () => (await import('./stacks/index.js')).stacks,
  connector: async (options) => {
    const { createConnector } = await import('./transport/index.js');
    return createConnector({ ...options, recordings });
  },
  watch: async () => {
    const { createWatch, pollOnce } = await import('./engine/watch/watch.js');
    return { create: createWatch, pollOnce };
  },
  console: async (start) => (await import('./ui/index.js')).openConsole(start),
  demo: async () => {
    const { scenarios, startDemo } = await import('./demo/index.js');
    return { scenarios, start: (scenario) => startDemo({ scenario }) };
  },
};

const io = processIo();
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    // The console listens as well while it has the terminal: it must give it back first.
    if (process.listenerCount(event) > 1) return;
    void leave(explain(error, io, version));
  });
}
await leave(await run(process.argv.slice(2), io, parts));
