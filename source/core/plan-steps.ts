import type { HostName } from './host.js';
import type { Json } from './json.js';
import type { Step } from './plan.js';

/** Steps with their ids; each needs the step of its host before it, if it is not said otherwise. */
export class Steps {
  readonly list: Step[] = [];
  readonly #last = new Map<HostName, string>();

  add(host: HostName, kind: string, params: Json, needs?: readonly string[]): void {
    const id = `s${this.list.length + 1}`;
    const last = this.#last.get(host);
    const before = needs ?? (last === undefined ? [] : [last]);
    this.list.push({ id, kind, host, params, needs: before });
    this.#last.set(host, id);
  }

  /** The last step of every host. */
  get ends(): readonly string[] {
    return [...this.#last.values()];
  }
}
