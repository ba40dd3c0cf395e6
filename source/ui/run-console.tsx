import { render } from 'ink';
import { App } from './components/app.js';
import { Desk } from './desk.js';
import type { Environment } from './environment.js';
import { paste, press } from './keys/press.js';
import type { ConsoleOptions } from './options.js';
import type { Size } from './scene.js';
import { InkStream } from './terminal/ink-stream.js';
import { TerminalSession } from './terminal/session.js';
import type { TerminalInput, TerminalOutput } from './terminal/streams.js';
import { themeFrom } from './theme/theme.js';

/** The machine's side of the console; given from outside so that tests can be that machine. */
export interface Surroundings {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly env: Environment;
  readonly now: () => number;
  /** Every change is drawn at once, not thirty times a second: for tests, which wait for idleness. */
  readonly unthrottled?: boolean;
  /** Gets the desk once it is set up. */
  readonly onReady?: (desk: Desk) => void;
}

/** How the console ended: its user quit, or the terminal went away. */
export type Ended = 'quit' | 'gone';

/**
 * Runs the console until its user quits; afterwards the terminal is as it was. Rejects with what
 * nobody caught, once the terminal has been given back.
 */
export async function runConsole(
  options: ConsoleOptions,
  { stdin, stdout, env, now, unthrottled = false, onReady }: Surroundings,
): Promise<Ended> {
  let end: (how: Ended) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const ended = new Promise<Ended>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const session = new TerminalSession(
    { stdin, stdout },
    { key: (name) => press(desk, name), paste: (text) => paste(desk, text) },
    {
      gone: () => end('gone'),
      crashed: (error) => fail(error instanceof Error ? error : new Error(String(error))),
    },
  );
  const { screen } = session;
  const desk = new Desk(
    options,
    themeFrom(env),
    {
      copy: (text) => session.copy(text),
      lend: (argv) => session.lend(argv),
      suspend: () => session.suspend(),
      repaint: () => screen.repaint(),
    },
    sizeOf(stdout),
    now,
    () => end('quit'),
  );
  const ticking = setInterval(() => desk.tick(), 1000);
  // The keyboard keeps the process alive, not the clock.
  ticking.unref();
  session.open();
  const ink = new InkStream(screen, stdout);
  const app = render(<App desk={desk} />, {
    stdout: ink.stream,
    // Nothing of Ink's listens to the keyboard: the session reads it.
    stdin: process.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    debug: unthrottled,
  });
  const onResize = (): void => {
    desk.size.setState(sizeOf(stdout), true);
    ink.resized();
    screen.repaint();
  };
  stdout.on('resize', onResize);
  onReady?.(desk);
  try {
    // Ink ends by itself only when a component threw: that is told to the caller.
    return await Promise.race([ended, app.waitUntilExit().then((): Ended => 'quit')]);
  } finally {
    stdout.off('resize', onResize);
    clearInterval(ticking);
    desk.watch.stop();
    session.close();
    app.unmount();
  }
}

function sizeOf({ columns, rows }: TerminalOutput): Size {
  return { columns: columns || 80, rows: rows || 24 };
}
