import type { Millis } from '../core/host.js';

/** Time as the engine sees it; tests step their own. */
export interface Clock {
  readonly now: () => Millis;
  /** Calls back once after so many ms; the result takes that back. */
  readonly after: (ms: Millis, call: () => void) => () => void;
}

/** The machine's own clock. Its timers do not keep the process alive: the console's input does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
