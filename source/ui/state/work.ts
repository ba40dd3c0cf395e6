import type { Failure } from '../../core/failure.js';
import type { Fault } from '../../core/form.js';
import type { Millis } from '../../core/host.js';
import type { Plan } from '../../core/plan.js';
import type { Case } from '../../core/recovery.js';
import type { Progress } from '../../core/step.js';
import type { StepState } from '../../engine/run/run-state.js';
import type { RunLook } from '../../engine/run/run-look.js';
import type { RunEvent } from '../../engine/run/runner.js';

import type { Doing, Made, Offered, RunResult } from '../changes.js';
import type { WizardWork } from './wizard-work.js';

/** One trouble being looked into, or looked into. */
export interface CaseWork {
  /** Tells it from one that was left before. */
  readonly id: number;
  readonly recovery: Offered;
  readonly subject: string;
  readonly since: Millis;
  /** How far the look is. */
  readonly says: string;
  readonly found?: Made<Case>;
  readonly keepCopy: boolean;
  /** Why no plan is made of the way that was chosen last. */
  readonly refused?: { readonly way: string; readonly faults: readonly Fault[] };
}

/** A plan being reviewed. */
export interface ReviewWork {
  readonly plan: Plan;
  /** The plan's secrets that were given already, by name: they go to the run and nowhere else. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly foldedHosts: readonly string[];
  readonly openSteps: readonly string[];
}

/** A step of a run, as the run told it. */
export interface StepMark {
  readonly state: StepState;
  readonly since: Millis;
  /** How long it took, once it ended. */
  readonly took?: Millis;
  /** It is told by a journal: how long it took is not known. */
  readonly past?: boolean;
  readonly progress?: Progress;
  readonly command?: string;
}

/** A run being carried out, or one that ended. */
export interface RunWork {
  readonly run: string;
  readonly plan: Plan;
  readonly words: readonly string[];
  readonly doing: Doing;
  readonly since: Millis;
  readonly steps: Readonly<Record<string, StepMark>>;
  /** It was asked to stop after the step that is under way. */
  readonly stopping: boolean;
  readonly result?: RunResult;
  /** When it ended. */
  readonly endedAt?: Millis;
  /** Another process of this machine carries it out: it is only looked at. */
  readonly elsewhere?: boolean;
}

/** What the user is about to change, and what is being changed. */
export interface Work {
  readonly trouble?: CaseWork | undefined;
  readonly review?: ReviewWork | undefined;
  readonly run?: RunWork | undefined;
  readonly wizard?: WizardWork | undefined;
  /** What was carried out from this machine, as it was looked up last. */
  readonly runs?: readonly RunLook[] | undefined;
}

/** More steps than these begin folded, all hosts but the first. */
const MANY_STEPS = 20;

/** A plan as its review begins: hosts unfolded where that can be overlooked, steps folded. */
export function reviewOf(plan: Plan, secrets: ReviewWork['secrets'] = {}): ReviewWork {
  const hosts = [...new Set(plan.steps.map(({ host }) => host))];
  const foldedHosts = plan.steps.length > MANY_STEPS ? hosts.slice(1) : [];
  return { plan, secrets, foldedHosts, openSteps: [] };
}

/** Folds what is unfolded, and the other way round. */
export function toggle(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

/** Opens these steps, or folds them where all of them are open. */
export function toggleAll(review: ReviewWork, steps: readonly string[]): ReviewWork {
  const others = review.openSteps.filter((step) => !steps.includes(step));
  const allOpen = steps.every((step) => review.openSteps.includes(step));
  // What is to be seen must not stay hidden beneath a folded host.
  return allOpen
    ? { ...review, openSteps: others }
    : { ...review, openSteps: [...others, ...steps], foldedHosts: [] };
}

/** Whether a run is still being carried out. */
export function isUnderWay(run: RunWork | undefined): boolean {
  return run !== undefined && run.result === undefined;
}

/** A run after what it told. */
export function toldRun(run: RunWork, event: RunEvent, now: Millis): RunWork {
  const before = run.steps[event.step];
  return { ...run, steps: { ...run.steps, [event.step]: markAfter(before, event, now) } };
}

function markAfter(before: StepMark | undefined, event: RunEvent, now: Millis): StepMark {
  switch (event.kind) {
    case 'step': {
      const begins = event.state.kind === 'begun' || event.state.kind === 'undoing';
      return begins || !before
        ? { state: event.state, since: now }
        : { state: event.state, since: before.since, took: now - before.since };
    }
    case 'progress':
      return { ...(before ?? begun(now)), progress: event.progress };
    case 'command':
      return { ...(before ?? begun(now)), command: event.line };
  }
}

function begun(now: Millis): StepMark {
  return { state: { kind: 'begun' }, since: now };
}

/** How many steps are done, of all; or taken back, of those that the run did something in. */
export function doneCount({ steps, doing, plan }: RunWork): {
  readonly done: number;
  readonly all: number;
} {
  const states = Object.values(steps).map(({ state }) => state);
  const undone = states.filter(({ kind }) => kind === 'undone').length;
  if (doing !== 'undo') {
    return { done: states.filter(({ kind }) => kind === 'done').length, all: plan.steps.length };
  }
  const left = states.filter((state) => isOfRun(state)).length;
  return { done: undone, all: undone + left };
}

/** Whether a run did something in a step that is not taken back yet. */
function isOfRun(state: StepState): boolean {
  return state.kind === 'done' ? state.how === 'did' : OPEN.has(state.kind);
}

const OPEN: ReadonlySet<StepState['kind']> = new Set(['begun', 'failed', 'undoing']);

/** The step that is under way. */
export function currentStep({ steps, plan }: RunWork): string | undefined {
  return plan.steps.find(({ id }) => {
    const kind = steps[id]?.state.kind;
    return kind === 'begun' || kind === 'undoing';
  })?.id;
}

/** The failure that a run ended with. */
export function failureOf({ result }: RunWork): Failure | undefined {
  return result?.end.kind === 'failed' ? result.end.failure : undefined;
}
