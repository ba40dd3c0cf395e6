import type { Json } from './json.js';
import type { Step } from './plan.js';

/** Steps with their ids; each needs all steps of its host before it. */
export class StepList {
  readonly list: Step[] = [];
  readonly #last = new Map<string, string>();

  add(host: string, kind: string, params: Json, needs?: readonly string[]): void {
    const id = `s${this.list.length + 1}`;
    const last = this.#last.get(host);
    this.list.push({
      id,
      kind,
      host,
      params,
      needs: needs ?? (last === undefined ? [] : [last]),
    });
    this.#last.set(host, id);
  }

  /** The last step of every host. */
  get ends(): readonly string[] {
    return [...this.#last.values()];
  }
}
