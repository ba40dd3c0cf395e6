import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { questionQueue } from '../../source/engine/questions.js';
import type { Asker } from '../../source/core/ask.js';
import type { World } from '../../source/engine/watch/world.js';
import type { Desk } from '../../source/ui/desk.js';
import type { Environment } from '../../source/ui/environment.js';
import type { ConsoleOptions } from '../../source/ui/options.js';
import { runConsole } from '../../source/ui/run-console.js';
import { NOW, aWorld } from './world.js';
import { fakeWatch, type FakeWatch } from './watch.js';

/** What a terminal sends for keys that are not characters. */
const SEQUENCES: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\u001B[Z',
  backspace: '\u007F',
  // A sequence that no key of ours sends follows, so that the Escape is known to stand alone at once.
  escape: '\u001B\u001B[99~',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  home: '\u001B[H',
  end: '\u001B[F',
  'page-up': '\u001B[5~',
  'page-down': '\u001B[6~',
  space: ' ',
  F2: '\u001BOQ',
  F8: '\u001B[19~',
  F1: '\u001BOP',
  F10: '\u001B[21~',
  'ctrl-c': '\u0003',
  'ctrl-d': '\u0004',
  'ctrl-l': '\u000C',
  'ctrl-u': '\u0015',
  'ctrl-a': '\u0001',
  'ctrl-k': '\u000B',
  'ctrl-w': '\u0017',
  delete: '\u001B[3~',
};

/** How many turns of the event loop without a write count as idle. */
const IDLE_TURNS = 4;

class FakeInput extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  setEncoding(): void {
    // The fake sends strings anyway.
  }
  resume(): void {
    // It always flows.
  }
  pause(): void {
    // What is sent while paused would be read by nobody, as in a shell.
  }
}

/** A real terminal emulator of an exact size, which remembers all that was written to it. */
export class FakeOutput extends EventEmitter {
  readonly isTTY = true;
  readonly emulator: InstanceType<typeof xterm.Terminal>;
  written = '';
  writes = 0;
  #pending: Promise<void> = Promise.resolve();

  constructor(columns: number, rows: number) {
    super();
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  get columns(): number {
    return this.emulator.cols;
  }

  get rows(): number {
    return this.emulator.rows;
  }

  write(text: string): boolean {
    this.written += text;
    this.writes += 1;
    this.#pending = new Promise((resolve) => this.emulator.write(text, resolve));
    return true;
  }

  /** Resolves when nothing more is written and all of it has been drawn. */
  async idle(): Promise<void> {
    for (let quiet = 0, seen = this.writes; quiet < IDLE_TURNS; quiet += 1) {
      await setImmediate();
      if (this.writes !== seen) quiet = 0;
      seen = this.writes;
    }
    await this.#pending;
  }
}

/** The console in a terminal, as a person sees it and works with it. */
export interface Screen {
  /** What stands on the screen, without blanks at the ends of lines. */
  readonly text: () => string;
  readonly lines: () => readonly string[];
  /** The selected line: the one that is drawn inverse. */
  readonly selected: () => string;
  /** Presses keys, by their names, one after the other. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Types characters. */
  readonly type: (text: string) => Promise<void>;
  readonly paste: (text: string) => Promise<void>;
  /** The hosts say something new. */
  readonly change: (part: Partial<World>) => Promise<void>;
  /** Time goes by. */
  readonly pass: (millis: number) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly idle: () => Promise<void>;
  readonly output: FakeOutput;
  readonly input: FakeInput;
  readonly desk: Desk;
  readonly asker: Asker;
  /** The watches that were opened, the newest last. */
  readonly watches: readonly FakeWatch[];
  /** Resolves when the console has ended. */
  readonly ended: Promise<unknown>;
  /** Quits if it still runs, and checks nothing. */
  readonly close: () => Promise<void>;
}

/** What a test may set. */
export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly world?: World;
  readonly env?: Environment;
  readonly options?: Partial<ConsoleOptions>;
}

/** Opens the console in a terminal emulator. */
export async function openScreen(given: ScreenOptions = {}): Promise<Screen> {
  const { columns = 80, rows = 24, env = {} } = given;
  const input = new FakeInput();
  const output = new FakeOutput(columns, rows);
  const { asker, store } = questionQueue();
  const watches: FakeWatch[] = [];
  let now = NOW;
  const open = (cluster: string): FakeWatch => {
    const watch = fakeWatch({ ...(given.world ?? aWorld()), cluster }, () => now);
    watches.push(watch);
    return watch;
  };
  let ready: (desk: Desk) => void = () => undefined;
  const set = new Promise<Desk>((resolve) => {
    ready = resolve;
  });
  const ended = runConsole(
    {
      version: '0.0.0',
      clusters: ['main'],
      cluster: 'main',
      open,
      questions: store,
      shell: (host) => ({ refused: `there is no shell on ${host} in a test` }),
      ...given.options,
    },
    {
      stdin: input,
      stdout: output,
      env: { LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
      now: () => now,
      unthrottled: true,
      onReady: (desk) => ready(desk),
    },
  );
  const desk = await Promise.race([
    set,
    ended.then((): never => {
      throw new Error('it ended at once');
    }),
  ]);
  const idle = (): Promise<void> => output.idle();
  await idle();
  const lines = (): readonly string[] =>
    Array.from({ length: output.rows }, (_, row) => lineOf(output, row));
  const send = async (text: string): Promise<void> => {
    input.emit('data', text);
    await idle();
  };
  return {
    text: () => lines().join('\n'),
    lines,
    selected: () => lines().find((_, row) => isInverse(output, row)) ?? '',
    press: async (...keys) => {
      for (const key of keys) await send(SEQUENCES[key] ?? key);
    },
    type: async (text) => {
      for (const character of text) await send(character);
    },
    paste: (text) => send(`\u001B[200~${text}\u001B[201~`),
    change: async (part) => {
      watches.at(-1)?.store.setState(part);
      await idle();
    },
    pass: async (millis) => {
      now += millis;
      desk.tick();
      await idle();
    },
    resize: async (width, height) => {
      output.emulator.resize(width, height);
      output.emit('resize');
      await idle();
    },
    idle,
    output,
    input,
    desk,
    asker,
    watches,
    ended,
    close: async () => {
      desk.quit();
      await ended;
    },
  };
}

function lineOf({ emulator }: FakeOutput, row: number): string {
  const { active } = emulator.buffer;
  return (
    active
      .getLine(active.baseY + row)
      ?.translateToString(true)
      .trimEnd() ?? ''
  );
}

function isInverse({ emulator }: FakeOutput, row: number): boolean {
  const { active } = emulator.buffer;
  const cell = active.getLine(active.baseY + row)?.getCell(1);
  return cell !== undefined && cell.isInverse() !== 0;
}
