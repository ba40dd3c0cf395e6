import { EventEmitter } from 'node:events';
import type { ScreenWriter } from './screen-writer.js';
import type { TerminalOutput } from './streams.js';

/**
 * What Ink takes for its terminal: this process's stdout in all but what is written, which goes to
 * the screen writer, and in its size. It says that it has no end of rows, because Ink clears screen
 * and scrollback on every frame that is as high as its terminal.
 */
export class InkStream {
  readonly #events = new EventEmitter();
  readonly stream: NodeJS.WriteStream;

  constructor(screen: ScreenWriter, terminal: TerminalOutput) {
    const write = (text: unknown, ...rest: readonly unknown[]): boolean => {
      screen.write(String(text));
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(() => void Reflect.apply(done, undefined, []));
      return true;
    };
    const events = this.#events;
    const ours = new Map<string | symbol, unknown>([
      ['write', write],
      ['isTTY', true],
      ['rows', 100_000],
      ['on', events.on.bind(events)],
      ['off', events.off.bind(events)],
    ]);
    this.stream = new Proxy(process.stdout, {
      get: (stdout, key): unknown => {
        if (key === 'columns') return terminal.columns || 80;
        return ours.has(key) ? ours.get(key) : Reflect.get(stdout, key);
      },
    });
  }

  /** Tells Ink that the terminal has another size now. */
  resized(): void {
    this.#events.emit('resize');
  }
}
