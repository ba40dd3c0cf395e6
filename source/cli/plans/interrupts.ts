import { note, type Context } from '../context.js';
import { EXIT, Stop } from '../exit.js';

/** How Ctrl-C ends a run. */
export interface Stoppable {
  /** Aborted by the first Ctrl-C: no further step is begun. */
  readonly signal: AbortSignal;
  /** Aborted when the process leaves. */
  readonly leaving: AbortSignal;
  /** Waits for the work; the second Ctrl-C leaves it. */
  readonly orLeave: <T>(work: Promise<T>) => Promise<T>;
  readonly release: () => void;
}

/**
 * One press may arrive twice: `when-exit`, which the configuration's library brings, sends a signal
 * that it has heard to the process once more. What follows so closely, in ms, is the same press.
 */
const SAME_PRESS = 400;

/** Ctrl-C once stops after the step that is under way, twice leaves at once. */
export function stoppable(context: Context, run: string): Stoppable {
  const stop = new AbortController();
  const leave = new AbortController();
  let reject: (reason: Stop) => void = () => undefined;
  const left = new Promise<never>((_resolve, refuse) => (reject = refuse));
  // Whoever waits for the work hears of it; without such a one it is no fault.
  left.catch(() => undefined);
  let pressed = 0;
  const interrupt = (): void => {
    if (!stop.signal.aborted) {
      pressed = Date.now();
      stop.abort();
      note(context, '\nStopping after this step. Ctrl-C again leaves at once, which is safe:');
      note(context, `holdfast resume ${run} looks at the hosts before it goes on.`);
      return;
    }
    if (Date.now() - pressed < SAME_PRESS) return;
    leave.abort();
    reject(
      new Stop(EXIT.interrupted, [
        'Left in the middle of a step; it may still run on its host.',
        `  holdfast resume ${run}   looks at the hosts and goes on`,
        `  holdfast undo ${run}     takes back what was done`,
      ]),
    );
  };
  process.on('SIGINT', interrupt);
  return {
    signal: stop.signal,
    leaving: leave.signal,
    orLeave: (work) => Promise.race([work, left]),
    release: () => {
      process.removeListener('SIGINT', interrupt);
      leave.abort();
    },
  };
}
