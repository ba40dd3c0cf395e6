import type { HostName } from '../../core/host.js';
import type { JournalLine } from '../../core/journal.js';
import type { Plan } from '../../core/plan.js';

/** How one step of a run stands. */
export type StepState =
  | { readonly kind: 'waiting' }
  /** It was begun; whether it took effect only the host can tell. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly how: 'did' | 'was done already' }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'undoing' }
  | { readonly kind: 'undone'; readonly says: string };

/** A guard of which it is not written what became. */
export interface OpenGuard {
  /** Its name on the host. */
  readonly name: string;
  /** Whether the step was being made under it, or taken back. */
  readonly turn: 'change' | 'undo';
}

/** A run as its journal tells it. */
export interface RunState {
  readonly run: string;
  readonly plan: Plan;
  readonly by: string;
  readonly begunAt: string;
  /** When the last line was written. */
  readonly lastAt: string;
  readonly steps: ReadonlyMap<string, StepState>;
  /** Steps that this run itself set about at any time: what it may have changed. */
  readonly begun: ReadonlySet<string>;
  /** Guards that were armed and of which it is not written what became, by step. */
  readonly guards: ReadonlyMap<string, OpenGuard>;
  readonly locked: ReadonlySet<HostName>;
  /** `back` once a person asked to undo it: then it is only taken back further, never carried on. */
  readonly direction: 'forward' | 'back';
  readonly finished: boolean;
  /** Why it stopped, if it was stopped. */
  readonly stopped?: string;
}

/** Tells a run from its journal; undefined when the journal does not begin with a plan. */
export function runState(lines: readonly JournalLine[]): RunState | undefined {
  const [first] = lines;
  if (first?.kind !== 'begun') return undefined;
  const steps = new Map<string, StepState>(
    first.plan.steps.map(({ id }) => [id, { kind: 'waiting' }]),
  );
  const locked = new Set<HostName>();
  const begun = new Set<string>();
  const guards = new Map<string, OpenGuard>();
  let direction: RunState['direction'] = 'forward';
  let finished = false;
  let stopped: string | undefined;
  for (const line of lines) {
    // Whatever is written after a stop goes on with the run.
    if (line.kind !== 'stopped') stopped = undefined;
    switch (line.kind) {
      case 'begun':
      case 'command':
        break;
      case 'locked':
        locked.add(line.host);
        break;
      case 'starting':
        steps.set(line.step, { kind: 'begun' });
        begun.add(line.step);
        break;
      case 'armed':
        guards.set(line.step, {
          name: line.guard,
          turn: direction === 'forward' ? 'change' : 'undo',
        });
        break;
      case 'put-back':
        guards.delete(line.step);
        break;
      case 'done':
        steps.set(line.step, { kind: 'done', how: line.how });
        guards.delete(line.step);
        break;
      case 'failed':
        steps.set(line.step, { kind: 'failed', because: line.because });
        break;
      case 'undo':
        direction = 'back';
        finished = false;
        break;
      case 'undoing':
        steps.set(line.step, { kind: 'undoing' });
        break;
      case 'undone':
        steps.set(line.step, { kind: 'undone', says: line.says });
        guards.delete(line.step);
        break;
      case 'stopped':
        stopped = line.because;
        break;
      case 'finished':
        finished = true;
        break;
    }
  }
  return {
    run: first.run,
    plan: first.plan,
    by: first.by,
    begunAt: first.at,
    lastAt: lines.at(-1)?.at ?? first.at,
    steps,
    begun,
    guards,
    locked,
    direction,
    finished,
    ...(stopped === undefined ? {} : { stopped }),
  };
}

/** Whether a run may have changed something by a step that it has not taken back. */
export function touched(state: RunState, step: string): boolean {
  const how = state.steps.get(step);
  switch (how?.kind) {
    case 'begun':
    case 'undoing':
      return true;
    case 'failed':
      // A step that was refused before it was begun changed nothing.
      return state.begun.has(step);
    case 'done':
      return how.how === 'did';
    case 'waiting':
    case 'undone':
    case undefined:
      return false;
  }
}
