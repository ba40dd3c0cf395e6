import { spawn } from 'node:child_process';
import { onExit } from 'signal-exit';
import { clipboardSequence } from './clipboard.js';
import { holdWarnings } from './hold-warnings.js';
import { KeyInput, type KeyListener } from './key-input.js';
import { ScreenWriter } from './screen-writer.js';
import type { TerminalInput, TerminalOutput } from './streams.js';

/** How a program that had the terminal for a while ended. */
export type ShellEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'failed'; readonly because: string };

/** Who hears that the session cannot go on. */
export interface EndListener {
  /** The terminal is gone (its window was closed, the link broke). */
  readonly gone: () => void;
  /** Something was thrown that nobody caught; the terminal has been given back. */
  readonly crashed: (error: unknown) => void;
}

/**
 * The terminal while the console has it: screen and keyboard together. However the process ends, the
 * terminal is given back as it was.
 */
export class TerminalSession {
  readonly screen: ScreenWriter;
  readonly #keys: KeyInput;
  readonly #stdout: TerminalOutput;
  #forgetExit: (() => void) | undefined;
  #tellWarnings: (() => void) | undefined;

  constructor(
    streams: { readonly stdin: TerminalInput; readonly stdout: TerminalOutput },
    listener: KeyListener,
    readonly onEnd: EndListener,
  ) {
    this.#stdout = streams.stdout;
    this.screen = new ScreenWriter(streams.stdout);
    this.#keys = new KeyInput(streams.stdin, streams.stdout, listener);
  }

  open(): void {
    this.#stdout.on('error', this.#gone);
    this.#tellWarnings = holdWarnings();
    // Signals and process.exit: after everybody else, so that nothing is drawn afterwards.
    this.#forgetExit = onExit(() => this.#giveBack(), { alwaysLast: true });
    process.on('uncaughtException', this.#crashed);
    process.on('unhandledRejection', this.#crashed);
    this.#take();
  }

  close(): void {
    this.#giveBack();
    this.#forgetExit?.();
    this.#tellWarnings?.();
    this.#tellWarnings = undefined;
    process.off('uncaughtException', this.#crashed);
    process.off('unhandledRejection', this.#crashed);
    this.#stdout.off('error', this.#gone);
  }

  /** Puts a text into the terminal's clipboard; false if it is too long. */
  copy(text: string): boolean {
    const sequence = clipboardSequence(text);
    if (sequence !== undefined) this.#stdout.write(sequence);
    return sequence !== undefined;
  }

  /** Stops the process as Ctrl-Z does anywhere; it goes on here after `fg`. */
  suspend(): void {
    this.#giveBack();
    // Without anything to wait for, the process would end instead of waking up again.
    const alive = setInterval(() => undefined, 60_000);
    process.once('SIGCONT', () => {
      clearInterval(alive);
      this.#take();
    });
    // The whole group: under npm or a wrapper the shell waits for that, not for us.
    process.kill(0, 'SIGTSTP');
  }

  /** Lends the terminal to a program until it ends. */
  async lend(argv: readonly string[]): Promise<ShellEnd> {
    const [program, ...args] = argv;
    if (program === undefined) return { kind: 'failed', because: 'there is nothing to run' };
    this.#giveBack();
    // Ctrl-C belongs to that program now, and must not end the console behind it.
    const notOurs = (): void => undefined;
    process.on('SIGINT', notOurs);
    process.on('SIGQUIT', notOurs);
    try {
      return await new Promise<ShellEnd>((resolve) => {
        const child = spawn(program, args, { stdio: 'inherit' });
        child.once('error', (error) => resolve({ kind: 'failed', because: error.message }));
        child.once('close', (code) => resolve({ kind: 'ended', code: code ?? -1 }));
      });
    } finally {
      process.off('SIGINT', notOurs);
      process.off('SIGQUIT', notOurs);
      this.#take();
    }
  }

  #take(): void {
    this.screen.enter();
    this.#keys.open();
  }

  #giveBack(): void {
    this.#keys.close();
    this.screen.leave();
  }

  readonly #crashed = (error: unknown): void => {
    this.close();
    this.onEnd.crashed(error);
  };

  readonly #gone = (): void => {
    this.onEnd.gone();
  };
}
