import type { Asker, SecretQuestion } from '../core/ask.js';
import type { Millis } from '../core/host.js';

/** How long a question that nobody answered is not asked again. */
const QUIET: Millis = 30_000;

/**
 * Secrets that a person gave, in memory and nowhere else. One question is asked once, however many
 * hosts want its answer at the same time.
 */
export class Secrets {
  readonly #asker: Asker;
  readonly #known = new Map<string, string>();
  readonly #asking = new Map<string, Promise<string | undefined>>();
  readonly #declined = new Map<string, Millis>();

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** Whether it is known without asking. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** The secret of this key, asked for if it is not known; undefined when nobody gives it. */
  get(key: string, question: SecretQuestion): Promise<string | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if ((this.#declined.get(key) ?? 0) > Date.now()) return Promise.resolve(undefined);
    const asking = this.#asking.get(key) ?? this.#ask(key, question);
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(key: string, question: SecretQuestion): Promise<string | undefined> {
    try {
      const answer = await this.#asker.secret(question);
      if (answer === undefined) this.#declined.set(key, Date.now() + QUIET);
      else this.#known.set(key, answer);
      return answer;
    } finally {
      this.#asking.delete(key);
    }
  }

  /** An answer that is used once and not kept: a one-time code. */
  once(question: SecretQuestion): Promise<string | undefined> {
    return this.#asker.secret(question);
  }

  /** Forgets a secret that turned out wrong, unless another has been given since. */
  wrong(key: string, value: string): void {
    if (this.#known.get(key) === value) this.#known.delete(key);
  }
}
