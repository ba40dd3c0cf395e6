import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** A program in a real terminal multiplexer, driven by keys. */
export class Tmux {
  readonly #server = `holdfast-${process.pid}`;

  /**
   * Starts a command line in a window of a server of its own.
   *
   * @param size columns and rows
   */
  constructor(line: string, size: readonly [number, number], env: NodeJS.ProcessEnv) {
    const [columns, rows] = size.map(String);
    const words = ['new-session', '-d', '-x', columns ?? '', '-y', rows ?? '', line];
    this.#run(['-f', '/dev/null', ...words], { ...process.env, ...env, LANG: 'C.UTF-8' });
  }

  /** Sends keys by tmux's names: `2`, `Enter`, `Down`. */
  keys(...keys: readonly string[]): void {
    this.#run(['send-keys', ...keys]);
  }

  resize(columns: number, rows: number): void {
    this.#run(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  screen(): string {
    return this.#run(['capture-pane', '-p']);
  }

  /** The screen as soon as it shows that; rejects with the last one after a minute. */
  async until(shows: RegExp): Promise<string> {
    const end = performance.now() + 60_000;
    for (;;) {
      const screen = this.screen();
      if (shows.test(screen)) return screen;
      if (performance.now() > end) throw new Error(`never ${shows.source} on\n${screen}`);
      await pause(200);
    }
  }

  end(): void {
    this.#run(['kill-server']);
  }

  #run(words: readonly string[], env = process.env): string {
    return spawnSync('tmux', ['-L', this.#server, ...words], { encoding: 'utf8', env }).stdout;
  }
}
