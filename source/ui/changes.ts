import type { Failure } from '../core/failure.js';
import type { Answers } from '../core/form.js';
import type { HostName } from '../core/host.js';
import type { Plan } from '../core/plan.js';
import type { Case } from '../core/recovery.js';
import type { StepKinds } from '../core/step.js';
import type { Draft, WizardSession } from '../core/wizard.js';
import type { RunLook } from '../engine/run/run-look.js';
import type { RunState } from '../engine/run/run-state.js';
import type { RunEnd, RunEvent } from '../engine/run/runner.js';

/** A wizard or a recovery as it is offered. */
export interface Offered {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** What is usually set up after it. */
  readonly next?: string;
}

/** One trouble of a cluster, and the recovery that looks into it. */
export interface Trouble {
  readonly cluster: string;
  readonly recovery: string;
  readonly subject: string;
}

/** A wizard's look at some hosts of a cluster. */
export interface WizardLook {
  readonly cluster: string;
  readonly wizard: string;
  readonly hosts: readonly HostName[];
}

/** Where a plan comes from; its answers hold no secrets, which stand beside them. */
export interface Making extends Pick<Plan, 'origin' | 'cluster'> {
  readonly secrets?: readonly string[];
}

/** Something that was made, or why it could not be. */
export type Made<T> =
  { readonly ok: true; readonly made: T } | { readonly ok: false; readonly failure: Failure };

/** What is done with a run: it is begun, gone on with, or taken back. */
export type Doing = 'apply' | 'resume' | 'undo';

/** A run to be set about. */
export interface RunRequest {
  readonly run: string;
  readonly plan: Plan;
  readonly doing: Doing;
  /** The words that were typed to accept what the plan's confirmations say. */
  readonly words: readonly string[];
  /** Secrets of the plan that a form asked for, by name; what is missing is asked for. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** How a run ended, and how its steps stand by its journal, where there is one. */
export interface RunResult {
  readonly end: RunEnd;
  readonly state?: RunState;
}

/** How the console changes hosts; a console without it only watches. None of it rejects. */
export interface Changes {
  readonly kinds: StepKinds;
  readonly recoveries: readonly Offered[];
  /** Gathers the evidence of one trouble from all hosts of its cluster; tells how far it is. */
  readonly gather: (
    trouble: Trouble,
    tell: (says: string) => void,
    signal: AbortSignal,
  ) => Promise<Made<Case>>;
  readonly wizards: readonly Offered[];
  /**
   * Looks at hosts for a wizard; tells how far it is. A host that cannot be reached makes it fail:
   * what stands on a disk may be known to that host alone.
   */
  readonly look: (
    look: WizardLook,
    tell: (says: string) => void,
    signal: AbortSignal,
  ) => Promise<Made<WizardSession>>;
  /** Keeps answers in a file for `holdfast plan --answers`; gives the file's name. */
  readonly saveAnswers: (wizard: string, answers: Answers) => Promise<Made<string>>;
  /** Makes a plan of a draft: with a name, and who made it when. One that holds a secret is refused. */
  readonly plan: (draft: Draft, about: Making) => Made<Plan>;
  /** Keeps a plan in a file for `holdfast apply`; gives the file's name. */
  readonly save: (plan: Plan) => Promise<Made<string>>;
  /** What was carried out from this machine, the newest first. */
  readonly pastRuns: () => Promise<readonly RunLook[]>;
  /** A name for a run that is to be begun. */
  readonly newRun: () => string;
  /** Carries a run out. The signal stops it after the step that is under way. */
  readonly carryOut: (
    request: RunRequest,
    tell: (event: RunEvent) => void,
    signal: AbortSignal,
  ) => Promise<RunResult>;
  /** What leaving the console in the middle of a run means, and how it is gone on with. */
  readonly leaving: (run: string) => string;
}
