import type { Json } from '../../../core/json.js';
import type { Step } from '../../../core/plan.js';

/** Steps in their order, each needing the one before it: a repository is brought up host by host. */
export class StepList {
  readonly steps: Step[] = [];

  add(host: string, kind: string, params: Json): void {
    const last = this.steps.at(-1);
    const id = `s${this.steps.length + 1}`;
    this.steps.push({ id, kind, host, params, needs: last ? [last.id] : [] });
  }
}
