import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { DemoPart, Parts } from '../../source/cli/parts.js';
import type { ConsoleOptions } from '../../source/ui/index.js';
import { run } from '../../source/cli/run.js';
import type { Stack } from '../../source/core/stack.js';
import { createWatch, pollOnce } from '../../source/engine/watch/watch.js';
import { fakeConnector, type FakeHost } from './fleet.js';

/** What a command line printed and ended with. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of the test's own, gone when it ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The program's parts with fake hosts, stacks made by hand, and a console that only notes its start. */
export function fakeParts(options: {
  readonly hosts?: Readonly<Record<string, FakeHost>>;
  readonly stacks?: readonly Stack[];
  readonly started?: (start: ConsoleOptions) => void;
  readonly demo?: DemoPart;
}): Parts {
  return {
    version: '1.2.3',
    stacks: () => Promise.resolve(options.stacks ?? []),
    connector: () => Promise.resolve(fakeConnector(options.hosts ?? {})),
    watch: () => Promise.resolve({ create: createWatch, pollOnce }),
    console: (start) => Promise.resolve(options.started?.(start)),
    demo: () =>
      options.demo ? Promise.resolve(options.demo) : Promise.reject(new Error('no demo here')),
  };
}

/** Runs a command line in this process. */
export async function runCli(
  argv: readonly string[],
  parts: Parts = fakeParts({}),
  terminal: {
    readonly stdin?: Buffer | string;
    readonly tty?: boolean;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const stdin = Readable.from(terminal.stdin === undefined ? [] : [Buffer.from(terminal.stdin)]);
  const code = await run(
    argv,
    {
      out: (text) => (out += text),
      err: (text) => (err += text),
      stdin: Object.assign(stdin, { isTTY: terminal.tty === true }),
      stdoutIsTTY: terminal.tty === true,
      env: terminal.env ?? { LANG: 'C.UTF-8', TERM: 'xterm' },
    },
    parts,
  );
  return { code, out, err };
}
