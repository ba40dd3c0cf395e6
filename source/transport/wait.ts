import { setMaxListeners } from 'node:events';
import type { Millis, Outcome } from '../core/host.js';

/** The longest time that a timer takes; a longer one would fire at once. */
const LONGEST: Millis = 2 ** 31 - 1;

/**
 * Somebody's wait for an outcome: ended by the first of the outcome itself, the deadline and the
 * signal. The deadline is ours and not the host's: see docs/decisions/0002-deadlines.md.
 */
export class Wait {
  readonly outcome: Promise<Outcome>;
  #timer: NodeJS.Timeout | undefined;
  readonly #deadline: Millis;
  readonly #giveUp: (why: 'deadline' | 'stopped') => Outcome | undefined;
  #resolve: ((outcome: Outcome) => void) | undefined;
  #release: () => void = () => undefined;

  /**
   * @param giveUp what is said when the wait ends before its outcome came; undefined: its time has not
   * begun, and is counted when `again` is called
   */
  constructor(
    deadline: Millis,
    signal: AbortSignal | undefined,
    giveUp: (why: 'deadline' | 'stopped') => Outcome | undefined,
  ) {
    this.outcome = new Promise((resolve) => (this.#resolve = resolve));
    this.#deadline = Math.min(Math.max(deadline, 0), LONGEST);
    this.#giveUp = giveUp;
    this.again();
    if (signal) {
      const stop = () => this.#end('stopped');
      // One signal may end a whole round; Node 20 would print a warning at the eleventh listener.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', stop, { once: true });
      this.#release = () => signal.removeEventListener('abort', stop);
    }
  }

  get over(): boolean {
    return this.#resolve === undefined;
  }

  /** Counts the whole time from now. */
  again(): void {
    if (this.over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end('deadline'), this.#deadline);
  }

  #end(why: 'deadline' | 'stopped'): void {
    const outcome = this.#giveUp(why);
    if (outcome) this.settle(outcome);
  }

  settle(outcome: Outcome): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    this.#resolve = undefined;
    clearTimeout(this.#timer);
    this.#release();
    resolve(outcome);
  }
}
