import type { HostName } from './host.js';
import type { Json } from './json.js';
import type { Step } from './plan.js';

/** The steps of a plan as they are put together, with their ids. */
export class Steps {
  readonly list: Step[] = [];
  readonly #last = new Map<HostName, string>();

  /**
   * @param order which step each needs, if it is not said otherwise: the one of its host before it,
   *   or the one before it whatever its host, where one host follows the other
   */
  constructor(private readonly order: 'by host' | 'one by one' = 'by host') {}

  add(host: HostName, kind: string, params: Json, needs?: readonly string[]): void {
    const id = `s${this.list.length + 1}`;
    const last = this.order === 'by host' ? this.#last.get(host) : this.list.at(-1)?.id;
    this.list.push({ id, kind, host, params, needs: needs ?? (last === undefined ? [] : [last]) });
    this.#last.set(host, id);
  }

  /** The last step of every host. */
  get ends(): readonly string[] {
    return [...this.#last.values()];
  }
}
