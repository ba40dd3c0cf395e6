/** Lets so many through at a time; the others wait in line. */
export class Gate {
  readonly #most: number;
  #inside = 0;
  readonly #line: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Waits for a place, or for the signal. Gives what leaves the place again; it may be called twice. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#inside < this.#most) {
      this.#inside += 1;
      return this.#leaver();
    }
    return new Promise((resolve) => {
      const enter = () => {
        signal.removeEventListener('abort', stop);
        resolve(this.#leaver());
      };
      const stop = () => {
        this.#line.splice(this.#line.indexOf(enter), 1);
        resolve(() => undefined);
      };
      this.#line.push(enter);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  #leaver(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#line.shift();
      // The place is handed on, so the number inside stays.
      if (next) next();
      else this.#inside -= 1;
    };
  }
}
