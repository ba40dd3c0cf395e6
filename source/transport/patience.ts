import type { Millis } from '../core/host.js';

/**
 * How long a silence of the other side is borne while a connection is made. It is held while a
 * person is asked: they may take their time, and the host is not to blame for it.
 */
export class Patience {
  readonly #ranOut: (during: string, patience: Millis) => void;
  readonly #onAsking: () => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** @param onAsking told when a person is about to be asked */
  constructor(ranOut: (during: string, patience: Millis) => void, onAsking: () => void) {
    this.#ranOut = ranOut;
    this.#onAsking = onAsking;
  }

  /** The next word must come in so many ms. */
  expect(patience: Millis, during: string): void {
    clearTimeout(this.#timer);
    if (!this.#over) this.#timer = setTimeout(() => this.#ranOut(during, patience), patience);
  }

  /** Nothing is expected of the other side for a while: the work is on this one. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /** A person is asked now. */
  asking(): void {
    this.hold();
    this.#onAsking();
  }

  /** Nothing is expected any more. */
  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
