import type { Millis } from '../../core/host.js';

/** The longest stretch that passes at once; changes that feed on each other stay fine enough. */
const STEP: Millis = 1000;

interface Due {
  readonly at: Millis;
  readonly run: () => void;
}

/**
 * The time of a simulated fleet. It stands still until it is advanced: by a timer when the fleet is
 * lived in, by hand in tests.
 */
export class Clock {
  #now: Millis;
  #due: Due[] = [];
  #passing: ((ms: Millis) => void)[] = [];

  constructor(start: Millis) {
    this.#now = start;
  }

  get now(): Millis {
    return this.#now;
  }

  /** Runs something once that much time has passed. */
  after(ms: Millis, run: () => void): void {
    const at = this.#now + ms;
    const later = this.#due.findIndex((other) => other.at > at);
    if (later < 0) this.#due.push({ at, run });
    else this.#due.splice(later, 0, { at, run });
  }

  /** Called again and again as time passes, with how much of it did. */
  whilePassing(listener: (ms: Millis) => void): void {
    this.#passing.push(listener);
  }

  /** Lets time pass: what is due happens in its order. */
  advance(ms: Millis): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due[0];
      const until = next && next.at <= end ? next.at : end;
      this.#pass(until);
      if (!next || next.at > end) return;
      this.#due.shift();
      next.run();
    }
  }

  /** Resolves once that much time has passed here, or with an abort at once. */
  sleep(ms: Millis, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.after(ms, resolve);
    });
  }

  #pass(until: Millis): void {
    while (this.#now < until) {
      const ms = Math.min(STEP, until - this.#now);
      this.#now += ms;
      for (const listener of this.#passing) listener(ms);
    }
  }
}
